/**
 * Names of the lanes: buttons that select a thread, beside the rows or above them.
 *
 * @module
 */

import type { Pointer } from "../../report_data.ts";
import { Icon } from "../ui/icon.tsx";
import type { TimelineController } from "./controller.ts";

/** What the names are made of. */
export interface LaneNamesProps {
  readonly controller: TimelineController | null;
  readonly selection: Pointer | null;
  readonly onSelect: (pointer: Pointer) => void;
}

/** The names, each at the height of its lane. */
export function LaneNames({ controller, selection, onSelect }: LaneNamesProps) {
  if (controller === null) return <div class="tl-names" />;
  const { geometry, packed } = controller.state;
  return (
    <div class="tl-names">
      <div class="tl-corner" aria-hidden="true">Threads</div>
      {geometry.lanes.map(({ lane, top, bottom }) => {
        const named = packed.scene.lanes[lane];
        if (named === undefined) return null;
        const { pointer, label, note, depth, status } = named;
        const told = [status === "completed" ? "" : status, note]
          .filter((each) => each !== "");
        const chosen = selection?.[0] === "thread" &&
          selection[1] === pointer[1];
        return (
          <button
            key={lane}
            type="button"
            class="tl-name"
            aria-pressed={chosen}
            title={note === "" ? label : `${label}\n${note}`}
            style={{
              top: `${top}px`,
              height: `${bottom - top}px`,
              paddingLeft: `${10 + Math.min(depth, 6) * 14}px`,
            }}
            onClick={() => onSelect(pointer)}
          >
            <span class="tl-name-line">
              <Icon name={status === "failed" ? "bad" : "thread"} />
              <bdi>{label}</bdi>
            </span>
            <bdi class="tl-note">{told.join(" · ")}</bdi>
          </button>
        );
      })}
    </div>
  );
}

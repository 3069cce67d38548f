/**
 * The timeline view: lanes of threads over time, arrows between them, and the controls.
 *
 * @module
 */

import type { ViewProps } from "../../view.ts";
import { onKey } from "./keyboard.ts";
import { SumsPanel } from "./sums_panel.tsx";
import { Tip } from "./tip.tsx";
import { Toolbar } from "./toolbar.tsx";
import { type Timeline, useTimeline } from "./use_timeline.ts";
import type { Pointer } from "../../../report_data.ts";
import { Icon } from "../../ui/icon.tsx";
import type { TimelineController } from "./timeline_controller.ts";

const HOW_TO =
  "Spans of the session. Arrow keys move, Enter opens, plus and minus zoom.";

/** Lanes of threads over time. */
export function TimelineView(props: ViewProps) {
  const timeline = useTimeline(props);
  const { collected, controller, elements, tip, spoken, again } = timeline;
  const { scene } = collected;
  const empty = scene.spans.length === 0;
  return (
    <section class="timeline" aria-label="Timeline">
      <Toolbar controller={controller} onChange={again} />
      {empty
        ? (
          <p class="tl-empty">
            No turn, LLM request or tool call was recorded.
          </p>
        )
        : null}
      <div
        class={empty ? "tl-map tl-none" : "tl-map"}
        ref={elements.minimap}
        aria-hidden="true"
      >
        <canvas ref={elements.minimapCanvas} />
        <div class="tl-brush" ref={elements.brush} />
      </div>
      <Lanes {...props} timeline={timeline} />
      <SumsPanel
        model={props.model}
        onSelect={props.onSelect}
        controller={controller}
      />
      <p class="tl-spoken" aria-live="polite">{spoken}</p>
      {tip === null
        ? null
        : <Tip model={props.model} scene={scene} position={tip} />}
    </section>
  );
}

/** Names and spans, scrolled together. */
function Lanes(
  { timeline, selection, onSelect }: ViewProps & {
    readonly timeline: Timeline;
  },
) {
  const { controller, elements, choose } = timeline;
  return (
    <div class="tl-scroll" ref={elements.scroll}>
      <div class="tl-body" ref={elements.body}>
        <LaneNames
          controller={controller}
          selection={selection}
          onSelect={onSelect}
        />
        <div
          class="tl-stage"
          ref={elements.stage}
          tabIndex={0}
          role="application"
          aria-label={HOW_TO}
          onKeyDown={(event) => controller && onKey(event, controller, choose)}
        >
          <canvas ref={elements.canvas} class="tl-canvas" />
        </div>
      </div>
    </div>
  );
}

/** Properties of the names. */
export interface LaneNamesProps {
  readonly controller: TimelineController | null;
  readonly selection: Pointer | null;
  readonly onSelect: (pointer: Pointer) => void;
}

/** The names, each at the height of its lane. */
function LaneNames({ controller, selection, onSelect }: LaneNamesProps) {
  if (controller === null) return <div class="tl-names" />;
  const { geometry, packed } = controller.state;
  return (
    <div class="tl-names">
      <div class="tl-corner" aria-hidden="true">Threads</div>
      {geometry.lanes.map(({ lane, top, bottom, isFolded }) => {
        const named = packed.scene.lanes[lane];
        if (named === undefined) return null;
        const { pointer, label, note, depth, outcome } = named;
        const notes = [
          outcome === "ok" ? "" : outcome ?? "outcome unknown",
          note,
        ]
          .filter((each) => each !== "");
        const chosen = selection?.[0] === "thread" &&
          selection[1] === pointer[1];
        return (
          <div
            key={lane}
            class={isFolded ? "tl-lane tl-folded" : "tl-lane"}
            style={{
              top: `${top}px`,
              height: `${bottom - top}px`,
              paddingLeft: `${4 + Math.min(depth, 6) * 12}px`,
            }}
          >
            <button
              type="button"
              class="tl-fold"
              aria-expanded={!isFolded}
              aria-label={`Lane of ${label}`}
              onClick={() => controller.toggle(lane)}
            >
              <Icon name="open" />
            </button>
            <button
              type="button"
              class="tl-name"
              aria-pressed={chosen}
              title={note === "" ? label : `${label}\n${note}`}
              onClick={() => onSelect(pointer)}
            >
              <span class="tl-name-line">
                {outcome === "failed" ? <Icon name="bad" /> : null}
                <bdi>{label}</bdi>
              </span>
              {isFolded ? null : <bdi class="tl-note">{notes.join(" · ")}</bdi>}
            </button>
          </div>
        );
      })}
    </div>
  );
}

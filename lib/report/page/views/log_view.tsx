/**
 * The log: every event, in the order of recording.
 *
 * @module
 */

import { useCallback, useMemo } from "preact/hooks";
import type { EventRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { isFailed } from "../model/names.ts";
import { countOf, offsetOf } from "../ui/figures.ts";
import { ObjectLink } from "../ui/object_link.tsx";
import { Text } from "../ui/text.tsx";
import { VirtualList } from "../ui/virtual_list.tsx";
import type { Filters, ViewProps } from "../view.ts";

export function LogView(props: ViewProps) {
  const { model, filters, onSelect } = props;
  const events = useMemo(
    () => model.rows.events.filter((event) => passes(model, event, filters)),
    [model, filters],
  );
  const keyOf = useCallback((i: number) => events[i]?.line ?? i, [events]);
  if (model.rows.events.length === 0) {
    return (
      <p class="empty">
        {model.isSessionLog
          ? "No events: only a bundle has those of a recorder."
          : "No log: this page was made from a state.json, not from a bundle."}
      </p>
    );
  }
  if (events.length === 0) {
    return <p class="empty">No event passes the filters.</p>;
  }
  return (
    <section class="log" aria-label="Log">
      <VirtualList
        label="Events"
        count={events.length}
        estimate={() => 30}
        keyOf={keyOf}
        onOpen={(i) => {
          const event = events[i];
          const pointer = event === undefined ? undefined : firstOf(event);
          if (pointer !== undefined) onSelect(pointer);
        }}
        render={(i) => <LogLine {...props} event={events[i]} />}
      />
    </section>
  );
}

function LogLine(
  { model, event, onSelect }: ViewProps & { event: EventRow | undefined },
) {
  if (event === undefined) return null;
  const about: readonly Pointer[] = [
    ...event.about,
    ...event.payload_ids.map((id): Pointer => ["payload", id]),
  ];
  return (
    <div class="log-line">
      <span class="num" title="sequence number">{countOf(event.seq)}</span>
      <span class="num faint wide-only">line {countOf(event.line)}</span>
      <span class="num faint">
        {offsetOf(model.sinceStart(event.at, event.seq))}
      </span>
      <span class="log-type">
        <Text value={event.type} />
      </span>
      <span class="links">
        {about.map((pointer, i) => (
          <ObjectLink
            key={i}
            model={model}
            pointer={pointer}
            onSelect={onSelect}
            short
          />
        ))}
      </span>
      {event.error === null ? null : (
        <span class="error-text">
          <Text value={event.error} />
        </span>
      )}
    </div>
  );
}

function firstOf({ about, payload_ids: ids }: EventRow): Pointer | undefined {
  const [payload] = ids;
  return about[0] ?? (payload === undefined ? undefined : ["payload", payload]);
}

function passes(
  model: Model,
  event: EventRow,
  { failed, tool, thread }: Filters,
): boolean {
  if (thread !== null && event.thread_id !== thread) return false;
  if (
    failed && event.error === null &&
    !event.about.some((p) => isFailed(model, p))
  ) {
    return false;
  }
  return tool === null ||
    event.about.some(([kind, id]) =>
      kind === "tool_call" && model.tool(id)?.kind === tool
    );
}

/**
 * The evidence of an object: the events about it, and the payloads behind it.
 *
 * @module
 */

import { captureText } from "../../../text/capture_text.ts";
import type { EventRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import { bytesOf, countOf, offsetOf } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";
import { ObjectLink } from "../ui/object_link.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { Text } from "../ui/text.tsx";
import type { Found } from "../model/objects.ts";

/** Properties of the evidence. */
export interface EvidenceProps {
  readonly model: Model;
  readonly pointer: Pointer;
  readonly onSelect: (pointer: Pointer) => void;
}

const COLUMNS: readonly Column[] = [
  { name: "seq", isNumber: true },
  { name: "line", isNumber: true },
  { name: "time", isNumber: true },
  { name: "event" },
];
/** Events that are shown before the reader expands them. */
const SEEN = 40;

/** Events and payloads of an object. */
export function Evidence({ model, pointer, onSelect }: EvidenceProps) {
  const events = model.eventsAbout(pointer);
  const payloads = payloadsOf(model, pointer);
  return (
    <section>
      <h3>Evidence</h3>
      {model.rows.events.length === 0
        ? (
          <p class="faint">
            {model.isSessionLog
              ? "No events: only a bundle has those of a recorder."
              : "No log: this page was made from a state.json alone."}
          </p>
        )
        : events.length === 0
        ? <p class="faint">No event refers to this object.</p>
        : <EventTable model={model} events={events} />}
      {payloads.map((id) => {
        const row = model.payload(id);
        return (
          <div class="payload-line" key={id}>
            <ObjectLink
              model={model}
              pointer={["payload", id]}
              onSelect={onSelect}
            />
            <span class="faint">
              {row === undefined
                ? ""
                : row.capture?.status === "omitted"
                ? captureText(row.capture)
                : `${bytesOf(row.bytes)}, ${
                  row.block === null ? "not in this page" : "in this page"
                }${
                  row.capture === null ? "" : `, ${captureText(row.capture)}`
                }`}
            </span>
          </div>
        );
      })}
    </section>
  );
}

function EventTable(
  { model, events }: { model: Model; events: readonly EventRow[] },
) {
  return (
    <Table
      columns={COLUMNS}
      rows={events.map((event) => [
        countOf(event.seq),
        countOf(event.line),
        offsetOf(model.sinceStart(event.at, event.seq)),
        <EventCell key="event" event={event} />,
      ])}
      none=""
      max={SEEN}
    />
  );
}

function EventCell({ event: { type, error } }: { event: EventRow }) {
  return (
    <>
      <Text value={type} />
      {error === null ? null : (
        <div class="error-text">
          <Icon name="bad" />
          <Text value={error} max={600} />
        </div>
      )}
    </>
  );
}

/** Ids of the payloads that an object, or an event about it, refers to, in order of creation. */
export function payloadsOf(model: Model, pointer: Pointer): string[] {
  const found = model.find(pointer);
  if (found === undefined) return [];
  const ids = [
    ...named(found),
    ...model.eventsAbout(pointer).flatMap(({ payload_ids: ids }) => [...ids]),
  ];
  return [...new Set(ids.filter((id) => id !== null))];
}

function named(found: Found): readonly (string | null)[] {
  switch (found.kind) {
    case "thread":
    case "turn":
    case "terminal_session":
    case "compaction":
    case "payload":
      return [];
    case "item":
      return found.row.parts.map(({ payload_id: id }) => id);
    case "inference_call":
      return [
        found.row.request_payload_id,
        found.row.prepared_payload_id,
        found.row.warmup_payload_id,
        found.row.response_payload_id,
      ];
    case "compaction_request":
      return [found.row.request_payload_id, found.row.response_payload_id];
    case "tool_call":
      return [
        found.row.invocation_payload_id,
        ...found.row.runtime_payload_ids,
        found.row.result_payload_id,
      ];
    case "code_cell":
      return [
        found.row.initial_response_payload_id,
        found.row.result_payload_id,
      ];
    case "terminal_operation":
      return found.row.payload_ids;
    case "edge":
      return found.row.carried_payload_ids;
  }
}

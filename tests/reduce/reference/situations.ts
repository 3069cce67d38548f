/**
 * Situations in a reduced state that a single field does not show.
 *
 * @module
 */

/** A JSON object as `JSON.parse` returns it. */
export type Plain = { readonly [key: string]: unknown };

/** True for a JSON object. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The records of one map of the state. */
export function records(state: Plain, map: string): Plain[] {
  const value = state[map];
  return isPlain(value) ? Object.values(value).filter(isPlain) : [];
}

type Probe = (state: Plain) => boolean;

function list(record: Plain, key: string): readonly unknown[] {
  const value = record[key];
  return Array.isArray(value) ? value : [];
}

function ordinals(ids: readonly unknown[]): number[] {
  return ids.map((id) => Number(String(id).split(":").at(-1)));
}

function threadOf(state: Plain, map: string, id: unknown): unknown {
  const records = state[map];
  const record = isPlain(records) ? records[String(id)] : undefined;
  return isPlain(record) ? record.thread_id : undefined;
}

/** The situations by name, each with the question whether a state shows it. */
export const DERIVED: readonly (readonly [string, Probe])[] = [
  [
    "request repeats an item",
    (s) =>
      records(s, "inference_calls").some((call) => {
        const ids = list(call, "request_item_ids");
        return new Set(ids).size < ids.length;
      }),
  ],
  ["request out of order", (s) =>
    records(s, "inference_calls").some((call) => {
      const ns = ordinals(list(call, "request_item_ids"));
      return ns.some((n, i) => n < (ns[i - 1] ?? 0));
    })],
  [
    "response shows an older item",
    (s) =>
      records(s, "inference_calls").some((call) => {
        const older = new Set(list(call, "request_item_ids"));
        return list(call, "response_item_ids").some((id) => older.has(id));
      }),
  ],
  [
    "item with two producers",
    (s) =>
      records(s, "conversation_items").some((item) =>
        list(item, "produced_by").length > 1
      ),
  ],
  ["more than nine items", (s) => records(s, "conversation_items").length > 9],
  [
    "session of two operations",
    (s) =>
      records(s, "terminal_sessions").some((session) =>
        list(session, "operation_ids").length > 1
      ),
  ],
  [
    "session across threads",
    (s) =>
      records(s, "terminal_sessions").some((session) =>
        list(session, "operation_ids").some((id) => {
          const operations = s.terminal_operations;
          const operation = isPlain(operations) ? operations[String(id)] : null;
          return isPlain(operation) &&
            threadOf(s, "tool_calls", operation.tool_call_id) !==
              session.thread_id;
        })
      ),
  ],
  [
    "tool linked to item of another thread",
    (s) =>
      records(s, "tool_calls").some((tool) =>
        ["model_visible_call_item_ids", "model_visible_output_item_ids"].some(
          (key) =>
            list(tool, key).some((id) =>
              threadOf(s, "conversation_items", id) !== tool.thread_id
            ),
        )
      ),
  ],
  [
    "cell output of another thread",
    (s) =>
      records(s, "code_cells").some((cell) =>
        list(cell, "output_item_ids").some((id) =>
          threadOf(s, "conversation_items", id) !== cell.thread_id
        )
      ),
  ],
  [
    "cell with two outputs",
    (s) =>
      records(s, "code_cells").some((c) =>
        list(c, "output_item_ids").length > 1
      ),
  ],
  [
    "turn left with running call",
    (s) =>
      records(s, "inference_calls").some((call) =>
        isPlain(call.execution) && call.execution.status === "running"
      ),
  ],
  [
    "edge carries several payloads",
    (s) =>
      records(s, "interaction_edges").some((edge) =>
        list(edge, "carried_raw_payload_ids").length > 1
      ),
  ],
  [
    "thread lists items out of order of creation",
    (s) =>
      records(s, "threads").some((thread) => {
        const ns = ordinals(list(thread, "conversation_item_ids"));
        return ns.some((n, i) => n < (ns[i - 1] ?? 0));
      }),
  ],
  [
    "compaction with requests",
    (s) =>
      records(s, "compactions").some((c) => list(c, "request_ids").length > 1),
  ],
];

/**
 * Which rules a set of bundles reached, told from what is in the bundles and in their reduced
 * states. What never occurs stays in the table with a zero.
 *
 * @module
 */

import { isBytes, type RandomBundle } from "./bundle.ts";
import { type Json, Obj } from "./json_text.ts";

/** Counts by feature. */
export class Coverage {
  readonly #counts = new Map<string, number>();

  /** Starts with zeros for everything that ought to occur. */
  constructor(expected: Iterable<string> = []) {
    for (const feature of expected) this.#counts.set(feature, 0);
  }

  /** Counts each feature once. */
  add(features: Iterable<string>): void {
    for (const feature of features) {
      this.#counts.set(feature, (this.#counts.get(feature) ?? 0) + 1);
    }
  }

  /** The counts whose feature begins with `prefix`, in order of the feature. */
  table(prefix: string): [feature: string, count: number][] {
    return [...this.#counts].filter(([feature]) => feature.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

const EVENT_TYPES: readonly string[] = [
  ..."rollout_started rollout_ended thread_started thread_ended".split(" "),
  ..."codex_turn_started codex_turn_ended inference_started".split(" "),
  ..."inference_completed inference_failed inference_cancelled".split(" "),
  ..."tool_call_started mcp_tool_call_correlation_assigned".split(" "),
  ..."stdin_target_resolved tool_call_runtime_started".split(" "),
  ..."tool_call_runtime_ended tool_call_ended code_cell_started".split(" "),
  ..."code_cell_initial_response code_cell_ended".split(" "),
  ..."compaction_request_started compaction_request_completed".split(" "),
  ..."compaction_request_failed compaction_installed".split(" "),
  ..."agent_result_observed protocol_event_observed".split(" "),
];

const ITEM_TYPES: readonly string[] = [
  ..."message agent_message reasoning function_call".split(" "),
  ..."function_call_output custom_tool_call custom_tool_call_output".split(" "),
  ..."tool_search_call web_search_call image_generation_call".split(" "),
  ..."local_shell_call tool_search_output mcp_tool_call_output".split(" "),
  ..."compaction compaction_summary context_compaction".split(" "),
  "additional_tools",
];

const EDGES: readonly string[] = [
  "assign_agent_task: tool_call -> conversation_item",
  "send_message: tool_call -> conversation_item",
  "spawn_agent: tool_call -> conversation_item",
  "spawn_agent: tool_call -> thread",
  "close_agent: tool_call -> thread",
  "agent_result: conversation_item -> conversation_item",
  "agent_result: thread -> conversation_item",
];

/** The event types that a schema can record and the reference reduces. */
export function eventTypesOf(schema: 1 | 2): readonly string[] {
  if (schema === 1) return EVENT_TYPES;
  const added = ["history_item_accepted", "thread_resumed"];
  return [...EVENT_TYPES, ...added, "recording_completed"];
}

/** The features that a good generator reaches. */
export function expectedFeatures(schema: 1 | 2): string[] {
  return [
    ...eventTypesOf(schema).map((type) => `event ${type}`),
    ...ITEM_TYPES.map((type) => `item ${type}`),
    ...EDGES.map((edge) => `edge ${edge}`),
    ...DERIVED.map(([name]) => `derived ${name}`),
  ];
}

/** What stands in the bundle: event types, item types. */
export function bundleFeatures(bundle: RandomBundle): Set<string> {
  const features = new Set<string>();
  for (const event of bundle.events) {
    const payload = event instanceof Obj ? event.get("payload") : undefined;
    const type = payload instanceof Obj ? payload.get("type") : undefined;
    if (typeof type === "string") features.add(`event ${type}`);
  }
  for (const { body } of bundle.payloads.values()) {
    if (isBytes(body) || !(body instanceof Obj)) continue;
    for (const [, list] of body.entries) itemFeatures(list, features);
  }
  return features;
}

function itemFeatures(list: Json, features: Set<string>): void {
  if (!Array.isArray(list)) return;
  for (const item of list) {
    const type = item instanceof Obj ? item.get("type") : undefined;
    if (typeof type !== "string" || !ITEM_TYPES.includes(type)) continue;
    features.add(`item ${type}`);
  }
}

/** A JSON object as `JSON.parse` gives it. */
type Plain = { readonly [key: string]: unknown };

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function records(state: Plain, map: string): Plain[] {
  const value = state[map];
  return isPlain(value) ? Object.values(value).filter(isPlain) : [];
}

const ENUMERATED = new Set([
  ..."type kind status role channel runtime_status".split(" "),
  ..."initial_response_status recording_complete".split(" "),
]);

function shapeFeatures(path: string, value: unknown, out: Set<string>): void {
  if (Array.isArray(value)) {
    out.add(`${path} ${value.length > 1 ? "many" : value.length}`);
    for (const element of value) {
      if (isPlain(element)) shapeFeatures(`${path}[]`, element, out);
    }
    return;
  }
  if (!isPlain(value)) return;
  const type = typeof value.type === "string" ? `<${value.type}>` : "";
  for (const [key, member] of Object.entries(value)) {
    const at = `${path}${type}.${key}`;
    if (ENUMERATED.has(key) && !isPlain(member)) out.add(`${at}=${member}`);
    else if (typeof member !== "object" || member === null) {
      out.add(`${at} ${member === null ? "null" : "set"}`);
    } else shapeFeatures(at, member, out);
  }
  if (type === "<payload_ref>") out.add(`${path}${type} ${value.label}`);
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

/** Situations that a single field does not show. */
const DERIVED: readonly (readonly [string, Probe])[] = [
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
    "compaction with requests",
    (s) =>
      records(s, "compactions").some((c) => list(c, "request_ids").length > 1),
  ],
];

function anchorType(edge: Plain, key: string): string {
  const anchor = edge[key];
  return isPlain(anchor) ? String(anchor.type) : "none";
}

/** What stands in the reduced state: shapes of every record, edges, derived situations. */
export function stateFeatures(stateText: string): Set<string> {
  const features = new Set<string>();
  const state: unknown = JSON.parse(stateText);
  if (!isPlain(state)) return features;
  for (const [name, value] of Object.entries(state)) {
    if (!isPlain(value)) {
      if (ENUMERATED.has(name)) features.add(`state ${name}=${value}`);
      continue;
    }
    for (const record of records(state, name)) {
      shapeFeatures(`state ${name}`, record, features);
    }
  }
  for (const edge of records(state, "interaction_edges")) {
    const ends = `${anchorType(edge, "source")} -> ${
      anchorType(edge, "target")
    }`;
    features.add(`edge ${edge.kind}: ${ends}`);
  }
  for (const [name, probe] of DERIVED) {
    if (probe(state)) features.add(`derived ${name}`);
  }
  return features;
}

/** The message of an error with ids and numbers taken out, so that like errors count as one. */
export function errorTemplate(text: string): string {
  return text.replace(/^Error: /, "").replace(/\s*Caused by:\s*/g, " | ")
    .replace(/\s+/g, " ")
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{32}\b/gi, "UUID")
    .replace(/\b[a-z-]+(?:_[a-z]+)*[-:_](?:[0-9a-f]{2,3}-)?\d+/g, "ID")
    .replace(/`[^`]*`/g, "`…`").replace(/"[^"]*"/g, '"…"')
    .replace(/\/[\w./-]+\//g, "/…/").replace(/\d+/g, "N").slice(0, 200);
}

/**
 * Whether a `state.json` holds together: every id leads somewhere, no list repeats itself, nothing
 * ends before it starts, and reading it back and printing it returns the same bytes.
 *
 * Works on the text alone and goes by the spelling of keys, so that it shares no opinion with
 * the reducer: a new key that ends in `_id` is a fault until it is in one of the tables.
 *
 * @module
 */

import { loadState, stateText } from "../../support/state_text.ts";
import { firstDifference } from "./outcome.ts";

type Plain = { readonly [key: string]: unknown };

/** Map of the state → keys whose ids lead into it. */
const LEADS: Readonly<Record<string, string>> = {
  threads: "thread_id",
  codex_turns: "codex_turn_id started_by_codex_turn_id",
  conversation_items:
    "item_id source_item_id marker_item_id conversation_item_ids " +
    "request_item_ids response_item_ids model_visible_call_item_ids " +
    "model_visible_output_item_ids call_item_ids output_item_ids " +
    "input_item_ids replacement_item_ids carried_item_ids",
  inference_calls: "inference_call_id",
  code_cells: "code_cell_id started_code_cell_id",
  tool_calls: "tool_call_id nested_tool_call_ids wait_tool_call_ids " +
    "tool_call_ids_started_by_response",
  terminal_sessions: "terminal_id",
  terminal_operations: "operation_id terminal_operation_id " +
    "created_by_operation_id operation_ids",
  compactions: "compaction_id",
  compaction_requests: "compaction_request_id request_ids",
  interaction_edges: "edge_id",
  raw_payloads: "raw_payload_id raw_payload_ids raw_invocation_payload_id " +
    "raw_result_payload_id raw_runtime_payload_ids raw_request_payload_id " +
    "raw_response_payload_id raw_initial_response_payload_id " +
    "carried_raw_payload_ids prepared_prompt_payload_id",
};

/** Ids of the world outside, which no map of the state holds. */
const FOREIGN: ReadonlySet<string> = new Set([
  ..."trace_id rollout_id call_id mcp_call_id model_visible_call_id".split(" "),
  ..."code_mode_runtime_tool_id runtime_cell_id response_id".split(" "),
  ..."upstream_request_id responses_item_id chunk_id".split(" "),
  "resolved_wait_runtime_cell_id",
]);

/** Keys, with the map they are in, whose ids may lead nowhere by the rules of the format. */
const MAY_DANGLE: ReadonlySet<string> = new Set([
  // The recording may have ended, or started, without the thread or the edge.
  "state.root_thread_id",
  "threads.parent_thread_id",
  "threads.spawn_edge_id",
  // Requests precede the compaction that they are for, which may fail.
  "compaction_requests.compaction_id",
  // A cell exists from the item on in which the model wrote it; its tools may be recorded before.
  "tool_calls.code_cell_id",
  // A summary is what the recorder reported about the call.
  "tool_calls.operation_id",
]);

/** Lists that may name the same thing twice. */
const MAY_REPEAT: ReadonlySet<string> = new Set([
  // An incremental request may send again what the one before it sent.
  "request_item_ids",
  // Two messages of one response may bear the id of the one receipt that both then are.
  "response_item_ids",
]);

const MAP_OF_KEY: ReadonlyMap<string, string> = new Map(
  Object.entries(LEADS).flatMap(([map, keys]) =>
    keys.split(" ").map((key) => [key, map] as const)
  ),
);

/** Under which key a record of each map repeats its own id. */
const OWN_KEY: ReadonlyMap<string, string> = new Map(
  Object.entries(LEADS).map(([map, keys]) => {
    const [first = ""] = keys.split(" ");
    return [map, first] as const;
  }),
);

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for an item that may exist before a request shows it. */
function isReceived({ agent_message, kind }: Plain): boolean {
  return agent_message !== undefined || kind === "function_call_output" ||
    kind === "custom_tool_call_output";
}

class Walk {
  readonly faults: string[] = [];
  readonly #ids: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #ordered: boolean;

  constructor(state: Plain, ordered: boolean) {
    this.#ordered = ordered;
    this.#ids = new Map(
      Object.keys(LEADS).map((map) => {
        const records = state[map];
        return [map, new Set(isPlain(records) ? Object.keys(records) : [])];
      }),
    );
  }

  record(place: string, record: Plain): void {
    for (const [key, value] of Object.entries(record)) {
      const here = `${place}.${key}`;
      // An item is received whether or not the turn that received it is recorded.
      if (key === "codex_turn_id" && isReceived(record)) continue;
      if (/_ids?$/.test(key) || MAP_OF_KEY.has(key)) this.#id(here, key, value);
      else this.#value(here, value);
    }
    this.#window(place, record);
  }

  #value(place: string, value: unknown): void {
    if (Array.isArray(value)) {
      for (const element of value) this.#value(place, element);
    } else if (isPlain(value)) this.record(place, value);
  }

  #id(place: string, key: string, value: unknown): void {
    const [origin] = place.split(".", 1);
    if (FOREIGN.has(key) || MAY_DANGLE.has(`${origin}.${key}`)) return;
    const map = MAP_OF_KEY.get(key);
    if (map === undefined) {
      this.faults.push(`${place} is an id of no known kind`);
      return;
    }
    const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
    const known = this.#ids.get(map);
    for (const id of ids) {
      if (id === null || typeof id === "string" && known?.has(id)) continue;
      this.faults.push(`${place} names ${JSON.stringify(id)}, not in ${map}`);
    }
    if (MAY_REPEAT.has(key) || new Set(ids).size === ids.length) return;
    this.faults.push(`${place} repeats an id`);
  }

  #window(place: string, record: Plain): void {
    if (!this.#ordered) return;
    const { started_seq, ended_seq } = record;
    if (typeof started_seq !== "number" || typeof ended_seq !== "number") {
      return;
    }
    if (started_seq <= ended_seq) return;
    this.faults.push(`${place} ends at ${ended_seq}, before ${started_seq}`);
  }
}

/** What is wrong with the ids, lists and windows of a state. */
function looseEnds(state: Plain, ordered: boolean): string[] {
  const walk = new Walk(state, ordered);
  for (const [key, value] of Object.entries(state)) {
    const own = OWN_KEY.get(key);
    if (own === undefined) {
      walk.record("state", { [key]: value });
      continue;
    }
    if (!isPlain(value)) {
      walk.faults.push(`${key} is no map`);
      continue;
    }
    for (const [id, record] of Object.entries(value)) {
      if (!isPlain(record) || record[own] !== id) {
        walk.faults.push(`${key}.${id} is another's record`);
      } else walk.record(`${key}.${id}`, record);
    }
  }
  return walk.faults;
}

/** Numbers that JSON.parse would change. */
const BEYOND_DOUBLE = /[ :]-?\d{16,},?$/m;

/**
 * What is wrong with a state.
 *
 * @param ordered Whether the log's sequence numbers ascend: windows repeat their input.
 */
export function unsoundness(text: string, ordered = true): string[] {
  const state: unknown = JSON.parse(text);
  if (!isPlain(state)) return ["the state is no object"];
  const faults = looseEnds(state, ordered);
  if (BEYOND_DOUBLE.test(text)) return faults;
  const again = stateText(loadState(text));
  if (again === text) return faults;
  return [...faults, `is no fixed point ${firstDifference(text, again)}`];
}

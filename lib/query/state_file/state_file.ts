/**
 * A graph out of the text of its `state.json`.
 *
 * @module
 */

import { DecodeError } from "../../format/decode/decode.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import { assertStrictJson } from "../../format/json/json_strict.ts";
import type { SchemaVersion } from "../../format/manifest.ts";
import type { RolloutStatus } from "../../format/vocabulary.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { inCreationOrder } from "../names/creation_order.ts";
import type { ObjectKind, ObjectOf } from "../names/object_kind.ts";
import { item } from "./decode_conversation.ts";
import {
  compaction,
  compactionRequest,
  inferenceCall,
} from "./decode_requests.ts";
import {
  codeCell,
  edge,
  terminalOperation,
  terminalSession,
  toolCall,
} from "./decode_runtime.ts";
import { payload, thread, turn } from "./decode_session.ts";
import { SharedIds } from "./shared_ids.ts";
import {
  flag,
  mapBy,
  nullable,
  oneOf,
  optional,
  record,
  text,
  whole,
} from "./state_decoder.ts";

const SCHEMAS: readonly SchemaVersion[] = [1, 2];

function schema(value: unknown): SchemaVersion {
  const version = whole(value);
  const known = SCHEMAS.find((each) => each === version);
  if (known !== undefined) return known;
  throw new DecodeError(`schema ${version} is not known`);
}

const rolloutTrace = record<RolloutTrace>({
  schema_version: schema,
  trace_id: text,
  rollout_id: text,
  started_at_unix_ms: whole,
  ended_at_unix_ms: nullable(whole),
  status: oneOf<RolloutStatus>({
    running: true,
    completed: true,
    failed: true,
    aborted: true,
  }),
  recording_complete: optional(flag),
  root_thread_id: text,
  threads: mapBy(thread, (each) => each.thread_id),
  codex_turns: mapBy(turn, (each) => each.codex_turn_id),
  conversation_items: mapBy(item, (each) => each.item_id),
  inference_calls: mapBy(inferenceCall, (each) => each.inference_call_id),
  code_cells: mapBy(codeCell, (each) => each.code_cell_id),
  tool_calls: mapBy(toolCall, (each) => each.tool_call_id),
  terminal_sessions: mapBy(terminalSession, (each) => each.terminal_id),
  terminal_operations: mapBy(terminalOperation, (each) => each.operation_id),
  compactions: mapBy(compaction, (each) => each.compaction_id),
  compaction_requests: mapBy(
    compactionRequest,
    (each) => each.compaction_request_id,
  ),
  interaction_edges: mapBy(edge, (each) => each.edge_id),
  raw_payloads: mapBy(payload, (each) => each.raw_payload_id),
});

/**
 * The graph that a `state.json` tells, its objects in the order in which they were made. Of a key
 * that stands twice, the last counts.
 *
 * @throws {DecodeError} If it is none; the path leads to what is wrong.
 * @throws {SyntaxError} If it is no JSON.
 */
export function decodeState(json: string): RolloutTrace {
  return shared(ordered(rolloutTrace(parsed(json))));
}

function parsed(json: string): unknown {
  if (spellsOddly(json)) return parseExact(json);
  const value: unknown = JSON.parse(json);
  assertStrictJson(json);
  return value;
}

/**
 * Whether a number may stand in the text that JavaScript would round or spell otherwise. May be
 * wrong in that it says yes: within a string.
 */
function spellsOddly(json: string): boolean {
  return /[:,[]\s*-?(?:\d{16}|\d+[.eE]|-0)/.test(json);
}

/** The graph with every map in the order of creation. */
function ordered(trace: RolloutTrace): RolloutTrace {
  const of = <K extends ObjectKind>(
    kind: K,
    map: ReadonlyMap<string, ObjectOf<K>>,
  ) => new Map(inCreationOrder(kind, map));
  return {
    ...trace,
    threads: of("thread", trace.threads),
    codex_turns: of("turn", trace.codex_turns),
    conversation_items: of("item", trace.conversation_items),
    inference_calls: of("inference_call", trace.inference_calls),
    code_cells: of("code_cell", trace.code_cells),
    tool_calls: of("tool_call", trace.tool_calls),
    terminal_sessions: of("terminal_session", trace.terminal_sessions),
    terminal_operations: of("terminal_operation", trace.terminal_operations),
    compactions: of("compaction", trace.compactions),
    compaction_requests: of("compaction_request", trace.compaction_requests),
    interaction_edges: of("edge", trace.interaction_edges),
    raw_payloads: of("payload", trace.raw_payloads),
  };
}

/** The graph with lists of items that share storage. */
function shared(trace: RolloutTrace): RolloutTrace {
  const ids = new SharedIds();
  for (const call of trace.inference_calls.values()) {
    call.request_item_ids = ids.share(call.request_item_ids);
  }
  for (const each of trace.compactions.values()) {
    each.input_item_ids = ids.share(each.input_item_ids);
  }
  return trace;
}

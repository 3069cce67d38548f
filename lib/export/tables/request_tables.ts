/**
 * Tables of requests to models: for answers, with what each received and produced, and for
 * compactions.
 *
 * @module
 */

import type {
  Compaction,
  CompactionRequest,
  InferenceCall,
} from "../../graph/runtime.ts";
import { knownCount, lostEvidence } from "../../query/evidence/known_count.ts";
import { historyLengths } from "../../query/evidence/recorded/checkpoint.ts";
import {
  inputLength,
  mayLackOutput,
  outputLength,
} from "../../query/evidence/recorded/request_lengths.ts";
import { costOfRequest } from "../../query/stats/measures/cost.ts";
import { executionColumns } from "./execution_columns.ts";
import type { SessionFacts } from "./session_facts.ts";
import {
  type Columns,
  handle,
  idOf,
  integer,
  maybe,
  table,
  text,
  timestamp,
} from "./table.ts";

const USAGE: Columns<InferenceCall> = Object.fromEntries(([
  ["input_tokens", "All input tokens"],
  [
    "cached_input_tokens",
    "Input tokens served from a cache, a part of input_tokens",
  ],
  [
    "cache_write_input_tokens",
    "Input tokens written to a cache, a part of input_tokens",
  ],
  ["output_tokens", "All output tokens"],
  [
    "reasoning_output_tokens",
    "Output tokens of reasoning, a part of output_tokens",
  ],
] as const).map(([name, meaning]) => [
  name,
  maybe.integer<InferenceCall>(
    `${meaning}; null when not reported`,
    (c) => c.usage?.[name] ?? null,
  ),
]));

/** A request for an answer, or one for a compaction. */
type AnyRequest = InferenceCall | CompactionRequest;

/** Where a request belongs, whom it asked, and how it ran. */
function requestColumns<Row extends AnyRequest>(
  kind: "inference_call" | "compaction_request",
): Columns<Row> {
  return {
    thread_id: idOf("thread", "Its thread", (c) => c.thread_id),
    turn_id: idOf("turn", "Its turn", (c) => c.codex_turn_id),
    model: text("Model asked", (c) => c.model),
    provider: text("Who serves the model", (c) => c.provider_name),
    outcome: maybe.text(
      "ok, failed, interrupted or incomplete; null when it is unknown",
      (c, f) => f.outcomes.request(c, kind),
    ),
    ...executionColumns<Row>(kind, (c) => c.execution),
  };
}

/** The payloads of a request. */
function payloadColumns(): Columns<AnyRequest> {
  return {
    request_payload_id: idOf(
      "payload",
      "Payload of the request",
      (c) => c.raw_request_payload_id,
    ),
    response_payload_id: maybe.idOf(
      "payload",
      "Payload of the response",
      (c) => c.raw_response_payload_id,
    ),
  };
}

const LLM_REQUESTS = table<InferenceCall>({
  name: "llm_requests",
  meaning:
    "One request to a model and its response; compaction requests are in compaction_requests",
  key: ["llm_request_id"],
  read: ({ session }) => session.trace.inference_calls.values(),
  columns: {
    llm_request_id: text("Its id", (c) => c.inference_call_id),
    handle: handle("inference_call", (c) => c.inference_call_id),
    ...requestColumns<InferenceCall>("inference_call"),
    ...USAGE,
    cost: maybe.real(
      "What it cost by your prices; null when its model has none, or when tokens were not reported",
      costOf,
    ),
    currency: maybe.text(
      "Currency of the cost; null without one",
      (c, f) => costOf(c, f) === null ? null : f.prices?.currency ?? null,
    ),
    input_items: maybe.integer(
      "Items of the model's input, those not recorded included; null when that is unknown",
      (c, f) => inputLength(f.session, c),
    ),
    output_items: maybe.integer(
      "Items of the response, those not recorded included; null when that is unknown",
      (c, f) => outputLength(f.session, c),
    ),
    tool_calls: maybe.integer(
      "Tool calls that the response requested; null when that is unknown",
      requestedToolCalls,
    ),
    response_id: maybe.text(
      "Id of the response, assigned by the provider",
      (c) => c.response_id,
    ),
    upstream_request_id: maybe.text(
      "Id of the request, assigned by the provider's server",
      (c) => c.upstream_request_id,
    ),
    ...payloadColumns(),
  },
});

function costOf(
  { model, usage }: InferenceCall,
  { prices }: SessionFacts,
): number | null {
  return costOfRequest(prices, model, usage);
}

/** The calls of a response; unknown where some may be among what was lost, or not recorded. */
function requestedToolCalls(
  call: InferenceCall,
  { session }: SessionFacts,
): number | null {
  return mayLackOutput(session, call) ? null : knownCount(
    call.tool_call_ids_started_by_response.length,
    lostEvidence(session).events,
  );
}

interface RequestItem {
  readonly request: string;
  readonly direction: "input" | "output";
  readonly position: number;
  readonly item: string;
}

function* requestItems({ session }: SessionFacts): Generator<RequestItem> {
  for (const [request, call] of session.trace.inference_calls) {
    let position = 0;
    for (const item of call.request_item_ids) {
      yield { request, direction: "input", position: position++, item };
    }
    position = 0;
    for (const item of call.response_item_ids) {
      yield { request, direction: "output", position: position++, item };
    }
  }
}

const REQUEST_ITEMS = table<RequestItem>({
  name: "request_items",
  meaning:
    "One item in the input or the output of one request: what the model really received; items that were not recorded have no row",
  key: ["llm_request_id", "direction", "position"],
  read: requestItems,
  columns: {
    llm_request_id: idOf("llm_request", "Its request", (r) => r.request),
    direction: text("input or output", (r) => r.direction),
    position: integer(
      "Its place in the list, counted from 0",
      (r) => r.position,
    ),
    item_id: idOf("item", "The item", (r) => r.item),
  },
});

const COMPACTIONS = table<Compaction>({
  name: "compactions",
  meaning: "The replacement of a thread's history by a shorter one",
  key: ["compaction_id"],
  read: ({ session }) => session.trace.compactions.values(),
  columns: {
    compaction_id: text("Its id", (c) => c.compaction_id),
    handle: handle("compaction", (c) => c.compaction_id),
    thread_id: idOf("thread", "Its thread", (c) => c.thread_id),
    turn_id: idOf("turn", "Its turn", (c) => c.codex_turn_id),
    installed_at: timestamp(
      "When the new history took effect",
      (c) => c.installed_at_unix_ms,
    ),
    items_before: maybe.integer(
      "Items of the history before, those not recorded included; null when that is unknown",
      (c, f) => historyLengths(f.session, c).before,
    ),
    items_after: maybe.integer(
      "Items of the history after, those not recorded included; null when that is unknown",
      (c, f) => historyLengths(f.session, c).after,
    ),
    marker_item_id: idOf(
      "item",
      "Item that marks the place in the conversation",
      (c) => c.marker_item_id,
    ),
  },
});

const COMPACTION_REQUESTS = table<CompactionRequest>({
  name: "compaction_requests",
  meaning: "One request to a model for a compaction",
  key: ["compaction_request_id"],
  read: ({ session }) => session.trace.compaction_requests.values(),
  columns: {
    compaction_request_id: text("Its id", (c) => c.compaction_request_id),
    handle: handle("compaction_request", (c) => c.compaction_request_id),
    compaction_id: idOf(
      "compaction",
      "Its compaction, which may never have been installed",
      (c) => c.compaction_id,
    ),
    ...requestColumns<CompactionRequest>("compaction_request"),
    ...payloadColumns(),
  },
});

/** These tables. */
export const REQUEST_TABLES = [
  LLM_REQUESTS,
  REQUEST_ITEMS,
  COMPACTIONS,
  COMPACTION_REQUESTS,
];

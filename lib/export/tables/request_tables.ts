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
import { type Column, column, maybe, table } from "./table.ts";

const USAGE: readonly Column<InferenceCall>[] = ([
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
] as const).map(([name, meaning]) =>
  maybe<InferenceCall>(
    name,
    "integer",
    `${meaning}; null when not reported`,
    (c) => c.usage?.[name] ?? null,
  )
);

/** A request for an answer, or one for a compaction. */
type AnyRequest = InferenceCall | CompactionRequest;

/** Where a request belongs, whom it asked, and how it ran. */
function requestColumns<Row extends AnyRequest>(
  kind: "inference_call" | "compaction_request",
): Column<Row>[] {
  return [
    column("thread_id", "text", "Its thread", (c) => c.thread_id, {
      references: "threads.thread_id",
    }),
    column("turn_id", "text", "Its turn", (c) => c.codex_turn_id, {
      references: "turns.turn_id",
    }),
    column("model", "text", "Model asked", (c) => c.model),
    column("provider", "text", "Who serves the model", (c) => c.provider_name),
    maybe(
      "outcome",
      "text",
      "ok, failed, interrupted or incomplete; null when it is unknown",
      (c, f) => f.outcomes.request(c, kind),
    ),
    ...executionColumns<Row>(kind, (c) => c.execution),
  ];
}

/** The payloads of a request. */
function payloadColumns(): Column<AnyRequest>[] {
  return [
    column(
      "request_payload_id",
      "text",
      "Payload of the request",
      (c) => c.raw_request_payload_id,
      { references: "payloads.payload_id" },
    ),
    maybe(
      "response_payload_id",
      "text",
      "Payload of the response",
      (c) => c.raw_response_payload_id,
      { references: "payloads.payload_id" },
    ),
  ];
}

const LLM_REQUESTS = table<InferenceCall>({
  name: "llm_requests",
  meaning:
    "One request to a model and its response; compaction requests are in compaction_requests",
  key: ["llm_request_id"],
  read: ({ session }) => session.trace.inference_calls.values(),
  columns: [
    column("llm_request_id", "text", "Its id", (c) => c.inference_call_id),
    column(
      "handle",
      "text",
      "Its short name, as call:1",
      (c, f) => f.handle("inference_call", c.inference_call_id),
    ),
    ...requestColumns<InferenceCall>("inference_call"),
    ...USAGE,
    maybe(
      "cost",
      "real",
      "What it cost by your prices; null when its model has none, or when tokens were not reported",
      costOf,
    ),
    maybe(
      "currency",
      "text",
      "Currency of the cost; null without one",
      (c, f) => costOf(c, f) === null ? null : f.prices?.currency ?? null,
    ),
    maybe(
      "input_items",
      "integer",
      "Items of the model's input, those not recorded included; null when that is unknown",
      (c, f) => inputLength(f.session, c),
    ),
    maybe(
      "output_items",
      "integer",
      "Items of the response, those not recorded included; null when that is unknown",
      (c, f) => outputLength(f.session, c),
    ),
    maybe(
      "tool_calls",
      "integer",
      "Tool calls that the response requested; null when that is unknown",
      requestedToolCalls,
    ),
    maybe(
      "response_id",
      "text",
      "Id of the response, assigned by the provider",
      (c) => c.response_id,
    ),
    maybe(
      "upstream_request_id",
      "text",
      "Id of the request, assigned by the provider's server",
      (c) => c.upstream_request_id,
    ),
    ...payloadColumns(),
  ],
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
  columns: [
    column("llm_request_id", "text", "Its request", (r) => r.request, {
      references: "llm_requests.llm_request_id",
    }),
    column("direction", "text", "input or output", (r) => r.direction),
    column(
      "position",
      "integer",
      "Its place in the list, counted from 0",
      (r) => r.position,
    ),
    column("item_id", "text", "The item", (r) => r.item, {
      references: "items.item_id",
    }),
  ],
});

const COMPACTIONS = table<Compaction>({
  name: "compactions",
  meaning: "The replacement of a thread's history by a shorter one",
  key: ["compaction_id"],
  read: ({ session }) => session.trace.compactions.values(),
  columns: [
    column("compaction_id", "text", "Its id", (c) => c.compaction_id),
    column(
      "handle",
      "text",
      "Its short name, as compaction:1",
      (c, f) => f.handle("compaction", c.compaction_id),
    ),
    column("thread_id", "text", "Its thread", (c) => c.thread_id, {
      references: "threads.thread_id",
    }),
    column("turn_id", "text", "Its turn", (c) => c.codex_turn_id, {
      references: "turns.turn_id",
    }),
    column(
      "installed_at",
      "timestamp",
      "When the new history took effect",
      (c) => c.installed_at_unix_ms,
    ),
    maybe(
      "items_before",
      "integer",
      "Items of the history before, those not recorded included; null when that is unknown",
      (c, f) => historyLengths(f.session, c).before,
    ),
    maybe(
      "items_after",
      "integer",
      "Items of the history after, those not recorded included; null when that is unknown",
      (c, f) => historyLengths(f.session, c).after,
    ),
    column(
      "marker_item_id",
      "text",
      "Item that marks the place in the conversation",
      (c) => c.marker_item_id,
      { references: "items.item_id" },
    ),
  ],
});

const COMPACTION_REQUESTS = table<CompactionRequest>({
  name: "compaction_requests",
  meaning: "One request to a model for a compaction",
  key: ["compaction_request_id"],
  read: ({ session }) => session.trace.compaction_requests.values(),
  columns: [
    column(
      "compaction_request_id",
      "text",
      "Its id",
      (c) => c.compaction_request_id,
    ),
    column(
      "handle",
      "text",
      "Its short name, as compaction_request:1",
      (c, f) => f.handle("compaction_request", c.compaction_request_id),
    ),
    column(
      "compaction_id",
      "text",
      "Its compaction, which may never have been installed",
      (c) => c.compaction_id,
      { references: "compactions.compaction_id" },
    ),
    ...requestColumns<CompactionRequest>("compaction_request"),
    ...payloadColumns(),
  ],
});

/** These tables. */
export const REQUEST_TABLES = [
  LLM_REQUESTS,
  REQUEST_ITEMS,
  COMPACTIONS,
  COMPACTION_REQUESTS,
];

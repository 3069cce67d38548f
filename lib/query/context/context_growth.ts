/**
 * How the prompts of a thread grew, request by request.
 *
 * @module
 */

import {
  itemKeys,
  type KeyOfItem,
} from "../evidence/recorded/item_contents.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { Compaction, InferenceCall } from "../../graph/runtime.ts";
import { GraphLinks } from "../evidence/links/graph_links.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { lostPayloads } from "../evidence/recorded/losses.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  ContextGrowth,
  ContextSource,
  GrowthPoint,
} from "./context_answer.ts";
import {
  type Baseline,
  baselineOf,
  figuresOf,
  noveltyOf,
  UNKNOWN_NOVELTY,
} from "./novelty.ts";
import { type Prompt, PromptReader, punctuationOf } from "./prompt.ts";
import { sourceOfMember } from "./element_source.ts";

type Sizes = Record<ContextSource, number>;

/**
 * How the prompts of a thread grew: each of its requests, by source.
 *
 * @param thread Id of the thread.
 * @param links The links of the trace, for callers that ask about many threads.
 * @returns `null` when the graph has no such thread, or the payloads are not available.
 * @throws {PayloadError} If a payload that was there when the session was opened is not now.
 */
export function getContextGrowth(
  session: TraceSession,
  thread: ThreadId,
  links: GraphLinks = new GraphLinks(session.trace),
): ContextGrowth | null {
  const { trace, names, payloads } = session;
  if (payloads === null || !trace.threads.has(thread)) return null;
  const reader = new PromptReader(session, payloads, thread);
  const growth = new Growth(session, thread);
  const calls: GrowthPoint[] = [];
  for (const call of links.callsOf(thread)) {
    const prompt = reader.read(call);
    const point = growth.point(call, prompt);
    const { request_capture: capture, request_error: error } = point;
    if (prompt !== undefined || capture !== null || error !== null) {
      calls.push(point);
    }
  }
  reader.close();
  return { thread: names.ref("thread", thread), calls };
}

/** What is unknown of a request that was not recorded. */
const UNRECORDED = {
  is_incremental: null,
  bytes: null,
  elements: null,
  items: null,
  unrecorded_items: null,
  ...UNKNOWN_NOVELTY,
  bytes_by_source: null,
};

/** Adds one request after the other. */
class Growth {
  readonly #session: TraceSession;
  readonly #keyOf: KeyOfItem;
  /** Bytes of the elements of the last full request. */
  readonly #full: Sizes = noBytes();
  readonly #compactions: { seq: Integer; id: string }[];
  #before: Baseline | undefined;
  /** Whether the request before was not recorded, so that nothing is known to be new. */
  #isLost = false;

  constructor(session: TraceSession, thread: ThreadId) {
    this.#session = session;
    this.#keyOf = itemKeys(session);
    this.#compactions = compactionsOf(session, thread);
  }

  point(call: InferenceCall, prompt: Prompt | undefined): GrowthPoint {
    const { names } = this.#session;
    const { id, ref, isWarmup } = effectiveRequest(this.#session, call);
    return {
      call: names.ref("inference_call", call.inference_call_id),
      turn: names.ref("turn", call.codex_turn_id),
      started_at_unix_ms: call.execution.started_at_unix_ms,
      status: call.execution.status,
      model: call.model,
      compactions: this.#compactionsBefore(call),
      request_capture: ref?.capture ?? null,
      request_error: lostPayloads(this.#session).get(id) ?? null,
      has_warmup: isWarmup,
      ...this.#sizes(call, prompt),
      input_tokens: call.usage?.input_tokens ?? null,
      cached_input_tokens: call.usage?.cached_input_tokens ?? null,
    };
  }

  #sizes({ request_item_ids: ids }: InferenceCall, prompt: Prompt | undefined) {
    const isLost = this.#isLost;
    this.#isLost = prompt === undefined;
    if (prompt === undefined) return UNRECORDED;
    const novelty = noveltyOf(prompt, ids, this.#before, this.#keyOf);
    this.#before = baselineOf(prompt, ids);
    const bytesBySource = this.#bySource(prompt);
    for (const { key, bytes } of prompt.members) {
      bytesBySource[sourceOfMember(key).source] += bytes;
    }
    bytesBySource.request += punctuationOf(prompt);
    return {
      is_incremental: prompt.previousResponseId !== null,
      bytes: Object.values(bytesBySource).reduce((sum, each) => sum + each, 0),
      elements: prompt.elements.length,
      items: ids.length,
      unrecorded_items: prompt.elements.filter(({ isLost }) => isLost).length,
      ...isLost ? UNKNOWN_NOVELTY : figuresOf(novelty),
      bytes_by_source: bytesBySource,
    };
  }

  /** Bytes of the elements; only what changed since the last full request is added up. */
  #bySource({ elements, dropped, shared, previousResponseId }: Prompt): Sizes {
    const sizes = previousResponseId === null ? this.#full : noBytes();
    for (const { source, bytes } of dropped) sizes[source] -= bytes;
    for (const { source, bytes } of elements.slice(shared)) {
      sizes[source] += bytes;
    }
    return { ...sizes };
  }

  #compactionsBefore({ execution: { started_seq } }: InferenceCall) {
    const found = [];
    for (;;) {
      const [next] = this.#compactions;
      if (next === undefined || next.seq > started_seq) return found;
      found.push(this.#session.names.ref("compaction", next.id));
      this.#compactions.shift();
    }
  }
}

function compactionsOf(
  { trace, log }: Pick<TraceSession, "trace" | "log">,
  thread: ThreadId,
) {
  return [...trace.compactions.values()]
    .filter(({ thread_id }) => thread_id === thread)
    .map(({ compaction_id: id }) => ({ seq: installedSeq(log, id), id }))
    .sort((a, b) => a.seq < b.seq ? -1 : 1);
}

/**
 * Compactions that replaced the history of a thread between two of its requests, in order; none
 * without a log that has where.
 */
export function compactionsBetween(
  { trace, log }: TraceSession,
  { execution: before, thread_id: thread }: InferenceCall,
  { execution: after }: InferenceCall,
): Compaction[] {
  return compactionsOf({ trace, log }, thread)
    .filter(({ seq }) => seq > before.started_seq && seq < after.started_seq)
    .flatMap(({ id }) => trace.compactions.get(id) ?? []);
}

/** Number of the event that put a new history into effect. */
export function installedSeq(log: TraceSession["log"], id: string): Integer {
  const installed = log?.about("compaction", id)
    .find(({ event }) => event.payload.type === "compaction_installed");
  return installed?.event.seq ?? 0;
}

function noBytes(): Sizes {
  return {
    instructions: 0,
    tools: 0,
    user: 0,
    assistant: 0,
    reasoning: 0,
    tool_call: 0,
    tool_output: 0,
    agent_message: 0,
    compaction: 0,
    other_item: 0,
    request: 0,
  };
}

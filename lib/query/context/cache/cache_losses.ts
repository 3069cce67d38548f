/**
 * Which requests lost the provider's cache, what it cost in tokens, and what had changed.
 *
 * @module
 */

import type { InferenceCall, TokenUsage } from "../../../graph/runtime.ts";
import type { TraceSession } from "../../session/session.ts";
import { gapBetween } from "../../evidence/clock/clock.ts";
import {
  knownCount,
  lostEvidence,
  mayHaveMore,
} from "../../evidence/known_count.ts";
import { callsOfThread } from "../../session/thread_calls.ts";
import type { CacheLoss, CacheUse } from "./cache_answer.ts";
import { compactionsBetween } from "../context_growth.ts";
import { PrefixComparer } from "./prefix_differences.ts";

/** Providers cache no shorter prompts, and in steps that are smaller than this. */
const MIN_CACHED_TOKENS = 1024;

/** A request whose tokens are known. */
interface MeteredCall {
  readonly call: InferenceCall;
  readonly usage: TokenUsage;
}

const USES: WeakMap<TraceSession, CacheUse> = new WeakMap();

/** What is known of the cache in a session. */
export function getCacheUse(session: TraceSession): CacheUse {
  const found = USES.get(session) ?? cacheUseOf(session);
  USES.set(session, found);
  return found;
}

/** How a request lost the cache; null where it did not, and where that is unknown. */
export function cacheLossOf(
  session: TraceSession,
  id: string,
): CacheLoss | null {
  return getCacheUse(session).losses.find(({ call }) => call.id === id) ?? null;
}

function cacheUseOf(session: TraceSession): CacheUse {
  const { trace } = session;
  const calls = [...trace.inference_calls.values()];
  const threads = new Set(calls.map(({ thread_id: id }) => id));
  const caching = cachingModels(calls);
  const losses = [...threads].flatMap((id) =>
    lossesOfThread(session, callsOfThread(trace, id), caching)
  );
  const known = calls.filter(({ usage }) => usage !== null).length;
  return {
    losses,
    lost_tokens: known === 0 ? null : knownCount(
      losses.reduce((sum, { lost_tokens: lost }) => sum + lost, 0),
      mayHaveMore(lostEvidence(session), known, calls.length),
    ),
    unknown_calls: session.sessionLog === undefined
      ? calls.length - known
      : null,
  };
}

/** Models of which a request was served from a cache: of others, none is known to exist. */
function cachingModels(calls: readonly InferenceCall[]): ReadonlySet<string> {
  return new Set(
    calls.filter(({ usage }) =>
      (usage?.cached_input_tokens ?? 0) >= MIN_CACHED_TOKENS
    )
      .map(modelKey),
  );
}

function modelKey({ model, provider_name: provider }: InferenceCall): string {
  return JSON.stringify([provider, model]);
}

function lossesOfThread(
  session: TraceSession,
  calls: readonly InferenceCall[],
  caching: ReadonlySet<string>,
): CacheLoss[] {
  const comparer = new PrefixComparer(session);
  const losses: CacheLoss[] = [];
  let before: MeteredCall | undefined;
  for (const call of calls) {
    const { usage } = call;
    if (usage === null) continue;
    const now = { call, usage };
    const mayCache = before !== undefined &&
      (caching.has(modelKey(before.call)) || caching.has(modelKey(call)));
    const loss = mayCache && before !== undefined
      ? lossOf(session, comparer, before, now)
      : null;
    if (loss !== null) losses.push(loss);
    before = now;
  }
  return losses;
}

/**
 * Null where the cache was not lost: too little is missing, or nothing differs and as much was
 * served from it as before. Some providers cache a prompt only up to where it was when it began.
 */
function lossOf(
  session: TraceSession,
  comparer: PrefixComparer,
  before: MeteredCall,
  { call, usage }: MeteredCall,
): CacheLoss | null {
  const cached = Number(usage.cached_input_tokens);
  const reachable = Math.min(
    Number(before.usage.input_tokens),
    Number(usage.input_tokens),
  );
  const lost = reachable - cached;
  if (lost < MIN_CACHED_TOKENS) return null;
  const { names } = session;
  const compaction = compactionsBetween(session, before.call, call).at(-1);
  const { differences, isComplete } = comparer.compare(
    before.call,
    call,
    compaction === undefined
      ? null
      : names.ref("compaction", compaction.compaction_id),
  );
  const hadCached = Number(before.usage.cached_input_tokens);
  const isDropped = 2 * cached < reachable ||
    hadCached - cached >= MIN_CACHED_TOKENS;
  if (differences.length === 0 && !isDropped) return null;
  return {
    call: names.ref("inference_call", call.inference_call_id),
    thread: names.ref("thread", call.thread_id),
    previous_call: names.ref("inference_call", before.call.inference_call_id),
    cached_input_tokens: usage.cached_input_tokens,
    lost_tokens: lost,
    gap_ms: gapBetween(session, before.call, call),
    differences,
    differences_complete: isComplete,
  };
}

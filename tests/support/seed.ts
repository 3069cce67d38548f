/**
 * Where the random tests of the suite start.
 *
 * The same place every time, so that a run that fails was broken by what was changed and not by
 * luck. `ROLLOUT_TRACE_SEED` starts elsewhere; `deno task soak` and `deno task differential` go
 * on to seeds that nobody has seen.
 *
 * @module
 */

/** The first seed of a random test. */
export const FIRST_SEED = firstSeed(Deno.env.get("ROLLOUT_TRACE_SEED") ?? "1");

function firstSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`ROLLOUT_TRACE_SEED is no seed: ${text}`);
}

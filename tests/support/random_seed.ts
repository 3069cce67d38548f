/**
 * fast-check, and the seed that all random tests start with.
 *
 * The same seed every time, so that a failing run was broken by a change and not by chance;
 * `ROLLOUT_TRACE_SEED=N` starts with another one.
 *
 * @module
 */

import fc from "fast-check";

/** The first seed of a random test. */
export const FIRST_SEED = firstSeed(Deno.env.get("ROLLOUT_TRACE_SEED") ?? "1");

function firstSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`ROLLOUT_TRACE_SEED is no seed: ${text}`);
}

fc.configureGlobal({ seed: FIRST_SEED });

export default fc;

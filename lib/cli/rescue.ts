/**
 * How much of a bundle that was refused can be had all the same.
 *
 * @module
 */

import type { Limits } from "../bundle/limits.ts";
import { BundleFormatError, PayloadError, ReplayError } from "../errors.ts";
import { replayBundle, type ReplayCounters } from "../replay.ts";

/**
 * What to do about `error`, which ended a strict replay: `undefined` when a tolerant one would
 * not help either. Replays the bundle once more, and writes nothing.
 */
export function rescueHint(
  bundle: string,
  limits: Partial<Limits>,
  error: unknown,
): string | undefined {
  if (!isEvidenceFault(error)) return undefined;
  let counters: ReplayCounters | undefined;
  try {
    replayBundle(bundle, {
      tolerant: true,
      limits,
      onCounters: (told) => void (counters = told),
    });
  } catch {
    // Then tolerance is no help, and the fault that is being told is the better one.
    return undefined;
  }
  return counters === undefined ? undefined : hintOf(counters);
}

function hintOf(
  { events, skippedEvents }: ReplayCounters,
): string | undefined {
  const reduced = events - skippedEvents;
  return reduced === 0
    ? undefined
    : `nothing was written; --tolerant reduces ${reduced} of ${events} events`;
}

/** Whether the fault is one that a tolerant replay goes around. */
function isEvidenceFault(error: unknown): boolean {
  if (error instanceof ReplayError || error instanceof PayloadError) {
    return true;
  }
  return error instanceof BundleFormatError && error.line !== undefined;
}

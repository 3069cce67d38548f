/**
 * How much of a refused bundle a tolerant replay reduces.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import {
  BundleFormatError,
  PayloadError,
  ReplayError,
} from "../../../errors.ts";
import { replayBundle, type ReplayCounters } from "../../../replay.ts";

/**
 * Returns what to do about `error`, which ended a strict replay; `undefined` if a tolerant one
 * would not help. Replays the bundle once more, and writes nothing.
 */
export function tolerantHint(
  bundle: string,
  limits: Partial<Limits>,
  error: unknown,
): string | undefined {
  if (!isEvidenceError(error)) return undefined;
  let counters: ReplayCounters | undefined;
  try {
    replayBundle(bundle, {
      tolerant: true,
      limits,
      onCounters: (totals) => void (counters = totals),
    });
  } catch {
    // Tolerance does not help, and the error of the strict replay is the better one to report.
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

/** Whether a tolerant replay skips such an error. */
function isEvidenceError(error: unknown): boolean {
  if (error instanceof ReplayError || error instanceof PayloadError) {
    return true;
  }
  return error instanceof BundleFormatError && error.line !== undefined;
}

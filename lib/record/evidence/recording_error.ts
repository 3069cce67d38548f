/**
 * Why something is not recorded, as it is reported.
 *
 * @module
 */

import { ReplayError } from "../../errors.ts";

/** The error for `onError`. The host may throw anything, also what has no text. */
export function recordingError(what: string, cause: unknown): Error {
  let why = "the host threw a value without a text";
  try {
    why = String(cause instanceof Error ? cause.message : cause);
  } catch {
    // Then that is all that is known.
  }
  return new Error(`${what}: ${why}`, { cause });
}

/** Whether the log has what an event starts or assigns. */
export function isRepeated(cause: unknown): boolean {
  return hasCodeOf(cause, "duplicate_");
}

/** Whether an event names what the log does not have. */
export function isOfUnknown(cause: unknown): boolean {
  return hasCodeOf(cause, "unknown_");
}

function hasCodeOf(cause: unknown, kind: string): boolean {
  try {
    return cause instanceof ReplayError && cause.code.startsWith(kind);
  } catch {
    // What the host threw is a proxy that throws when it is asked for its class.
    return false;
  }
}

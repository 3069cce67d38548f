/**
 * Figures, formatted as the commands format them, and a format that only the page needs.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import {
  countOf,
  durationOf,
  isTokenMinimum,
  momentOf as momentIn,
  type TokenRequests,
} from "../../../text/figures.ts";

export {
  amountText,
  bytesOf,
  counted,
  countOf,
  durationOf,
  shareOf,
  UNKNOWN,
} from "../../../text/figures.ts";

/** Whether times are in the time zone of the reader; a report sets it once, before it is drawn. */
let hasLocalTimes = false;

/** Sets whether times are in the time zone of the reader; else they are in UTC. */
export function setLocalTimes(isLocal: boolean): void {
  hasLocalTimes = isLocal;
}

/** Formats a time: in UTC, or in the time zone of the reader with its offset. */
export function momentOf(ms: Integer | null): string {
  return momentIn(ms, hasLocalTimes);
}

/** A sum of tokens of some requests; a minimum, where not every request reported its usage. */
export function tokenCount(
  of: "input_tokens" | "output_tokens",
  tokens:
    & TokenRequests
    & Readonly<
      Record<"input_tokens" | "output_tokens", Parameters<typeof countOf>[0]>
    >,
): string {
  const { [of]: count } = tokens;
  const least = count !== null && isTokenMinimum(tokens) ? "≥" : "";
  return least + countOf(count);
}

/** A time since the start of the session; `?` where that is unknown, as after a jump of the clock. */
export function offsetOf(ms: number | null): string {
  return ms === null ? "?" : `+${durationOf(ms)}`;
}

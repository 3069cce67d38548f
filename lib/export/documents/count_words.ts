/**
 * Counts of a document in words: what is unknown, and what is a minimum.
 *
 * @module
 */

import type { KnownCount } from "../../query/evidence/known_count.ts";
import type { TokenSum } from "../../query/stats/measures/token_sum.ts";
import {
  counted,
  countOf,
  isTokenMinimum,
  UNKNOWN,
} from "../../text/figures.ts";

/** The words before the tokens of a sum that is known, but not of all requests. */
export function minimumMark(tokens: TokenSum): string {
  const isKnown = tokens.input_tokens !== null;
  return isKnown && isTokenMinimum(tokens) ? "at least " : "";
}

/** A count, and how many of them failed, where not none did. */
export function withFailed(
  count: KnownCount,
  what: string,
  failed: KnownCount,
): string {
  const text = known(count, what);
  return failed === 0 ? text : `${text} (${countOf(failed)} failed)`;
}

/** `3 tool calls`, or that their number is unknown. */
function known(count: KnownCount, what: string): string {
  return count === null ? `${UNKNOWN} ${what}s` : counted(count, what);
}

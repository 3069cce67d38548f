/**
 * Moments of the format as dates.
 *
 * @module
 */

import type { UnixMs } from "../format/vocabulary.ts";

/** The date of a moment; null for one that no date can name, hundreds of thousands of years away. */
export function dateOf(ms: UnixMs): Date | null {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The day of a date in UTC, as `2026-11-29`. */
export function dayOf(date: Date): string {
  const text = date.toISOString();
  return text.slice(0, text.indexOf("T"));
}

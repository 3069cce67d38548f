/**
 * Moments on a command line: `2026-11-29`, `2026-11-29T12:00:00Z`, `yesterday`, or how long ago, as
 * `2d`.
 *
 * @module
 */

import { UsageError } from "./usage_error.ts";

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};
/** Days that have a name, by how long they are before today. */
const NAMED_DAYS: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };
const AGO = /^(\d{1,6})([mhdw])$/;
const DATE =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * The moment that `text` is, in milliseconds since 1970; a date, or a day, is its
 * beginning in UTC.
 *
 * @throws {UsageError} If it is no moment.
 */
export function momentIn(text: string, flag: string, now: number): number {
  const [, count = "", unit = ""] = AGO.exec(text) ?? [];
  const length = UNITS[unit];
  if (length !== undefined) return now - Number(count) * length;
  const day = Object.hasOwn(NAMED_DAYS, text) ? NAMED_DAYS[text] : undefined;
  if (day !== undefined) return now - now % DAY_MS - day * DAY_MS;
  const moment = DATE.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new UsageError(
    `invalid value ${JSON.stringify(text)} for --${flag}`,
    "a moment is a date (2026-11-29), a date with time and zone (2026-11-29T12:00Z), today, yesterday, or a time ago (30m, 12h, 2d, 1w)",
  );
}

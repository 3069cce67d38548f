/**
 * The two periods of `--compare`: `7d`, or `2026-11-01..2026-11-08,2026-11-08..2026-11-15`.
 *
 * @module
 */

import type { Period, StatsCompare } from "../../query/stats/comparison.ts";
import { momentIn } from "./moment.ts";
import { UsageError } from "./usage_error.ts";

/** The word for the day, week or month before. */
export const PREVIOUS = "previous";

const FORMS =
  "write how long a period is until now (7d, against the 7 days before), its first moment " +
  "(2026-11-29), or both periods, the earlier one first (2026-11-01..2026-11-08,2026-11-08..2026-11-15)";

/**
 * The periods that `text` names. With one moment they are from then until now, and as long before.
 *
 * @throws {UsageError} If they are none.
 */
export function comparedPeriods(
  text: string,
  now: number,
): Extract<StatsCompare, { type: "periods" }> {
  const parts = text.split(",").map((part) => part.split(".."));
  const [[since = "", end] = [], other] = parts;
  if (end === undefined && other === undefined) {
    const start = momentIn(since, "compare", now);
    if (start >= now) throw invalid(text, "is in the future");
    return {
      type: "periods",
      period: { since: start, until: now },
      before: { since: 2 * start - now, until: start },
    };
  }
  if (parts.length !== 2 || parts.some((part) => part.length !== 2)) {
    throw invalid(text, "is not two periods");
  }
  const [before, period] = parts.map(([from = "", to = ""]): Period => ({
    since: momentIn(from, "compare", now),
    until: momentIn(to, "compare", now),
  }));
  if (before === undefined || period === undefined) {
    throw invalid(text, "is not two periods");
  }
  if (before.since >= before.until || period.since >= period.until) {
    throw invalid(text, "has a period that ends before it begins");
  }
  if (period.since < before.until) {
    throw invalid(
      text,
      "has a second period that begins before the first ends",
    );
  }
  return { type: "periods", period, before };
}

function invalid(text: string, why: string): UsageError {
  return new UsageError(
    `invalid value ${JSON.stringify(text)} for --compare: it ${why}`,
    FORMS,
  );
}

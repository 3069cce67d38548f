/**
 * What happened in a range of time: how long each kind of span ran, and how many there were.
 *
 * @module
 */

import type { Scene, Span, SpanKind } from "./scene.ts";

export interface KindSum {
  readonly kind: SpanKind;
  /** Spans that ran in the range, at least in part. */
  readonly count: number;
  /**
   * Milliseconds of the range in which at least one of them ran: what ran at once is counted once.
   * Null where the duration of one is unknown.
   */
  readonly ms: number | null;
}

/** Kinds in the order of the sums; turns contain all others. */
const KINDS: readonly SpanKind[] = [
  "call",
  "tool",
  "cell",
  "operation",
  "summary",
];

/** The sums of a range, times in milliseconds since 1970; only of the lanes shown. */
export function sumsByKind(
  { spans }: Scene,
  lanes: readonly number[],
  [from, to]: readonly [number, number],
): KindSum[] {
  const shown = new Set(lanes);
  const inside = spans.filter((span) =>
    shown.has(span.lane) && span.start < to && (span.end ?? span.start) >= from
  );
  return KINDS.flatMap((kind) => {
    const own = inside.filter((span) => span.kind === kind);
    if (own.length === 0) return [];
    return [{ kind, count: own.length, ms: union(own, from, to) }];
  });
}

/** The length of what spans cover of a range; null where one has no known duration. */
function union(
  spans: readonly Span[],
  from: number,
  to: number,
): number | null {
  if (spans.some(({ end, duration }) => end === null || duration === null)) {
    return null;
  }
  let [sum, reached] = [0, from];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = Math.min(end ?? start, to);
    sum += Math.max(0, last - Math.max(start, reached));
    reached = Math.max(reached, last);
  }
  return sum;
}

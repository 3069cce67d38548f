/**
 * Level of detail: what of a row is worth drawing. Spans closer together than a pixel become one
 * block, so that a frame costs what the screen can show, not what the session holds.
 *
 * @module
 */

import type { Packed } from "./pack.ts";
import type { SpanKind } from "./scene.ts";
import type { TimeScale } from "./time_scale.ts";
import { toPixel, type Viewport } from "./viewport.ts";

/** A span, or several that lie too close to be told apart. */
export interface Block {
  /** Positions in the row, both included. */
  readonly first: number;
  readonly last: number;
  /** Pixels; an instant has no width. */
  readonly x0: number;
  readonly x1: number;
}

/** Narrower spans may be merged with their neighbours, in pixels. */
const NARROW = 2;
/** Gaps below are not seen, in pixels. */
const CLOSE = 0.75;
/** Blocks of several spans are no wider, so that a crowd still shows what it is made of. */
const WIDEST = 4;

/** What to look at, and through what. */
export interface Lens {
  readonly packed: Packed;
  readonly scale: TimeScale;
  readonly view: Viewport;
  /** Spans of different groups are never merged, so that what failed does not vanish. */
  readonly group: (span: number) => number;
}

/** The blocks of a row that are in view, from left to right. */
export function visibleBlocks(row: readonly number[], lens: Lens): Block[] {
  const { view } = lens;
  const found: Block[] = [];
  let at = firstInView(row, lens);
  while (at < row.length) {
    const [x0, end] = pixels(row[at] ?? 0, lens);
    if (x0 > view.width) break;
    let [last, x1] = [at, end];
    const group = lens.group(row[at] ?? 0);
    while (x1 - x0 < WIDEST && last + 1 < row.length) {
      const next = row[last + 1] ?? 0;
      const [nextX0, nextX1] = pixels(next, lens);
      const narrow = nextX1 - nextX0 < NARROW && end - x0 < NARROW;
      if (!narrow || nextX0 - x1 > CLOSE || lens.group(next) !== group) break;
      x1 = Math.max(x1, nextX1);
      last++;
    }
    found.push({ first: at, last, x0, x1 });
    at = last + 1;
  }
  return found;
}

/** First and last pixel of a span. */
export function pixels(
  span: number,
  { packed, scale, view }: Lens,
): [number, number] {
  const start = packed.scene.spans[span]?.start ?? 0;
  return [
    toPixel(view, scale.place(start)),
    toPixel(view, scale.place(packed.until[span] ?? start)),
  ];
}

/** Position of the first span that does not lie left of the view. Rows do not overlap. */
function firstInView(row: readonly number[], lens: Lens): number {
  let [low, high] = [0, row.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [, x1] = pixels(row[middle] ?? 0, lens);
    if (x1 < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A kind of span, and its part of the time that the spans of a block took. */
export type Share = readonly [kind: SpanKind, part: number];

/** Kinds from the top of a block to its bottom, so that neighbours can be compared. */
const ORDER: readonly SpanKind[] = [
  "turn",
  "call",
  "tool",
  "cell",
  "operation",
  "compaction",
  "summary",
];

/** What a block is made of, from top to bottom. */
export function sharesOf(
  row: readonly number[],
  { first, last }: Block,
  { packed }: Pick<Lens, "packed">,
): Share[] {
  const { scene, until } = packed;
  const times = new Map<SpanKind, number>();
  let all = 0;
  for (let at = first; at <= last; at++) {
    const index = row[at] ?? -1;
    const span = scene.spans[index];
    if (span === undefined) continue;
    // What took no time still counts a little.
    const time = Math.max((until[index] ?? 0) - span.start, 0.1);
    times.set(span.kind, (times.get(span.kind) ?? 0) + time);
    all += time;
  }
  return ORDER.filter((kind) => times.has(kind))
    .map((kind) => [kind, (times.get(kind) ?? 0) / all]);
}

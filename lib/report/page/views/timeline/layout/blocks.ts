/**
 * Level of detail: spans closer together than a pixel are drawn as one block, so that the cost of a
 * drawing depends on the size of the screen, not on the size of the session.
 *
 * @module
 */

import type { Packed } from "./pack.ts";
import type { SpanKind } from "./scene.ts";
import type { TimeScale } from "./time_scale.ts";
import { toPixel, type Viewport } from "./viewport.ts";

/** A span, or several that are too close to be distinguished. */
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
/** Narrower gaps are not visible, in pixels. */
const CLOSE = 0.75;
/** Maximum width of a block of several spans, so that dense rows still show their parts. */
const MAX_BLOCK_WIDTH = 4;

/** How spans map to pixels. */
export interface Projection {
  readonly packed: Packed;
  readonly scale: TimeScale;
  readonly view: Viewport;
  /** Spans of different groups are never merged, so that failed spans stay visible. */
  readonly group: (span: number) => number;
}

/** The blocks of a row that are in view, from left to right. */
export function visibleBlocks(
  row: readonly number[],
  projection: Projection,
): Block[] {
  const { view } = projection;
  const positions = positionsOf(projection);
  const found: Block[] = [];
  let at = firstInView(row, projection);
  while (at < row.length) {
    const [x0, end] = pixels(row[at] ?? 0, projection, positions);
    if (x0 > view.width) break;
    let [last, x1] = [at, end];
    const group = projection.group(row[at] ?? 0);
    while (x1 - x0 < MAX_BLOCK_WIDTH && last + 1 < row.length) {
      const next = row[last + 1] ?? 0;
      const [nextX0, nextX1] = pixels(next, projection, positions);
      const narrow = nextX1 - nextX0 < NARROW && end - x0 < NARROW;
      if (!narrow || nextX0 - x1 > CLOSE || projection.group(next) !== group) {
        break;
      }
      x1 = Math.max(x1, nextX1);
      last++;
    }
    found.push({ first: at, last, x0, x1 });
    at = last + 1;
  }
  return found;
}

/** Starts and ends of all spans on the time axis. */
interface Positions {
  readonly packed: Packed;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** A drawing needs those of thousands of spans, and they change with the time scale only. */
const known = new WeakMap<TimeScale, Positions>();

function positionsOf({ packed, scale }: Projection): Positions {
  const before = known.get(scale);
  if (before?.packed === packed) return before;
  const { spans } = packed.scene;
  const positions = {
    packed,
    starts: Float64Array.from(spans, ({ start }) => scale.toPosition(start)),
    ends: Float64Array.from(
      spans,
      ({ start }, span) => scale.toPosition(packed.until[span] ?? start),
    ),
  };
  known.set(scale, positions);
  return positions;
}

/** First and last pixel of a span. */
export function pixels(
  span: number,
  projection: Projection,
  { starts, ends } = positionsOf(projection),
): [number, number] {
  const { view } = projection;
  return [toPixel(view, starts[span] ?? 0), toPixel(view, ends[span] ?? 0)];
}

/** Position of the first span that is not left of the view. Spans of a row do not overlap. */
function firstInView(row: readonly number[], projection: Projection): number {
  const positions = positionsOf(projection);
  let [low, high] = [0, row.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const [, x1] = pixels(row[middle] ?? 0, projection, positions);
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

/** The kinds of spans in a block, from top to bottom. */
export function sharesOf(
  row: readonly number[],
  { first, last }: Block,
  { packed }: Pick<Projection, "packed">,
): Share[] {
  const { scene, until } = packed;
  const only = first === last ? scene.spans[row[first] ?? -1] : undefined;
  if (only !== undefined) return [[only.kind, 1]];
  const times = new Map<SpanKind, number>();
  let all = 0;
  for (let at = first; at <= last; at++) {
    const index = row[at] ?? -1;
    const span = scene.spans[index];
    if (span === undefined) continue;
    // A span without duration still counts a little.
    const time = Math.max((until[index] ?? 0) - span.start, 0.1);
    times.set(span.kind, (times.get(span.kind) ?? 0) + time);
    all += time;
  }
  return ORDER.filter((kind) => times.has(kind))
    .map((kind) => [kind, (times.get(kind) ?? 0) / all]);
}

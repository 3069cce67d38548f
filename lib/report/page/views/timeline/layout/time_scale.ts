/**
 * Time on paper: where a moment lies when long idle times are shortened.
 *
 * Lengths on paper are milliseconds too, less what was shortened. Nothing is shortened unless
 * asked for, and every gap can be told, so that a view can mark it.
 *
 * @module
 */

import type { Scene } from "./scene.ts";

/** An idle time that was shortened. */
export interface Gap {
  readonly start: number;
  readonly end: number;
  /** Where it lies on paper. */
  readonly from: number;
  readonly to: number;
}

/** An idle time has to be this part of all the rest to be worth shortening. */
const WORTH = 0.15;
/** What remains of it, as a part of all the rest. */
const REST = 0.03;
/** Times below are never shortened, in milliseconds. */
const SHORTEST = 1000;

/** Moments to places on paper and back. */
export class TimeScale {
  /** The first moment. */
  readonly start: number;
  /** The last moment. */
  readonly end: number;
  /** Idle times that are shortened, in order. */
  readonly gaps: readonly Gap[];
  /** Length on paper, at least 1. */
  readonly length: number;

  constructor(start: number, end: number, gaps: readonly Gap[] = []) {
    this.start = start;
    this.end = Math.max(end, start + 1);
    this.gaps = gaps;
    this.length = this.place(this.end);
  }

  /** The whole of a scene, with long idle times shortened if asked for. */
  static of(scene: Scene, shorten: boolean): TimeScale {
    const gaps = shorten ? shortened(scene) : [];
    return new TimeScale(scene.start, scene.end, gaps);
  }

  /** Where a moment lies on paper. */
  place(time: number): number {
    const gap = lastBefore(this.gaps, (each) => each.start <= time);
    if (gap === undefined) return time - this.start;
    if (time >= gap.end) return gap.to + time - gap.end;
    const part = (time - gap.start) / (gap.end - gap.start);
    return gap.from + part * (gap.to - gap.from);
  }

  /** The moment at a place on paper. */
  time(place: number): number {
    const gap = lastBefore(this.gaps, (each) => each.from <= place);
    if (gap === undefined) return this.start + place;
    if (place >= gap.to) return gap.end + place - gap.to;
    const part = (place - gap.from) / (gap.to - gap.from);
    return gap.start + part * (gap.end - gap.start);
  }

  /** How much time the gaps leave out. */
  get left(): number {
    return this.gaps.reduce(
      (sum, gap) => sum + (gap.end - gap.start) - (gap.to - gap.from),
      0,
    );
  }
}

/** Idle times worth shortening, in order. */
export function shortened(scene: Scene): Gap[] {
  const idle = idleTimes(scene);
  const all = Math.max(1, scene.end - scene.start);
  const busy = all - idle.reduce((sum, [from, to]) => sum + to - from, 0);
  const rest = Math.max(busy, 1);
  const least = Math.max(SHORTEST, rest * WORTH);
  const gaps: Gap[] = [];
  let left = 0;
  for (const [start, end] of idle) {
    if (end - start < least) continue;
    const from = start - scene.start - left;
    const to = from + Math.min(end - start, Math.max(rest * REST, 1));
    gaps.push({ start, end, from, to });
    left += end - start - (to - from);
  }
  return gaps;
}

/** Times in which nothing ran. What has no end counts with its beginning only. */
function idleTimes(scene: Scene): (readonly [number, number])[] {
  const spans = [
    ...scene.spans.map((span) => [span.start, span.end ?? span.start] as const),
    ...scene.edges.flatMap((edge) => [
      [edge.from.time, edge.from.time] as const,
      [edge.to.time, edge.to.time] as const,
    ]),
  ].sort((a, b) => a[0] - b[0]);
  const idle: (readonly [number, number])[] = [];
  let busyUntil = scene.start;
  for (const [start, end] of [...spans, [scene.end, scene.end] as const]) {
    if (start > busyUntil) idle.push([busyUntil, start]);
    busyUntil = Math.max(busyUntil, end);
  }
  return idle;
}

/** The last of a sorted list that still holds. */
function lastBefore<T>(
  list: readonly T[],
  holds: (each: T) => boolean,
): T | undefined {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const each = list[middle];
    if (each !== undefined && holds(each)) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}

/**
 * The time axis: maps times to positions when long idle times are shortened.
 *
 * Positions are milliseconds from the start, without what was shortened. Nothing is shortened
 * unless requested, and all gaps are listed, so that a view can mark them.
 *
 * @module
 */

import type { Scene } from "./scene.ts";

/** An idle time that was shortened. */
export interface Gap {
  readonly start: number;
  readonly end: number;
  /** Its positions on the axis. */
  readonly from: number;
  readonly to: number;
}

/** Minimum length of an idle time that is shortened, as a part of the busy time. */
const WORTH = 0.15;
/** Length of a shortened idle time, as a part of the busy time. */
const REST = 0.03;
/** Minimum length of an idle time that is shortened, in milliseconds. */
const SHORTEST = 1000;

/** Maps times to positions and back. */
export class TimeScale {
  /** The first time. */
  readonly start: number;
  /** The last time. */
  readonly end: number;
  /** Idle times that are shortened, in order. */
  readonly gaps: readonly Gap[];
  /** Length of the axis, at minLength 1. */
  readonly length: number;

  constructor(start: number, end: number, gaps: readonly Gap[] = []) {
    this.start = start;
    this.end = Math.max(end, start + 1);
    this.gaps = gaps;
    this.length = this.toPosition(this.end);
  }

  /** The time axis of a scene, with long idle times shortened if requested. */
  static of(scene: Scene, shorten: boolean): TimeScale {
    const gaps = shorten ? shortened(scene) : [];
    return new TimeScale(scene.start, scene.end, gaps);
  }

  toPosition(time: number): number {
    const gap = lastBefore(this.gaps, (each) => each.start <= time);
    if (gap === undefined) return time - this.start;
    if (time >= gap.end) return gap.to + time - gap.end;
    const part = (time - gap.start) / (gap.end - gap.start);
    return gap.from + part * (gap.to - gap.from);
  }

  toTime(position: number): number {
    const gap = lastBefore(this.gaps, (each) => each.from <= position);
    if (gap === undefined) return this.start + position;
    if (position >= gap.to) return gap.end + position - gap.to;
    const part = (position - gap.from) / (gap.to - gap.from);
    return gap.start + part * (gap.end - gap.start);
  }

  /** The time that the gaps omit. */
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
  const minLength = Math.max(SHORTEST, rest * WORTH);
  const gaps: Gap[] = [];
  let left = 0;
  for (const [start, end] of idle) {
    if (end - start < minLength) continue;
    const from = start - scene.start - left;
    const to = from + Math.min(end - start, Math.max(rest * REST, 1));
    gaps.push({ start, end, from, to });
    left += end - start - (to - from);
  }
  return gaps;
}

/** Times in which nothing ran. A span without an end counts with its start only. */
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

/** The last entry of a sorted list for which `holds` is true. */
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

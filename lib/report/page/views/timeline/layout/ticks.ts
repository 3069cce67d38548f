/**
 * Ticks: round times since the start of a session, as many as fit.
 *
 * @module
 */

import type { TimeScale } from "./time_scale.ts";
import { pixelsPerMs, toPixel, toPosition, type Viewport } from "./viewport.ts";

/** A time with a line and a label. */
export interface Tick {
  /** Pixel of the line. */
  readonly x: number;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks, in milliseconds. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((n) => n * DAY),
];

/** The smallest round distance that leaves `room` pixels between two ticks. */
function tickStep(view: Viewport, room: number): number {
  const minStep = room / pixelsPerMs(view);
  return STEPS.find((step) => step >= minStep) ??
    (STEPS.at(-1) ?? DAY) * Math.ceil(minStep / (STEPS.at(-1) ?? DAY));
}

/** Ticks of the range in view, at minStep `room` pixels apart; none inside a shortened gap. */
export function ticks(scale: TimeScale, view: Viewport, room = 84): Tick[] {
  const step = tickStep(view, room);
  const found: Tick[] = [];
  let last = -Infinity;
  for (const [from, to] of stretches(scale, view)) {
    const first = Math.ceil((from - scale.start) / step);
    const end = Math.floor((to - scale.start) / step);
    for (let n = first; n <= end; n++) {
      const x = toPixel(view, scale.toPosition(scale.start + n * step));
      if (x - last < room * 0.8) continue;
      found.push({ x, label: offset(n * step, step) });
      last = x;
    }
  }
  return found;
}

/** Times in view that are not shortened. */
function stretches(
  scale: TimeScale,
  view: Viewport,
): (readonly [number, number])[] {
  const from = Math.max(scale.start, scale.toTime(toPosition(view, 0)));
  const to = Math.min(scale.end, scale.toTime(toPosition(view, view.width)));
  const found: (readonly [number, number])[] = [];
  let at = from;
  for (const gap of scale.gaps) {
    if (gap.end <= from || gap.start >= to) continue;
    if (gap.start > at) found.push([at, gap.start]);
    at = Math.max(at, gap.end);
  }
  if (at <= to) found.push([at, to]);
  return found;
}

/** A time since the start, as exact as the distance between ticks requires. */
function offset(ms: number, step: number): string {
  if (ms === 0) return "0";
  if (step >= DAY) return `${Math.round(ms / DAY)} d`;
  if (ms < SECOND) return `${ms} ms`;
  const digits = step >= SECOND ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(digits)} s`;
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const seconds = (ms % MINUTE) / SECOND;
  const clock = `${two((ms % HOUR) / MINUTE)}:${
    seconds.toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, "0")
  }`;
  if (ms < HOUR) return clock.replace(/^0/, "");
  const hours = `${Math.floor((ms % DAY) / HOUR)}:${clock}`;
  return ms < DAY ? hours : `${Math.floor(ms / DAY)} d ${hours}`;
}

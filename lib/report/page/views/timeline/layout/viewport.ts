/**
 * The range of the time axis in view, and its changes: zoom around a point, pan, fit.
 *
 * @module
 */

/** A range of positions, shown over a width in pixels. */
export interface Viewport {
  readonly from: number;
  readonly to: number;
  /** In CSS pixels, at least 1. */
  readonly width: number;
}

/** Minimum range in view, in milliseconds. */
const CLOSEST = 4;
/** Margin on either side of the axis, as a part of its length. */
const MARGIN = 0.012;

/** The full axis. */
export function fitAll(length: number, width: number): Viewport {
  const room = length * MARGIN;
  return { from: -room, to: length + room, width: Math.max(1, width) };
}

/** A range, with a margin around it. */
export function fitRange(
  from: number,
  to: number,
  length: number,
  width: number,
): Viewport {
  const room = Math.max((to - from) * 0.15, CLOSEST / 2);
  return within({ from: from - room, to: to + room, width }, length);
}

/** Pixels per millisecond of the axis. */
export function pixelsPerMs(view: Viewport): number {
  return view.width / (view.to - view.from);
}

export function toPixel(view: Viewport, position: number): number {
  return (position - view.from) * pixelsPerMs(view);
}

export function toPosition(view: Viewport, pixel: number): number {
  return view.from + pixel / pixelsPerMs(view);
}

/** Zooms in by `factor`; the position at `pixel` stays there. */
export function zoomAt(
  view: Viewport,
  factor: number,
  pixel: number,
  length: number,
): Viewport {
  const fixed = toPosition(view, pixel);
  const all = fitAll(length, view.width);
  const max = all.to - all.from;
  const range = (view.to - view.from) / factor;
  const next = Math.min(Math.max(range, Math.min(CLOSEST, max)), max);
  const from = fixed - next * (pixel / view.width);
  return within({ from, to: from + next, width: view.width }, length);
}

/** Moves by pixels to the right. */
export function panBy(
  view: Viewport,
  pixels: number,
  length: number,
): Viewport {
  const by = pixels / pixelsPerMs(view);
  return within({ ...view, from: view.from + by, to: view.to + by }, length);
}

/** Moves by the minimum that brings a range into view; its start has precedence. */
export function reveal(
  view: Viewport,
  from: number,
  to: number,
  length: number,
): Viewport {
  const range = view.to - view.from;
  const edge = range * 0.06;
  if (from >= view.from && to <= view.to) return view;
  if (from >= view.from + edge && from <= view.to - edge) return view;
  const fits = to - from < range - 2 * edge;
  const start = from < view.from || !fits ? from - edge : to + edge - range;
  return within({ ...view, from: start, to: start + range }, length);
}

/** Another width for the same range. */
export function resized(view: Viewport, width: number): Viewport {
  return { ...view, width: Math.max(1, width) };
}

/** Limits a view to the axis and its margins. */
function within(view: Viewport, length: number): Viewport {
  const all = fitAll(length, view.width);
  const range = Math.min(view.to - view.from, all.to - all.from);
  const from = Math.min(Math.max(view.from, all.from), all.to - range);
  return { from, to: from + range, width: view.width };
}

/** A view of a range, within the limits of zoom. */
export function rangeView(
  from: number,
  to: number,
  length: number,
  width: number,
): Viewport {
  const range = Math.max(to - from, CLOSEST);
  return within({ from, to: from + range, width }, length);
}

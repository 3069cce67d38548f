/**
 * The part of the paper that is looked at, and how it moves: zoom about a point, pan, fit.
 *
 * @module
 */

/** A range on paper, shown over a width in pixels. */
export interface Viewport {
  readonly from: number;
  readonly to: number;
  /** In CSS pixels, at least 1. */
  readonly width: number;
}

/** No closer than this many milliseconds over the whole width. */
const CLOSEST = 4;
/** Room on either side of the whole, as a part of it. */
const MARGIN = 0.012;

/** All of the paper. */
export function fitAll(length: number, width: number): Viewport {
  const room = length * MARGIN;
  return { from: -room, to: length + room, width: Math.max(1, width) };
}

/** A range of the paper, with some room around it. */
export function fitRange(
  from: number,
  to: number,
  length: number,
  width: number,
): Viewport {
  const room = Math.max((to - from) * 0.15, CLOSEST / 2);
  return within({ from: from - room, to: to + room, width }, length);
}

/** Pixels per millisecond on paper. */
export function pixelsPerMs(view: Viewport): number {
  return view.width / (view.to - view.from);
}

/** The pixel of a place on paper. */
export function toPixel(view: Viewport, place: number): number {
  return (place - view.from) * pixelsPerMs(view);
}

/** The place on paper of a pixel. */
export function toPlace(view: Viewport, pixel: number): number {
  return view.from + pixel / pixelsPerMs(view);
}

/** Closer by `factor`, with what lies at `pixel` staying there. */
export function zoomAt(
  view: Viewport,
  factor: number,
  pixel: number,
  length: number,
): Viewport {
  const fixed = toPlace(view, pixel);
  const all = fitAll(length, view.width);
  const most = all.to - all.from;
  const range = (view.to - view.from) / factor;
  const next = Math.min(Math.max(range, Math.min(CLOSEST, most)), most);
  const from = fixed - next * (pixel / view.width);
  return within({ from, to: from + next, width: view.width }, length);
}

/** Moved by pixels: what lies to the right comes into view. */
export function panBy(
  view: Viewport,
  pixels: number,
  length: number,
): Viewport {
  const by = pixels / pixelsPerMs(view);
  return within({ ...view, from: view.from + by, to: view.to + by }, length);
}

/** Moved just as far as it takes to have a range in view; its beginning wins. */
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

/** Never beyond the paper and its margins. */
function within(view: Viewport, length: number): Viewport {
  const all = fitAll(length, view.width);
  const range = Math.min(view.to - view.from, all.to - all.from);
  const from = Math.min(Math.max(view.from, all.from), all.to - range);
  return { from, to: from + range, width: view.width };
}

/** A range of the paper, no closer and no farther than the view can go. */
export function look(
  from: number,
  to: number,
  length: number,
  width: number,
): Viewport {
  const range = Math.max(to - from, CLOSEST);
  return within({ from, to: from + range, width }, length);
}

/**
 * The state of a timeline and what is derived from it: rows, heights, the view, the filter. Methods
 * change it, and drawing only reads it. It does not depend on the DOM.
 *
 * @module
 */

import type { TimeRange } from "../../state/places.ts";
import type { Filters } from "../../view.ts";
import type { Projection } from "./layout/blocks.ts";
import { criticalPath, type PathPart } from "./layout/critical_path.ts";
import { edgeAt, type EdgePath, edgePaths } from "./layout/edge_path.ts";
import { type Geometry, spanAt, stack } from "./layout/geometry.ts";
import { pack, type Packed } from "./layout/pack.ts";
import { TimeScale } from "./layout/time_scale.ts";
import {
  fitAll,
  fitRange,
  panBy,
  rangeView,
  resized,
  reveal,
  toPixel,
  toPosition,
  type Viewport,
  zoomAt,
} from "./layout/viewport.ts";
import { type Reach, type Step, walk } from "./layout/walk.ts";
import type { Target } from "./layout/scene.ts";
import type { Collected } from "./collect_scene.ts";

/** Height of the axis, in pixels. */
export const AXIS = 26;

/** What is shown on either side of an object that a link names, in lengths of the object. */
const SURROUNDINGS = 4;

/** Maximum number of lanes that are all unfolded at first. */
const MAX_UNFOLDED = 12;

/** Whether a span matches the filters. */
export type Matcher = (span: number, filters: Filters) => boolean;

export class TimelineState {
  readonly collected: Collected;
  readonly packed: Packed;
  scale: TimeScale;
  view: Viewport;
  geometry: Geometry;
  selected: Target | null = null;
  focused: Target | null = null;
  hovered: Target | null = null;
  shorten = true;
  /** The range that is summed up; milliseconds since the start of the session. */
  range: TimeRange | null = null;
  /** The critical path that is shown. */
  path: { readonly turn: number; readonly parts: readonly PathPart[] } | null =
    null;
  readonly #matcher: Matcher;
  #filters: Filters = { failed: false, tool: null, thread: null };
  /** For each span, 1 when it does not match the filters. */
  readonly #dimmed: Uint8Array;
  #folded: ReadonlySet<number>;
  #lanes: readonly number[];
  #header = 0;
  #room = 0;

  constructor(collected: Collected, matcher: Matcher) {
    this.collected = collected;
    this.packed = pack(collected.scene);
    this.#matcher = matcher;
    this.#dimmed = new Uint8Array(collected.scene.spans.length);
    this.#lanes = collected.scene.lanes.map((_, lane) => lane);
    this.#folded = foldedAtFirst(collected.scene.lanes.length);
    this.scale = TimeScale.of(collected.scene, true);
    this.view = fitAll(this.scale.length, 1);
    this.geometry = this.#stack();
  }

  /** Lanes in view of the filter, in order. */
  get lanes(): readonly number[] {
    return this.#lanes;
  }

  /** How spans map to pixels at present. */
  get projection(): Projection {
    const { packed, scale, view } = this;
    const { spans } = packed.scene;
    const dimmed = this.#dimmed;
    return {
      ...{ packed, scale, view },
      group: (span) =>
        (dimmed[span] ?? 0) + (spans[span]?.isGrave === true ? 2 : 0),
    };
  }

  /** The arrows in view. */
  get paths(): EdgePath[] {
    return edgePaths(this.geometry, this.projection);
  }

  /** Whether a filter is set that spans may not match. */
  get filtering(): boolean {
    return this.#filters.failed || this.#filters.tool !== null;
  }

  /** How many spans in view of the filter match it. */
  get matching(): number {
    const shown = new Set(this.#lanes);
    return this.packed.scene.spans.filter((span, index) =>
      shown.has(span.lane) && !this.dimmed(index)
    ).length;
  }

  dimmed(span: number): boolean {
    return this.#dimmed[span] === 1;
  }

  /**
   * Sets the size: `room` is the height in view, `header` the height of a name above its rows, 0
   * for names beside the rows.
   */
  resize(width: number, room: number, header: number): void {
    this.#header = header;
    this.#room = room;
    this.view = resized(this.view, width);
    this.geometry = this.#stack();
  }

  filter(filters: Filters): void {
    this.#filters = filters;
    const { lanes, spans } = this.packed.scene;
    const only = filters.thread === null
      ? undefined
      : this.collected.laneOf(filters.thread);
    this.#lanes = lanes.map((_, lane) => lane)
      .filter((lane) => only === undefined || lane === only);
    spans.forEach((_, index) => {
      this.#dimmed[index] = this.#matcher(index, filters) ? 0 : 1;
    });
    this.geometry = this.#stack();
  }

  /** Lanes of which one row is shown. */
  get folded(): ReadonlySet<number> {
    return this.#folded;
  }

  /** Folds lanes, and unfolds all others. */
  fold(lanes: Iterable<number>): void {
    this.#folded = new Set(lanes);
    this.geometry = this.#stack();
  }

  /** Shortens long idle times, or shows them as long as they were. */
  setShorten(shorten: boolean): void {
    if (shorten === this.shorten) return;
    this.shorten = shorten;
    this.scale = TimeScale.of(this.packed.scene, shorten);
    this.view = fitAll(this.scale.length, this.view.width);
  }

  zoomed(factor: number, pixel = this.view.width / 2): Viewport {
    return zoomAt(this.view, factor, pixel, this.scale.length);
  }

  panned(pixels: number): Viewport {
    return panBy(this.view, pixels, this.scale.length);
  }

  fitted(): Viewport {
    return fitAll(this.scale.length, this.view.width);
  }

  /** The view with a target filling most of it. */
  zoomTo(target: Target): Viewport {
    const [from, to] = this.positionsOf(target);
    return fitRange(from, to, this.scale.length, this.view.width);
  }

  /** The view moved by the minimum that brings a target into view. */
  revealing(target: Target): Viewport {
    const [from, to] = this.positionsOf(target);
    return reveal(this.view, from, to, this.scale.length);
  }

  /** The view with a target in it that is wide enough to be seen, and what is around it. */
  around(target: Target): Viewport {
    const [from, to] = this.positionsOf(target);
    const room = (to - from) * SURROUNDINGS;
    return fitRange(from - room, to + room, this.scale.length, this.view.width);
  }

  /** The view of a range of time; milliseconds since the start of the session. */
  viewOf([from, to]: TimeRange): Viewport {
    const { start } = this.packed.scene;
    const [first, last] = [from, to].map((ms) =>
      this.scale.toPosition(start + ms)
    );
    const { length } = this.scale;
    return rangeView(first ?? 0, last ?? length, length, this.view.width);
  }

  /** The range of time in view; null where it is the complete session. */
  get zoom(): TimeRange | null {
    const { view, scale, packed: { scene } } = this;
    const all = this.fitted();
    if (view.from <= all.from && view.to >= all.to) return null;
    return [
      scale.toTime(view.from) - scene.start,
      scale.toTime(view.to) - scene.start,
    ];
  }

  /** The time at a pixel; milliseconds since the start of the session. */
  timeAt(pixel: number): number {
    const { scale, view } = this;
    const time = scale.toTime(toPosition(view, pixel));
    return Math.min(Math.max(time, scale.start), scale.end) - scale.start;
  }

  pixelsOf(range: TimeRange): [number, number] {
    const { scale, view } = this;
    const at = (ms: number) =>
      toPixel(view, scale.toPosition(scale.start + ms));
    return [at(range[0]), at(range[1])];
  }

  /** The range of a target; milliseconds since the start of the session. */
  rangeOf({ type, index }: Target): TimeRange {
    const { scene, until } = this.packed;
    const [start, end] = type === "span"
      ? [scene.spans[index]?.start, until[index]]
      : [scene.edges[index]?.from.time, scene.edges[index]?.to.time];
    const from = (start ?? scene.start) - scene.start;
    return [from, Math.max((end ?? scene.start) - scene.start, from + 1)];
  }

  /** Ids of the threads whose lanes are shown. */
  get threads(): ReadonlySet<string> {
    const { lanes } = this.packed.scene;
    return new Set(this.#lanes.map((lane) => lanes[lane]?.pointer[1] ?? ""));
  }

  /**
   * Shows the critical path of the turn of a target, or of the last turn of the root; none where it is
   * unknown what ran in turns.
   */
  showPath(isShown: boolean): void {
    const turn = isShown && !this.packed.scene.hasUnknownTimes
      ? this.#turnOf(this.focused ?? this.selected)
      : -1;
    if (turn === this.path?.turn) return;
    this.path = turn === -1
      ? null
      : { turn, parts: criticalPath(this.packed, turn) };
  }

  #turnOf(target: Target | null): number {
    const { scene, parent, roots } = this.packed;
    let at = target?.type === "span" ? target.index : -1;
    while (at !== -1 && scene.spans[at]?.kind !== "turn") at = parent[at] ?? -1;
    const isTurn = (span: number) => scene.spans[span]?.kind === "turn";
    return at !== -1 ? at : roots[0]?.findLast(isTurn) ?? -1;
  }

  /** Start and end of a target on the time axis. */
  positionsOf({ type, index }: Target): [number, number] {
    const { scene, until } = this.packed;
    const [start, end] = type === "span"
      ? [scene.spans[index]?.start, until[index]]
      : [scene.edges[index]?.from.time, scene.edges[index]?.to.time];
    return [
      this.scale.toPosition(start ?? scene.start),
      this.scale.toPosition(end ?? start ?? scene.start),
    ];
  }

  /** Position of a target's lane. */
  laneOf({ type, index }: Target): number {
    const { spans, edges } = this.packed.scene;
    return (type === "span" ? spans[index]?.lane : edges[index]?.from.lane) ??
      0;
  }

  /** The target at a point, or the nearest one within `reach` pixels; arrows have precedence. */
  at(x: number, y: number, reach: number): Target | null {
    const { paths, geometry, projection } = this;
    for (const near of [Math.min(reach, 4), reach]) {
      const edge = edgeAt(paths, [x, y], near);
      if (edge !== -1) return { type: "edge", index: edge };
      const within = near < reach ? 0.5 : reach;
      const span = spanAt(geometry, projection, [x, y], within);
      if (span !== -1) return { type: "span", index: span };
    }
    return null;
  }

  /** The target of a keyboard step. */
  step(step: Step): Target | null {
    const from = this.focused ?? this.selected;
    const { edges } = this.packed.scene;
    const end = from?.type !== "edge"
      ? from?.index ?? -1
      : edges[from.index]?.[step === "next" ? "to" : "from"].span ?? -1;
    if (from?.type === "edge" && end !== -1) {
      return { type: "span", index: end };
    }
    const index = walk(this.packed, end, step, this.#reach());
    return index === -1 ? null : { type: "span", index };
  }

  /** The next or previous arrow in order of time. */
  stepEdge(by: 1 | -1): Target | null {
    const { edges } = this.packed.scene;
    const shown = edges.map((_, index) => index)
      .filter((index) => !this.edgeHidden(index))
      .sort((a, b) =>
        (edges[a]?.from.time ?? 0) - (edges[b]?.from.time ?? 0) || a - b
      );
    const from = this.focused ?? this.selected;
    const at = from?.type === "edge" ? shown.indexOf(from.index) : -1;
    const next = at === -1
      ? (by === 1 ? shown[0] : shown.at(-1))
      : shown[at + by] ?? from?.index;
    return next === undefined ? null : { type: "edge", index: next };
  }

  /** Whether an end of an arrow is in a lane that is not shown. */
  edgeHidden(edge: number): boolean {
    const { from, to } = this.packed.scene.edges[edge] ?? {};
    return this.geometry.byLane[from?.lane ?? -1] === undefined ||
      this.geometry.byLane[to?.lane ?? -1] === undefined;
  }

  #reach(): Reach {
    return {
      lanes: this.#lanes,
      matches: this.filtering ? (span) => !this.dimmed(span) : null,
    };
  }

  #stack(): Geometry {
    return stack(this.packed, {
      header: this.#header,
      rowHeight: 20,
      top: AXIS,
      room: this.#room,
      lanes: this.#lanes,
      folded: this.#folded,
    });
  }
}

/** With many lanes, all but the first are folded until the reader unfolds them. */
function foldedAtFirst(lanes: number): ReadonlySet<number> {
  if (lanes <= MAX_UNFOLDED) return new Set();
  return new Set(Array.from({ length: lanes - 1 }, (_, at) => at + 1));
}

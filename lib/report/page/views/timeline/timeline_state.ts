/**
 * What a timeline shows at the moment, and everything that follows from it: rows, heights, the
 * view, the filter. Changes come in through methods; drawing only reads. Knows no element.
 *
 * @module
 */

import type { Filters } from "../../view.ts";
import type { Lens } from "./layout/blocks.ts";
import { edgeAt, type EdgePath, edgePaths } from "./layout/edge_path.ts";
import { type Geometry, spanAt, stack } from "./layout/geometry.ts";
import { pack, type Packed } from "./layout/pack.ts";
import { TimeScale } from "./layout/time_scale.ts";
import {
  fitAll,
  fitRange,
  panBy,
  resized,
  reveal,
  type Viewport,
  zoomAt,
} from "./layout/viewport.ts";
import { type Reach, type Step, walk } from "./layout/walk.ts";
import type { Target } from "./layout/scene.ts";
import type { Collected } from "./collect_scene.ts";

/** Height of the axis, in pixels. */
export const AXIS = 26;

/** Which spans a filter is after. */
export type Matcher = (span: number, filters: Filters) => boolean;

/** The state of a timeline. */
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
  readonly #matcher: Matcher;
  #filters: Filters = { failed: false, tool: null, thread: null };
  /** Of each span, 1 when the filter is not after it. */
  readonly #dimmed: Uint8Array;
  #lanes: readonly number[];
  #header = 0;
  #room = 0;

  constructor(collected: Collected, matcher: Matcher) {
    this.collected = collected;
    this.packed = pack(collected.scene);
    this.#matcher = matcher;
    this.#dimmed = new Uint8Array(collected.scene.spans.length);
    this.#lanes = collected.scene.lanes.map((_, lane) => lane);
    this.scale = TimeScale.of(collected.scene, true);
    this.view = fitAll(this.scale.length, 1);
    this.geometry = this.#stack();
  }

  /** Lanes in view of the filter, in order. */
  get lanes(): readonly number[] {
    return this.#lanes;
  }

  /** What to look at, and through what. */
  get lens(): Lens {
    const { packed, scale, view } = this;
    const { spans } = packed.scene;
    const dimmed = this.#dimmed;
    return {
      ...{ packed, scale, view },
      group: (span) => (dimmed[span] ?? 0) + (spans[span]?.failed === true ? 2 : 0),
    };
  }

  /** The arrows in view. */
  get paths(): EdgePath[] {
    return edgePaths(this.geometry, this.lens);
  }

  /** Whether a filter is on that spans may fail to match. */
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

  /** Another size: `room` is the height in view, `header` the height of a name above its rows, 0 beside them. */
  resize(width: number, room: number, header: number): void {
    this.#header = header;
    this.#room = room;
    this.view = resized(this.view, width);
    this.geometry = this.#stack();
  }

  filter(filters: Filters): void {
    this.#filters = filters;
    const { lanes, spans } = this.packed.scene;
    const only = filters.thread === null ? undefined : this.collected.laneOf(filters.thread);
    this.#lanes = lanes.map((_, lane) => lane)
      .filter((lane) => only === undefined || lane === only);
    spans.forEach((_, index) => {
      this.#dimmed[index] = this.#matcher(index, filters) ? 0 : 1;
    });
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

  whole(): Viewport {
    return fitAll(this.scale.length, this.view.width);
  }

  /** The view with a target filling most of it. */
  closeTo(target: Target): Viewport {
    const [from, to] = this.placesOf(target);
    return fitRange(from, to, this.scale.length, this.view.width);
  }

  /** The view moved just far enough to have a target in it. */
  revealing(target: Target): Viewport {
    const [from, to] = this.placesOf(target);
    return reveal(this.view, from, to, this.scale.length);
  }

  /** Where a target lies on paper. */
  placesOf({ type, index }: Target): [number, number] {
    const { scene, until } = this.packed;
    const [start, end] = type === "span"
      ? [scene.spans[index]?.start, until[index]]
      : [scene.edges[index]?.from.time, scene.edges[index]?.to.time];
    return [
      this.scale.place(start ?? scene.start),
      this.scale.place(end ?? start ?? scene.start),
    ];
  }

  /** Position of a target's lane. */
  laneOf({ type, index }: Target): number {
    const { spans, edges } = this.packed.scene;
    return (type === "span" ? spans[index]?.lane : edges[index]?.from.lane) ??
      0;
  }

  /** What lies at a point, or within `reach` pixels of it: what is nearest, arrows first. */
  at(x: number, y: number, reach: number): Target | null {
    const { paths, geometry, lens } = this;
    for (const near of [Math.min(reach, 4), reach]) {
      const edge = edgeAt(paths, [x, y], near);
      if (edge !== -1) return { type: "edge", index: edge };
      const within = near < reach ? 0.5 : reach;
      const span = spanAt(geometry, lens, [x, y], within);
      if (span !== -1) return { type: "span", index: span };
    }
    return null;
  }

  /** Where a step of the keyboard leads. */
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
      .sort((a, b) => (edges[a]?.from.time ?? 0) - (edges[b]?.from.time ?? 0) || a - b);
    const from = this.focused ?? this.selected;
    const at = from?.type === "edge" ? shown.indexOf(from.index) : -1;
    const next = at === -1 ? (by === 1 ? shown[0] : shown.at(-1)) : shown[at + by] ?? from?.index;
    return next === undefined ? null : { type: "edge", index: next };
  }

  /** Whether an end of an arrow lies in a lane that is not shown. */
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
    });
  }
}

/**
 * Arrows between lanes, from the sender to the receiver.
 *
 * @module
 */

import { barTop, type Geometry } from "./geometry.ts";
import type { Projection } from "./blocks.ts";
import type { EdgeEnd, SceneEdge } from "./scene.ts";
import { toPixel } from "./viewport.ts";

/** A point in CSS pixels. */
export type Point = readonly [x: number, y: number];

/** A curve with the handles of a Bezier, and the position of its word. */
export interface EdgePath {
  /** Position of the edge in the scene. */
  readonly edge: number;
  readonly from: Point;
  readonly to: Point;
  readonly handles: readonly [Point, Point];
  /** Position of its word: where it crosses the space below the upper lane. */
  readonly word: Point;
  /** How many arrows its word represents; 0 where another arrow of its bundle has the word. */
  readonly bundled: number;
}

type Curve = Pick<EdgePath, "from" | "to" | "handles">;

/** The arrows that are at least partly in view. */
export function edgePaths(
  geometry: Geometry,
  projection: Projection,
): EdgePath[] {
  const found: EdgePath[] = [];
  projection.packed.scene.edges.forEach((edge, index) => {
    const path = edgePath(edge, index, geometry, projection);
    if (path === null) return;
    const left = Math.min(path.from[0], path.to[0]) - BEND;
    const right = Math.max(path.from[0], path.to[0]) + BEND;
    if (right >= 0 && left <= projection.view.width) found.push(path);
  });
  return bundled(found, projection);
}

/** Maximum distance between the starts of two arrows of a bundle, in pixels. */
const CLOSE = 28;
/** Minimum number of arrows of a bundle. */
const MIN_BUNDLE = 3;

/**
 * Arrows of one kind that leave one lane close together, in one direction, lead along one line, and
 * share a word.
 */
function bundled(
  paths: readonly EdgePath[],
  { packed: { scene } }: Projection,
): EdgePath[] {
  const groups = new Map<string, EdgePath[]>();
  const inOrder = paths.toSorted((a, b) => a.from[0] - b.from[0]);
  for (const path of inOrder) {
    const edge = scene.edges[path.edge];
    const isDown = path.to[1] >= path.from[1];
    const key = `${edge?.from.lane} ${edge?.kind} ${isDown}`;
    const group = groups.get(key);
    const last = group?.at(-1);
    if (last === undefined || path.from[0] - last.from[0] > CLOSE) {
      if (group !== undefined) groups.set(`${key} ${path.edge}`, group);
      groups.set(key, [path]);
    } else group?.push(path);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < MIN_BUNDLE ? group : alongOneLine(group)
  );
}

function alongOneLine(group: readonly EdgePath[]): EdgePath[] {
  const x = Math.min(...group.map(({ from, to }) => Math.min(from[0], to[0]))) -
    TRUNK;
  return group.map((path, at) => ({
    ...path,
    handles: [
      [x, path.from[1] + (path.to[1] - path.from[1]) * 0.1],
      [x, path.to[1]],
    ],
    bundled: at === 0 ? group.length : 0,
  }));
}

/** Distance of the common line of a bundle from its arrows, in pixels. */
const TRUNK = 10;

/** Maximum horizontal distance of a handle, in pixels. */
const BEND = 42;

function edgePath(
  edge: SceneEdge,
  index: number,
  geometry: Geometry,
  projection: Projection,
): EdgePath | null {
  const down = edge.to.lane >= edge.from.lane;
  const from = endPoint(edge.from, down, geometry, projection);
  const to = endPoint(edge.to, !down, geometry, projection);
  if (from === null || to === null) return null;
  const rise = Math.abs(to[1] - from[1]);
  const bend = Math.min(BEND, 10 + rise / 4 + Math.abs(to[0] - from[0]) / 3);
  // Leaves the sender to the right and reaches the receiver from the left, in the direction of
  // time.
  const curve: Curve = {
    from,
    to,
    handles: [[from[0] + bend, from[1]], [to[0] - bend, to[1]]],
  };
  const upper = geometry.byLane[Math.min(edge.from.lane, edge.to.lane)];
  const height = (upper?.bottom ?? 0) - WORD;
  const word = pointOn(curve, partAt(curve, height));
  return { ...curve, edge: index, word, bundled: 1 };
}

/** Middle of a word above the bottom of a lane, in pixels. */
const WORD = 10;

/** The parameter at which a curve is at a height; a curve is monotonic in height. */
function partAt(curve: Curve, height: number): number {
  const down = curve.to[1] >= curve.from[1];
  let [low, high] = [0, 1];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if ((pointOn(curve, middle)[1] < height) === down) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function endPoint(
  end: EdgeEnd,
  low: boolean,
  geometry: Geometry,
  projection: Projection,
): Point | null {
  const box = geometry.byLane[end.lane];
  if (box === undefined) return null;
  const x = toPixel(projection.view, projection.scale.toPosition(end.time));
  const top = barTop(projection.packed, geometry, end.span);
  if (top !== null) return [x, top + box.barHeight / 2];
  return [x, low ? box.bottom - 4 : box.rowsTop - 2];
}

/** A point of the curve; 0 is its start, 1 its end. */
export function pointOn(path: Curve, part: number): Point {
  const rest = 1 - part;
  const weights = [
    rest ** 3,
    3 * rest ** 2 * part,
    3 * rest * part ** 2,
    part ** 3,
  ];
  const points = [path.from, path.handles[0], path.handles[1], path.to];
  const sum = (axis: 0 | 1) =>
    points.reduce((all, p, i) => all + p[axis] * (weights[i] ?? 0), 0);
  return [sum(0), sum(1)];
}

/** The arrow within `reach` pixels of a point; -1 for none. */
export function edgeAt(
  paths: readonly EdgePath[],
  [x, y]: Point,
  reach = 5,
): number {
  let [best, nearest] = [-1, reach * reach];
  for (const path of paths) {
    for (let i = 0; i < SAMPLES; i++) {
      const away = toSegment(
        [x, y],
        pointOn(path, i / SAMPLES),
        pointOn(path, (i + 1) / SAMPLES),
      );
      if (away < nearest) [best, nearest] = [path.edge, away];
    }
  }
  return best;
}

const SAMPLES = 12;

/** Square of the distance of a point to a straight line between two others. */
function toSegment([x, y]: Point, [x0, y0]: Point, [x1, y1]: Point): number {
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const along = length === 0
    ? 0
    : ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length;
  const part = Math.min(1, Math.max(0, along));
  return (x - x0 - part * (x1 - x0)) ** 2 + (y - y0 - part * (y1 - y0)) ** 2;
}

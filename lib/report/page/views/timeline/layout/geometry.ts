/**
 * Vertical layout: the positions of lanes and rows, and the span at a point.
 *
 * Rows are lower when there are very many, so that highly parallel work stays in view.
 *
 * @module
 */

import { pixels, type Projection } from "./blocks.ts";
import type { Packed } from "./pack.ts";

/** A lane with its position, in CSS pixels from the top of the first lane. */
export interface LaneBox {
  /** Position in the scene. */
  readonly lane: number;
  readonly top: number;
  /** Top of the first row. */
  readonly rowsTop: number;
  readonly bottom: number;
}

/** The positions of all lanes. */
export interface Geometry {
  readonly lanes: readonly LaneBox[];
  /** The box of each lane of the scene; undefined when it is not shown. */
  readonly byLane: readonly (LaneBox | undefined)[];
  /** Distance from one row to the next. */
  readonly rowHeight: number;
  /** Height of a span. */
  readonly barHeight: number;
  readonly height: number;
}

/** The measures that a geometry depends on. */
export interface Measures {
  /** Height above the rows for the name of the lane; 0 when names are beside the rows. */
  readonly header: number;
  readonly rowHeight: number;
  /** Top of the first lane. */
  readonly top: number;
  /** Available height for all lanes; rows grow as long as all fit. */
  readonly room: number;
  /** Lanes shown, in order. */
  readonly lanes: readonly number[];
}

/** Space above the rows for the lifetime of the thread. */
const ABOVE = 9;
/** Space below the rows. */
const PADDING = 6;
/** Space below the rows for the words of arrows between the lanes. */
const WORDS = 18;
/** Maximum height of a row. */
const MAX_ROW_HEIGHT = 26;
/** Minimum height of a lane's rows, so that its name fits beside them. */
const MIN_LANE_HEIGHT = 40;
/** Maximum number of rows of full height; more rows are half as high. */
const CROWD = 40;

/** Stacks the lanes. */
export function stack(packed: Packed, measures: Measures): Geometry {
  const lanes: LaneBox[] = [];
  const byLane: (LaneBox | undefined)[] = packed.scene.lanes.map(() =>
    undefined
  );
  const rowHeight = rowHeightOf(packed, measures);
  const below = packed.scene.edges.length > 0 ? WORDS : PADDING;
  let top = measures.top;
  for (const lane of measures.lanes) {
    const rows = packed.rows[lane]?.length ?? 0;
    const rowsTop = top + measures.header + ABOVE;
    const minHeight = measures.header === 0 ? MIN_LANE_HEIGHT : rowHeight;
    const bottom = rowsTop + Math.max(rows * rowHeight, minHeight) + below;
    const box = { lane, top, rowsTop, bottom };
    lanes.push(box);
    byLane[lane] = box;
    top = bottom;
  }
  return {
    lanes,
    byLane,
    rowHeight,
    barHeight: rowHeight - (rowHeight > 12 ? 4 : 1),
    height: top,
  };
}

/** The row height at which all lanes fit, within limits; half of it for very many rows. */
function rowHeightOf(packed: Packed, { lanes, ...measures }: Measures): number {
  const rows = lanes.map((lane) => packed.rows[lane]?.length ?? 0);
  if (Math.max(0, ...rows) > CROWD) return Math.ceil(measures.rowHeight / 2);
  const all = rows.reduce((sum, each) => sum + Math.max(each, 2), 0);
  const beside = lanes.length * (measures.header + ABOVE + WORDS);
  const fitting = Math.floor((measures.room - measures.top - beside) / all);
  return Math.min(MAX_ROW_HEIGHT, Math.max(measures.rowHeight, fitting));
}

/** Top of a span's bar; null when its lane is not shown. */
export function barTop(
  packed: Packed,
  geometry: Geometry,
  span: number,
): number | null {
  const box = geometry.byLane[packed.scene.spans[span]?.lane ?? -1];
  if (box === undefined) return null;
  return box.rowsTop + (packed.row[span] ?? 0) * geometry.rowHeight;
}

/** The lane at a height; undefined between and below. */
function laneAt(geometry: Geometry, y: number): LaneBox | undefined {
  return geometry.lanes.find((box) => y >= box.top && y < box.bottom);
}

/** The span at a point, or the nearest one of its row within `reach` pixels; -1 for none. */
export function spanAt(
  geometry: Geometry,
  projection: Projection,
  [x, y]: readonly [number, number],
  reach = 4,
): number {
  const box = laneAt(geometry, y);
  if (box === undefined || y < box.rowsTop) return -1;
  const row = Math.floor((y - box.rowsTop) / geometry.rowHeight);
  const spans = projection.packed.rows[box.lane]?.[row] ?? [];
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pixels(spans[middle] ?? -1, projection)[0] <= x) low = middle + 1;
    else high = middle;
  }
  let [best, nearest] = [-1, reach];
  for (const span of [spans[low - 1], spans[low], spans[low - 2]]) {
    if (span === undefined) continue;
    const [x0, x1] = pixels(span, projection);
    const away = x < x0 ? x0 - x : x > x1 ? x - x1 : 0;
    if (away < nearest || (away === 0 && best === -1)) {
      [best, nearest] = [span, away];
    }
  }
  return best;
}

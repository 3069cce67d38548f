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
  /** Whether only one row of it is shown. */
  readonly isFolded: boolean;
  /** The rows shown, from top to bottom. */
  readonly rows: readonly (readonly number[])[];
  /** Distance from one row to the next, and height of a span. */
  readonly rowHeight: number;
  readonly barHeight: number;
}

/** The positions of all lanes. */
export interface Geometry {
  readonly lanes: readonly LaneBox[];
  /** The box of each lane of the scene; undefined when it is not shown. */
  readonly byLane: readonly (LaneBox | undefined)[];
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
  /** Lanes of which one row is shown. */
  readonly folded: ReadonlySet<number>;
}

/** Space above the rows for the lifetime of the thread. */
const ABOVE = 9;
/** Space below the rows. */
const PADDING = 6;
/** Space below the rows for the words of arrows between the lanes. */
const WORDS = 18;
/** Maximum height of a row. */
const MAX_ROW_HEIGHT = 26;
/** Height of the one row of a folded lane, and the space above and below it. */
const FOLDED_ROW = 16;
const FOLDED_PADDING = 4;
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
  const barHeight = rowHeight - (rowHeight > 12 ? 4 : 1);
  const below = packed.scene.edges.length > 0 ? WORDS : PADDING;
  let top = measures.top;
  for (const lane of measures.lanes) {
    const all = packed.rows[lane] ?? [];
    if (measures.folded.has(lane)) {
      const rowsTop = top + measures.header + FOLDED_PADDING;
      const bottom = rowsTop + FOLDED_ROW + FOLDED_PADDING;
      // The first row below the turns has the requests and the tool calls.
      const rows = [all[1] ?? all[0] ?? []];
      const box = {
        ...{ lane, top, rowsTop, bottom, rows },
        isFolded: true,
        rowHeight: FOLDED_ROW,
        barHeight: FOLDED_ROW,
      };
      lanes.push(box);
      byLane[lane] = box;
      top = bottom;
      continue;
    }
    const rows = all.length;
    const rowsTop = top + measures.header + ABOVE;
    const minHeight = measures.header === 0 ? MIN_LANE_HEIGHT : rowHeight;
    const bottom = rowsTop + Math.max(rows * rowHeight, minHeight) + below;
    const box = {
      ...{ lane, top, rowsTop, bottom, rows: all, rowHeight, barHeight },
      isFolded: false,
    };
    lanes.push(box);
    byLane[lane] = box;
    top = bottom;
  }
  return { lanes, byLane, height: top };
}

/** The row height at which all lanes fit, within limits; half of it for very many rows. */
function rowHeightOf(packed: Packed, measures: Measures): number {
  const lanes = measures.lanes.filter((lane) => !measures.folded.has(lane));
  const rows = lanes.map((lane) => packed.rows[lane]?.length ?? 0);
  if (Math.max(0, ...rows) > CROWD) return Math.ceil(measures.rowHeight / 2);
  const all = rows.reduce((sum, each) => sum + Math.max(each, 2), 0);
  const beside = lanes.length * (measures.header + ABOVE + WORDS);
  const folded = (measures.lanes.length - lanes.length) *
    (measures.header + FOLDED_ROW + 2 * FOLDED_PADDING);
  const room = measures.room - measures.top - beside - folded;
  const fitting = Math.floor(room / Math.max(1, all));
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
  if (box.isFolded) return box.rowsTop;
  return box.rowsTop + (packed.row[span] ?? 0) * box.rowHeight;
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
  const row = Math.floor((y - box.rowsTop) / box.rowHeight);
  const spans = box.rows[row] ?? [];
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

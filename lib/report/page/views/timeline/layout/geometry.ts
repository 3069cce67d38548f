/**
 * Heights: where lanes and rows stand, and what lies under a point.
 *
 * Rows are lower when there are very many, so that a crowd of parallel work stays in view.
 *
 * @module
 */

import { type Lens, pixels } from "./blocks.ts";
import type { Packed } from "./pack.ts";

/** A lane with its place, in CSS pixels from the top of the first. */
export interface LanePlace {
  /** Position in the scene. */
  readonly lane: number;
  readonly top: number;
  /** Where the rows begin. */
  readonly rowsTop: number;
  readonly bottom: number;
}

/** Every height. */
export interface Geometry {
  readonly lanes: readonly LanePlace[];
  /** Of each lane of the scene its place; undefined when it is not shown. */
  readonly byLane: readonly (LanePlace | undefined)[];
  /** From one row to the next. */
  readonly rowHeight: number;
  /** Of a span. */
  readonly barHeight: number;
  readonly height: number;
}

/** What a geometry depends on besides the rows. */
export interface Measures {
  /** Height above the rows for the name of the lane; 0 when names stand beside the rows. */
  readonly header: number;
  readonly rowHeight: number;
  /** Where the first lane begins. */
  readonly top: number;
  /** Height there is for all lanes; rows grow as far as they all fit into it. */
  readonly room: number;
  /** Lanes shown, in order. */
  readonly lanes: readonly number[];
}

/** Room above the rows for the life of the thread. */
const ABOVE = 9;
/** Room below the rows. */
const PADDING = 6;
/** Room below the rows for the words of arrows between the lanes. */
const WORDS = 18;
/** No row is higher. */
const HIGHEST = 26;
/** Least height of a lane's rows, so that a name has room beside them. */
const LEAST = 40;
/** Rows above this number are half as high. */
const CROWD = 40;

/** Stacks the lanes. */
export function stack(packed: Packed, measures: Measures): Geometry {
  const lanes: LanePlace[] = [];
  const byLane: (LanePlace | undefined)[] = packed.scene.lanes.map(() => undefined);
  const rowHeight = rowHeightOf(packed, measures);
  const below = packed.scene.edges.length > 0 ? WORDS : PADDING;
  let top = measures.top;
  for (const lane of measures.lanes) {
    const rows = packed.rows[lane]?.length ?? 0;
    const rowsTop = top + measures.header + ABOVE;
    const least = measures.header === 0 ? LEAST : rowHeight;
    const bottom = rowsTop + Math.max(rows * rowHeight, least) + below;
    const place = { lane, top, rowsTop, bottom };
    lanes.push(place);
    byLane[lane] = place;
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

/** As high as fits, within reason; half as high in a crowd. */
function rowHeightOf(packed: Packed, { lanes, ...measures }: Measures): number {
  const rows = lanes.map((lane) => packed.rows[lane]?.length ?? 0);
  if (Math.max(0, ...rows) > CROWD) return Math.ceil(measures.rowHeight / 2);
  const all = rows.reduce((sum, each) => sum + Math.max(each, 2), 0);
  const beside = lanes.length * (measures.header + ABOVE + WORDS);
  const fitting = Math.floor((measures.room - measures.top - beside) / all);
  return Math.min(HIGHEST, Math.max(measures.rowHeight, fitting));
}

/** Top of a span's bar; null when its lane is not shown. */
export function barTop(
  packed: Packed,
  geometry: Geometry,
  span: number,
): number | null {
  const place = geometry.byLane[packed.scene.spans[span]?.lane ?? -1];
  if (place === undefined) return null;
  return place.rowsTop + (packed.row[span] ?? 0) * geometry.rowHeight;
}

/** The lane at a height; undefined between and below. */
function laneAt(geometry: Geometry, y: number): LanePlace | undefined {
  return geometry.lanes.find((place) => y >= place.top && y < place.bottom);
}

/** The span at a point, or the nearest one of its row within `reach` pixels; -1 for none. */
export function spanAt(
  geometry: Geometry,
  lens: Lens,
  [x, y]: readonly [number, number],
  reach = 4,
): number {
  const place = laneAt(geometry, y);
  if (place === undefined || y < place.rowsTop) return -1;
  const row = Math.floor((y - place.rowsTop) / geometry.rowHeight);
  const spans = lens.packed.rows[place.lane]?.[row] ?? [];
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pixels(spans[middle] ?? -1, lens)[0] <= x) low = middle + 1;
    else high = middle;
  }
  let [best, nearest] = [-1, reach];
  for (const span of [spans[low - 1], spans[low], spans[low - 2]]) {
    if (span === undefined) continue;
    const [x0, x1] = pixels(span, lens);
    const away = x < x0 ? x0 - x : x > x1 ? x - x1 : 0;
    if (away < nearest || (away === 0 && best === -1)) {
      [best, nearest] = [span, away];
    }
  }
  return best;
}

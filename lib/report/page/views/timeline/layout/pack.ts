/**
 * Rows: where each span stands in its lane, so that what ran at the same time stands side by side
 * and what ran inside something stands under it.
 *
 * Turns stand on top. Under them a span and everything inside it keep together as a block, and
 * blocks share rows wherever their times do not overlap. The same scene always gives the same rows.
 *
 * @module
 */

import type { Scene, Span } from "./scene.ts";

/** A scene with a place for every span. */
export interface Packed {
  readonly scene: Scene;
  /** Of each span, its row within its lane. */
  readonly row: Int32Array;
  /** Of each span, until when it is drawn: an end that was never recorded is that of its parent. */
  readonly until: Float64Array;
  /** Of each span, the one it stands under; -1 for none. */
  readonly parent: Int32Array;
  /** Of each span, those that stand under it, in order of time. */
  readonly children: readonly (readonly number[])[];
  /** Of each lane, its rows; of each row, its spans in order of time. */
  readonly rows: readonly (readonly (readonly number[])[])[];
  /** Of each lane, its outermost spans in order of time. */
  readonly roots: readonly (readonly number[])[];
  /** Of each lane, its compactions in order of time. */
  readonly compactions: readonly (readonly number[])[];
}

/** Gives every span of a scene its row. */
export function pack(scene: Scene): Packed {
  const { spans } = scene;
  const parent = soundParents(spans);
  const order = inOrder(spans);
  const children: number[][] = spans.map(() => []);
  const roots: number[][] = scene.lanes.map(() => []);
  for (const index of order) {
    const above = parent[index] ?? -1;
    const list = above === -1 ? roots[spans[index]?.lane ?? -1] : children[above];
    list?.push(index);
  }
  const topDown = [...roots.flat()];
  for (let i = 0; i < topDown.length; i++) {
    for (const child of children[topDown[i] ?? -1] ?? []) topDown.push(child);
  }
  const until = drawnEnds(scene, parent, topDown);
  const row = placeRows(scene, { roots, children, topDown, until });
  return {
    ...{ scene, row, until, parent, children, roots },
    rows: fillRows(scene, order, row),
    compactions: compactionsOf(scene, order),
  };
}

/** Positions in order of time; what starts together, in the order of the scene. */
function inOrder(spans: readonly Span[]): number[] {
  return spans.map((_, index) => index).sort((a, b) =>
    (spans[a]?.start ?? 0) - (spans[b]?.start ?? 0) || a - b
  );
}

/** Parents without circles and without those of other lanes, which a bundle may claim; turns have none. */
function soundParents(spans: readonly Span[]): Int32Array {
  const parent = Int32Array.from(
    spans,
    (span) => spans[span.parent]?.lane === span.lane && span.kind !== "turn" ? span.parent : -1,
  );
  const checked = new Uint8Array(spans.length);
  for (let start = 0; start < spans.length; start++) {
    const trail = new Set<number>();
    for (let at = start; at !== -1 && checked[at] === 0;) {
      trail.add(at);
      const above = parent[at] ?? -1;
      if (trail.has(above)) parent[at] = -1;
      at = parent[at] ?? -1;
    }
    for (const each of trail) checked[each] = 1;
  }
  return parent;
}

function drawnEnds(
  scene: Scene,
  parent: Int32Array,
  topDown: readonly number[],
): Float64Array {
  const until = new Float64Array(scene.spans.length);
  for (const index of topDown) {
    const span = scene.spans[index];
    if (span === undefined) continue;
    const above = parent[index] ?? -1;
    const open = above === -1 ? scene.end : until[above] ?? scene.end;
    until[index] = Math.max(span.start, span.end ?? open);
  }
  return until;
}

interface Tree {
  readonly roots: readonly (readonly number[])[];
  readonly children: readonly (readonly number[])[];
  /** Every span after the one it stands under. */
  readonly topDown: readonly number[];
  readonly until: Float64Array;
}

/** A span with all that is inside it. */
interface Blocks {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly height: Int32Array;
  /** Row of the block, counted from the first row under its parent. */
  readonly offset: Int32Array;
}

function placeRows(scene: Scene, tree: Tree): Int32Array {
  const { spans } = scene;
  const blocks = blocksOf(spans, tree);
  const row = new Int32Array(spans.length);
  const isTurn = (index: number) => spans[index]?.kind === "turn";
  for (const roots of tree.roots) {
    // Turns stand on top, even when what they started goes on after them.
    const turns = roots.filter(isTurn);
    const below = share(turns, blocks);
    const rest = [
      ...roots.filter((index) => !isTurn(index)),
      ...turns.flatMap((turn) => tree.children[turn] ?? []),
    ];
    share(rest, blocks);
    for (const turn of turns) row[turn] = blocks.offset[turn] ?? 0;
    for (const index of rest) row[index] = below + (blocks.offset[index] ?? 0);
  }
  for (const index of tree.topDown) {
    if (isTurn(index)) continue;
    for (const child of tree.children[index] ?? []) {
      row[child] = (row[index] ?? 0) + 1 + (blocks.offset[child] ?? 0);
    }
  }
  return row;
}

/** Every span with all that is inside it, and where that stands under it. */
function blocksOf(spans: readonly Span[], tree: Tree): Blocks {
  const blocks: Blocks = {
    start: Float64Array.from(spans, (span) => span.start),
    end: Float64Array.from(tree.until),
    height: new Int32Array(spans.length).fill(1),
    offset: new Int32Array(spans.length),
  };
  for (const index of tree.topDown.toReversed()) {
    const inside = tree.children[index] ?? [];
    if (inside.length === 0 || spans[index]?.kind === "turn") continue;
    blocks.height[index] = 1 + share(inside, blocks);
    for (const child of inside) {
      const [start, end] = [blocks.start[child] ?? 0, blocks.end[child] ?? 0];
      blocks.start[index] = Math.min(blocks.start[index] ?? start, start);
      blocks.end[index] = Math.max(blocks.end[index] ?? end, end);
    }
  }
  return blocks;
}

/** Lets blocks share rows, the earliest first, each as high up as it fits. Returns the rows used. */
function share(inside: readonly number[], blocks: Blocks): number {
  const byStart = inside.toSorted((a, b) =>
    (blocks.start[a] ?? 0) - (blocks.start[b] ?? 0) || a - b
  );
  /** Of each row, from when on it is free. */
  const free: number[] = [];
  for (const index of byStart) {
    const start = blocks.start[index] ?? 0;
    const height = blocks.height[index] ?? 1;
    const offset = firstFit(free, start, height);
    blocks.offset[index] = offset;
    // What takes no time still takes its place: two at the same moment stand side by side.
    const end = Math.max(blocks.end[index] ?? start, start + 1e-6);
    for (let r = offset; r < offset + height; r++) free[r] = end;
  }
  return free.length;
}

function firstFit(
  free: readonly number[],
  start: number,
  height: number,
): number {
  let fits = 0;
  for (let r = 0; r < free.length; r++) {
    fits = (free[r] ?? 0) <= start ? fits + 1 : 0;
    if (fits === height) return r - height + 1;
  }
  return free.length - fits;
}

function compactionsOf(scene: Scene, order: readonly number[]): number[][] {
  const found: number[][] = scene.lanes.map(() => []);
  for (const index of order) {
    const span = scene.spans[index];
    if (span?.kind === "compaction") found[span.lane]?.push(index);
  }
  return found;
}

function fillRows(
  scene: Scene,
  order: readonly number[],
  row: Int32Array,
): number[][][] {
  const rows: number[][][] = scene.lanes.map(() => []);
  for (const index of order) {
    const lane = rows[scene.spans[index]?.lane ?? -1];
    if (lane === undefined) continue;
    const at = row[index] ?? 0;
    while (lane.length <= at) lane.push([]);
    lane[at]?.push(index);
  }
  return rows;
}

/**
 * Assigns every span a row of its lane: parallel spans are in different rows, and nested spans are
 * below their parents.
 *
 * Turns are at the top. Below them, a span and its descendants form a subtree with consecutive
 * rows, and subtrees share rows where their times do not overlap. The same scene always has the
 * same rows.
 *
 * @module
 */

import type { Scene, Span } from "./scene.ts";

/** A scene with a row for every span. */
export interface Packed {
  readonly scene: Scene;
  /** The row of each span within its lane. */
  readonly row: Int32Array;
  /**
   * The time until which each span is drawn; a span without a recorded end ends with its parent.
   */
  readonly until: Float64Array;
  /** The parent of each span; -1 for none. */
  readonly parent: Int32Array;
  /** The children of each span, in order of time. */
  readonly children: readonly (readonly number[])[];
  /** The rows of each lane; a row is its spans in order of time. */
  readonly rows: readonly (readonly (readonly number[])[])[];
  /** The outermost spans of each lane, in order of time. */
  readonly roots: readonly (readonly number[])[];
  /** The compactions of each lane, in order of time. */
  readonly compactions: readonly (readonly number[])[];
}

/** Assigns every span of a scene its row. */
export function pack(scene: Scene): Packed {
  const { spans } = scene;
  const parent = validParents(spans);
  const order = inOrder(spans);
  const children: number[][] = spans.map(() => []);
  const roots: number[][] = scene.lanes.map(() => []);
  for (const index of order) {
    const above = parent[index] ?? -1;
    const list = above === -1
      ? roots[spans[index]?.lane ?? -1]
      : children[above];
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

/** Positions in order of time; spans that start together are in the order of the scene. */
function inOrder(spans: readonly Span[]): number[] {
  return spans.map((_, index) => index).sort((a, b) =>
    (spans[a]?.start ?? 0) - (spans[b]?.start ?? 0) || a - b
  );
}

/**
 * Parents without cycles and without parents in other lanes, which a bundle may claim; turns have
 * none.
 */
function validParents(spans: readonly Span[]): Int32Array {
  const parent = Int32Array.from(
    spans,
    (span) =>
      spans[span.parent]?.lane === span.lane && span.kind !== "turn"
        ? span.parent
        : -1,
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
  /** Every span, each after its parent. */
  readonly topDown: readonly number[];
  readonly until: Float64Array;
}

/** Time range, height and offset of each span with its descendants. */
interface Subtrees {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly height: Int32Array;
  /** Row of the subtree, counted from the first row below its parent. */
  readonly offset: Int32Array;
}

function placeRows(scene: Scene, tree: Tree): Int32Array {
  const { spans } = scene;
  const subtrees = subtreesOf(spans, tree);
  const row = new Int32Array(spans.length);
  const isTurn = (index: number) => spans[index]?.kind === "turn";
  for (const roots of tree.roots) {
    // Turns are at the top, even when what they started continues after them.
    const turns = roots.filter(isTurn);
    const below = shareRows(turns, subtrees);
    const rest = [
      ...roots.filter((index) => !isTurn(index)),
      ...turns.flatMap((turn) => tree.children[turn] ?? []),
    ];
    shareRows(rest, subtrees);
    for (const turn of turns) row[turn] = subtrees.offset[turn] ?? 0;
    for (const index of rest) {
      row[index] = below + (subtrees.offset[index] ?? 0);
    }
  }
  for (const index of tree.topDown) {
    if (isTurn(index)) continue;
    for (const child of tree.children[index] ?? []) {
      row[child] = (row[index] ?? 0) + 1 + (subtrees.offset[child] ?? 0);
    }
  }
  return row;
}

/** Measures every subtree, and places children below their parents. */
function subtreesOf(spans: readonly Span[], tree: Tree): Subtrees {
  const subtrees: Subtrees = {
    start: Float64Array.from(spans, (span) => span.start),
    end: Float64Array.from(tree.until),
    height: new Int32Array(spans.length).fill(1),
    offset: new Int32Array(spans.length),
  };
  for (const index of tree.topDown.toReversed()) {
    const inside = tree.children[index] ?? [];
    if (inside.length === 0 || spans[index]?.kind === "turn") continue;
    subtrees.height[index] = 1 + shareRows(inside, subtrees);
    for (const child of inside) {
      const [start, end] = [
        subtrees.start[child] ?? 0,
        subtrees.end[child] ?? 0,
      ];
      subtrees.start[index] = Math.min(subtrees.start[index] ?? start, start);
      subtrees.end[index] = Math.max(subtrees.end[index] ?? end, end);
    }
  }
  return subtrees;
}

/**
 * Places subtrees, the earliest first, in the first rows where they fit. Returns the number of
 * rows.
 */
function shareRows(inside: readonly number[], subtrees: Subtrees): number {
  const byStart = inside.toSorted((a, b) =>
    (subtrees.start[a] ?? 0) - (subtrees.start[b] ?? 0) || a - b
  );
  /** The time from which each row is free. */
  const free: number[] = [];
  for (const index of byStart) {
    const start = subtrees.start[index] ?? 0;
    const height = subtrees.height[index] ?? 1;
    const offset = firstFit(free, start, height);
    subtrees.offset[index] = offset;
    // A span without duration still takes a slot: two at the same time are in different rows.
    const end = Math.max(subtrees.end[index] ?? start, start + 1e-6);
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

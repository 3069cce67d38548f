/**
 * Threads in the order of their tree: each before those it spawned.
 *
 * @module
 */

import type { ThreadRow } from "../../report_data.ts";

/** A thread with its depth in the tree. */
export interface TreeNode {
  readonly row: ThreadRow;
  /** Number of its ancestors; 0 for the root. */
  readonly depth: number;
}

/** Every thread once, parents first. A thread whose parent is unknown, or is itself, is a root. */
export function threadTree(threads: readonly ThreadRow[]): TreeNode[] {
  const children = childrenOf(threads);
  const places: TreeNode[] = [];
  const seen = new Set<string>();
  const add = (tops: readonly ThreadRow[]) => {
    const open = tops.toReversed().map((row) => ({ row, depth: 0 }));
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { row, depth } = next;
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      places.push(next);
      for (const child of children.get(row.id)?.toReversed() ?? []) {
        open.push({ row: child, depth: depth + 1 });
      }
    }
  };
  add(children.get(null) ?? []);
  // The remaining threads are in cycles.
  for (const row of threads) {
    if (!seen.has(row.id)) add([row]);
  }
  return places;
}

/** The threads that each thread spawned; under null, the roots. */
function childrenOf(
  threads: readonly ThreadRow[],
): Map<string | null, ThreadRow[]> {
  const ids = new Set(threads.map((row) => row.id));
  const children = new Map<string | null, ThreadRow[]>();
  for (const row of threads) {
    const known = row.parent_id !== null && ids.has(row.parent_id);
    const parent = known ? row.parent_id : null;
    const before = children.get(parent);
    if (before === undefined) children.set(parent, [row]);
    else before.push(row);
  }
  return children;
}

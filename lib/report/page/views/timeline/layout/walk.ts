/**
 * Keyboard navigation between spans: along a lane, in and out, from lane to lane.
 *
 * With a filter, it moves from one matching span to the next in order of time.
 *
 * @module
 */

import type { Packed } from "./pack.ts";

export type Step =
  | "next"
  | "previous"
  | "in"
  | "out"
  | "lane_down"
  | "lane_up"
  | "first"
  | "last";

/** Which spans may be reached, and in which lanes. */
export interface Reach {
  /** Null when every span matches. */
  readonly matches: ((span: number) => boolean) | null;
  readonly lanes: readonly number[];
}

/** The span that a step leads to; the same one when there is none; -1 when there is nothing. */
export function walk(
  packed: Packed,
  from: number,
  step: Step,
  reach: Reach,
): number {
  const all = line(packed, reach);
  if (from === -1 || packed.scene.spans[from] === undefined) {
    return (step === "last" ? all.at(-1) : all[0]) ?? -1;
  }
  switch (step) {
    case "next":
      return along(packed, from, 1, reach);
    case "previous":
      return along(packed, from, -1, reach);
    case "in":
      return packed.children[from]?.[0] ?? from;
    case "out":
      return packed.parent[from] === -1 ? from : packed.parent[from] ?? from;
    case "lane_down":
      return otherLane(packed, from, 1, reach);
    case "lane_up":
      return otherLane(packed, from, -1, reach);
    case "first":
      return all[0] ?? from;
    case "last":
      return all.at(-1) ?? from;
  }
}

/** The spans of a step along: the matches of all lanes, or the outermost spans of all lanes. */
function line(packed: Packed, { matches, lanes }: Reach): number[] {
  if (matches === null) {
    return lanes.flatMap((lane) => packed.roots[lane] ?? []);
  }
  const { spans } = packed.scene;
  const shown = new Set(lanes);
  return spans.map((_, index) => index)
    .filter((index) => shown.has(spans[index]?.lane ?? -1) && matches(index))
    .sort((a, b) => (spans[a]?.start ?? 0) - (spans[b]?.start ?? 0) || a - b);
}

function along(
  packed: Packed,
  from: number,
  by: 1 | -1,
  reach: Reach,
): number {
  if (reach.matches !== null) return alongMatches(packed, from, by, reach);
  const above = packed.parent[from] ?? -1;
  const lane = packed.scene.spans[from]?.lane ?? -1;
  const siblings =
    (above === -1 ? packed.roots[lane] : packed.children[above]) ?? [];
  const next = siblings[siblings.indexOf(from) + by];
  if (next !== undefined) return next;
  // After the last child of a span, the walk continues with the span after the parent.
  if (above === -1) return from;
  const aunt = along(packed, above, by, reach);
  if (aunt === above) return from;
  const cousins = packed.children[aunt] ?? [];
  return (by === 1 ? cousins[0] : cousins.at(-1)) ?? aunt;
}

function alongMatches(
  packed: Packed,
  from: number,
  by: 1 | -1,
  reach: Reach,
): number {
  const { spans } = packed.scene;
  const all = line(packed, reach);
  const at = all.indexOf(from);
  if (at !== -1) return all[at + by] ?? from;
  const start = spans[from]?.start ?? 0;
  const later = all.filter((each) => (spans[each]?.start ?? 0) >= start);
  const earlier = all.filter((each) => (spans[each]?.start ?? 0) < start);
  return (by === 1 ? later[0] : earlier.at(-1)) ?? from;
}

/** The span of the next lane that started closest in time. */
function otherLane(
  packed: Packed,
  from: number,
  by: 1 | -1,
  { lanes, matches }: Reach,
): number {
  const { spans } = packed.scene;
  const start = spans[from]?.start ?? 0;
  const at = lanes.indexOf(spans[from]?.lane ?? -1);
  for (let i = at + by; i >= 0 && i < lanes.length; i += by) {
    const rows = packed.rows[lanes[i] ?? -1]?.flat() ?? [];
    const reachable = matches === null
      ? packed.roots[lanes[i] ?? -1] ?? []
      : rows.filter(matches);
    const nearest = reachable.toSorted((a, b) =>
      Math.abs((spans[a]?.start ?? 0) - start) -
        Math.abs((spans[b]?.start ?? 0) - start) || a - b
    )[0];
    if (nearest !== undefined) {
      return nearest;
    }
  }
  return from;
}

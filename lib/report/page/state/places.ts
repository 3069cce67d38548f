/**
 * Where the reader is in each view: scroll positions, and the zoom, the range and the folds of the
 * timeline. They survive a change of view; those of the current view are in the address.
 *
 * @module
 */

import type { ViewName } from "./view_name.ts";

/**
 * Version of the words of places in an address. With another version they are ignored; all other
 * words of an address keep their meaning forever.
 */
const VERSION = "1";

/** A range of time: milliseconds since the start of the session. */
export type TimeRange = readonly [from: number, to: number];

/** Where the reader is in the timeline. */
export interface TimelinePlace {
  /** The range in view; null for the complete session, or for the selected object. */
  readonly zoom: TimeRange | null;
  /** The range that is summed up; null for none. */
  readonly range: TimeRange | null;
  /** Whether long idle times are shown in full. */
  readonly isIdleFull: boolean;
  /** Whether the critical path of the selected turn is shown. */
  readonly isPathShown: boolean;
  /** Positions of the folded lanes; null where the reader has not folded or unfolded any. */
  readonly folded: readonly number[] | null;
}

/** Where the reader is in all views. */
export interface Places {
  /** Pixels from the top; in a list, the first row in view. */
  readonly scroll: Readonly<Partial<Record<ViewName, number>>>;
  readonly timeline: TimelinePlace;
}

/** The start of every view. */
export const NO_PLACES: Places = {
  scroll: {},
  timeline: {
    zoom: null,
    range: null,
    isIdleFull: false,
    isPathShown: false,
    folded: null,
  },
};

/** What bounds the numbers of an address. */
export interface PlaceLimits {
  /** Length of the session, in milliseconds. */
  readonly duration: number;
  readonly lanes: number;
}

/** Maximum scroll position that is read from an address. */
const MAX_SCROLL = 100_000_000;

/** Reads the place of a view; what is not valid counts as absent. */
export function readPlaces(
  words: URLSearchParams,
  view: ViewName,
  limits: PlaceLimits,
): Places {
  if (words.get("v") !== VERSION) return NO_PLACES;
  const at = words.get("y") ?? "";
  const scroll = /^\d{1,9}$/.test(at) ? Math.min(Number(at), MAX_SCROLL) : 0;
  return {
    scroll: scroll > 0 ? { [view]: scroll } : {},
    timeline: view !== "timeline" ? NO_PLACES.timeline : {
      zoom: rangeOf(words.get("t"), limits),
      range: rangeOf(words.get("range"), limits),
      isIdleFull: words.get("idle") === "full",
      isPathShown: words.get("path") === "1",
      folded: lanesOf(words.get("fold"), limits.lanes),
    },
  };
}

/** Adds the place of a view to the words of an address. */
export function writePlaces(
  words: URLSearchParams,
  view: ViewName,
  { scroll, timeline }: Places,
): void {
  const at = Math.round(scroll[view] ?? 0);
  const found: (readonly [string, string])[] = [];
  if (at > 0) found.push(["y", String(at)]);
  if (view === "timeline") found.push(...timelineWords(timeline));
  if (found.length === 0) return;
  words.set("v", VERSION);
  for (const [name, value] of found) words.set(name, value);
}

function timelineWords(place: TimelinePlace): (readonly [string, string])[] {
  const { zoom, range, folded } = place;
  return [
    ...zoom === null ? [] : [["t", rangeText(zoom)] as const],
    ...range === null ? [] : [["range", rangeText(range)] as const],
    ...place.isIdleFull ? [["idle", "full"] as const] : [],
    ...place.isPathShown ? [["path", "1"] as const] : [],
    ...folded === null ? [] : [["fold", lanesText(folded)] as const],
  ];
}

/** Milliseconds, to the microsecond: closer than the closest zoom shows. */
function rangeText(range: TimeRange): string {
  return range.map((ms) => String(Math.round(ms * 1000) / 1000)).join("_");
}

const RANGE = /^(-?\d{1,15}(?:\.\d{1,3})?)_(-?\d{1,15}(?:\.\d{1,3})?)$/;

/** A range that is at least partly inside the session. */
function rangeOf(
  text: string | null,
  { duration }: PlaceLimits,
): TimeRange | null {
  const [, first, last] = RANGE.exec(text ?? "") ?? [];
  const [from, to] = [Number(first), Number(last)];
  return from < to && to > 0 && from < duration ? [from, to] : null;
}

/** Lanes as counted by people, with ranges: `1-3.7`; `none` for none. */
function lanesText(lanes: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const lane of lanes.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === lane - 1) last[1] = lane;
    else runs.push([lane, lane]);
  }
  return runs.map(([from, to]) =>
    from === to ? from + 1 : `${from + 1}-${to + 1}`
  )
    .join(".") || "none";
}

function lanesOf(text: string | null, count: number): number[] | null {
  if (text === null) return null;
  if (text === "none") return [];
  const runs = text.split(".", count + 1).map((run) =>
    /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(run)
  );
  if (runs.some((run) => run === null)) return null;
  const isFolded = (lane: number) =>
    runs.some((run) =>
      Number(run?.[1]) <= lane && lane <= Number(run?.[2] ?? run?.[1])
    );
  return Array.from({ length: count }, (_, lane) => lane)
    .filter((lane) => isFolded(lane + 1));
}

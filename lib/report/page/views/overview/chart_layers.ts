/**
 * Sizes of prompts, stacked: the numbers behind the chart.
 *
 * @module
 */

import type { GrowthRow } from "../../../report_data.ts";

/** A source with bytes in at least one request of the thread. */
export interface Layer {
  /** Its name in the data. */
  readonly source: string;
  /** Its index among the sources of the report. */
  readonly place: number;
  /** Bytes in each request. */
  readonly bytes: readonly number[];
  /** Bytes of this source and all below it, in each request. */
  readonly top: readonly number[];
}

/** The layers of a thread's prompts, the lowest first. */
export function stacked(
  points: readonly GrowthRow[],
  sources: readonly string[],
): Layer[] {
  const layers: Layer[] = [];
  let below: readonly number[] = points.map(() => 0);
  sources.forEach((source, place) => {
    const bytes = points.map(({ by_source: sizes }) => sizes[place] ?? 0);
    if (bytes.every((size) => size === 0)) return;
    const base = below;
    const top = bytes.map((size, i) => size + (base[i] ?? 0));
    layers.push({ source, place, bytes, top });
    below = top;
  });
  return layers;
}

/** The name of a source for people. */
export function sourceName(source: string): string {
  const named = source.replaceAll("_", " ");
  switch (source) {
    case "request":
      return "rest of the request";
    case "instructions":
      return "instructions";
    case "user":
      return "user and harness";
    case "compaction":
      return "summaries";
    case "other_item":
      return "other items";
    default:
      return named;
  }
}

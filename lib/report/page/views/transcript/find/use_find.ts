/**
 * The search inside a transcript: what is looked for, the rows that have it, and the current one.
 *
 * @module
 */

import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { Model } from "../../../model/model.ts";
import { findingOf } from "../../../ui/content/finding.ts";
import type { Line } from "../reading.ts";
import { matchingRows } from "./matching_rows.ts";

/** Pause in typing after which the search starts, in milliseconds. */
const PAUSE = 150;

const NO_ROWS: readonly number[] = [];

/** A search. */
export interface Find {
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly wanted: RegExp | undefined;
  /** Whether the search has not started yet. */
  readonly isPending: boolean;
  /** Rows that contain a match. */
  readonly rows: readonly number[];
  /** Index of the current one in `rows`; -1 before the first step. */
  readonly at: number;
  /** Goes to the next row (1), or the previous one (-1). */
  readonly step: (by: 1 | -1) => void;
}

/** A search in the lines of a transcript; `goTo` scrolls to a row. */
export function useFind(
  model: Model,
  lines: readonly Line[],
  ready: boolean,
  goTo: (row: number) => void,
): Find {
  const [query, setQuery] = useState("");
  const [searched, setSearched] = useState("");
  const [place, setPlace] = useState({ rows: NO_ROWS, at: -1 });
  useLayoutEffect(() => {
    const timer = setTimeout(() => setSearched(query), PAUSE);
    return () => clearTimeout(timer);
  }, [query]);
  const wanted = useMemo(() => findingOf(searched), [searched]);
  const rows = useMemo(
    () => matchingRows(model, lines, wanted),
    [model, lines, wanted, ready],
  );
  const at = place.rows === rows ? place.at : -1;
  const step = (by: 1 | -1) => {
    if (rows.length === 0) return;
    const next = at === -1 && by === -1
      ? rows.length - 1
      : (at + by + rows.length) % rows.length;
    setPlace({ rows, at: next });
    goTo(rows[next] ?? 0);
  };
  const isPending = query !== searched;
  return { query, setQuery, wanted, isPending, rows, at, step };
}

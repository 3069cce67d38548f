/**
 * A search that lets the page breathe: a slice of the texts at a time.
 *
 * @module
 */

import { useEffect, useState } from "preact/hooks";
import type { Model } from "../model/model.ts";
import { isFailed, threadOf } from "../model/names.ts";
import type { Filters } from "../view.ts";
import { entriesOf, type Entry, textOf } from "./entries.ts";

/** A text that was found, with what stands around it. */
export interface Hit {
  readonly entry: Entry;
  readonly before: string;
  readonly match: string;
  readonly after: string;
  /** How often it was found in this text, at least once. */
  readonly count: number;
}

/** What a search found so far. */
export interface Found {
  readonly hits: readonly Hit[];
  readonly done: boolean;
  /** Whether there may be more than are listed. */
  readonly cut: boolean;
}

/** How long one slice of the work may take, in milliseconds. */
const SLICE = 12;
/** More hits than this are not listed. */
export const MOST_HITS = 2000;
const AROUND = 90;
const NOTHING: Found = { hits: [], done: true, cut: false };

/** Searches for a text, upper and lower case alike. */
export function useSearch(
  model: Model,
  query: string,
  filters: Filters,
  ready: boolean,
): Found {
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    const wanted = query.trim().toLowerCase();
    if (wanted === "" || !ready) return setFound(NOTHING);
    const entries = entriesOf(model);
    const hits: Hit[] = [];
    let timer = 0;
    const step = () => {
      const until = performance.now() + SLICE;
      while (performance.now() < until) {
        const { value: entry, done } = entries.next();
        if (done || hits.length >= MOST_HITS) {
          return setFound({ hits, done: true, cut: !done });
        }
        const hit = passes(model, entry, filters)
          ? hitIn(entry, textOf(model, entry), wanted)
          : undefined;
        if (hit !== undefined) hits.push(hit);
      }
      setFound({ hits: hits.slice(), done: false, cut: false });
      timer = setTimeout(step);
    };
    step();
    return () => clearTimeout(timer);
  }, [model, query, filters, ready]);
  return found;
}

function passes(
  model: Model,
  { pointer }: Entry,
  { failed, tool, thread }: Filters,
): boolean {
  if (failed && !isFailed(model, pointer)) return false;
  if (tool !== null) {
    const id = pointer[0] === "terminal_operation"
      ? model.operation(pointer[1])?.tool_id
      : pointer[0] === "tool_call"
      ? pointer[1]
      : undefined;
    if (id === undefined || model.tool(id)?.kind !== tool) return false;
  }
  return thread === null || threadOf(model, pointer) === thread;
}

function hitIn(entry: Entry, text: string, wanted: string): Hit | undefined {
  const lower = text.toLowerCase();
  const at = lower.indexOf(wanted);
  if (at === -1) return undefined;
  let count = 1;
  for (
    let next = lower.indexOf(wanted, at + wanted.length);
    next !== -1 && count < 1000;
    next = lower.indexOf(wanted, next + wanted.length)
  ) count++;
  const end = at + wanted.length;
  return {
    entry,
    before: text.slice(Math.max(0, at - AROUND), at),
    match: text.slice(at, end),
    after: text.slice(end, end + AROUND),
    count,
  };
}

/**
 * What the reader looks for in a view: what is folded and contains it is open.
 *
 * @module
 */

import { createContext } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { anyCase } from "./first_match.ts";

/** The expression that is looked for; undefined for nothing. */
export const Finding = createContext<RegExp | undefined>(undefined);

/** Longer texts are searched up to here. */
const MAX_SEARCHED = 2_000_000;

/** The expression for what the reader typed; undefined for nothing. */
export function findingOf(query: string): RegExp | undefined {
  return anyCase(query.trim());
}

/** Offset after the first match in a text; 0 where nothing is looked for, or found. */
export function useFoundEnd(text: string): number {
  const wanted = useContext(Finding);
  return useMemo(() => foundEnd(text, wanted), [text, wanted]);
}

/** Offset after the first match in a text; 0 without any. */
export function foundEnd(text: string, wanted: RegExp | undefined): number {
  if (wanted === undefined) return 0;
  wanted.lastIndex = 0;
  const match = wanted.exec(text.slice(0, MAX_SEARCHED));
  return match === null ? 0 : match.index + match[0].length;
}

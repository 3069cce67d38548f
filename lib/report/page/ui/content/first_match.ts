/**
 * Where a text matches in any case.
 *
 * An expression keeps the offsets of the searched text. A copy in lower case does not: some letters
 * are longer in lower case, so that a highlight would be shifted.
 *
 * @module
 */

/** More matches in one text are not counted. */
const MAX_COUNT = 1000;

/** The first match in a text, and how many there are. */
export interface FirstMatch {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
  /** Number of matches in the text, at least 1 and at most 1000. */
  readonly count: number;
}

/** Returns an expression that matches `text` in any case; undefined for an empty text. */
export function anyCase(text: string): RegExp | undefined {
  if (text === "") return undefined;
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
}

/** Finds the first match of an expression of {@linkcode anyCase}. */
export function firstMatch(
  text: string,
  wanted: RegExp,
): FirstMatch | undefined {
  let first: Pick<FirstMatch, "start" | "end"> | undefined;
  let count = 0;
  for (const match of text.matchAll(wanted)) {
    first ??= { start: match.index, end: match.index + match[0].length };
    if (++count >= MAX_COUNT) break;
  }
  return first === undefined ? undefined : { ...first, count };
}

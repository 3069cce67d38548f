/**
 * What was replaced in a text: finds it by the placeholders.
 *
 * @module
 */

import { placeholderSpans } from "../../placeholder.ts";

/** What of a text is replaced. */
export interface Edit {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
  /** What replaces it. */
  readonly replacement: string;
}

/**
 * Returns edits that make a text another one, in ascending order: one for each placeholder where the
 * other text has no other change; else one for all that differs.
 */
export function editsBetween(before: string, after: string): Edit[] {
  return editsByPlaceholder(before, after) ?? [editAround(before, after)];
}

function editsByPlaceholder(
  before: string,
  after: string,
): Edit[] | undefined {
  const edits: Edit[] = [];
  let [at, from] = [0, 0];
  /** The edit whose end is where the text after it is found. */
  let open: { start: number; replacement: string } | undefined;
  const end = { start: after.length, end: after.length };
  for (const span of [...placeholderSpans(after), end]) {
    const same = after.slice(from, span.start);
    const found = open === undefined
      ? before.startsWith(same, at) ? at : -1
      : span === end
      ? endOf(before, same, at)
      : before.indexOf(same, at);
    if (found < 0) return undefined;
    const placeholder = after.slice(span.start, span.end);
    from = span.end;
    if (open !== undefined && same === "" && span !== end) {
      open.replacement += placeholder;
      continue;
    }
    if (open !== undefined) edits.push({ ...open, end: found });
    open = undefined;
    at = found + same.length;
    if (span === end) break;
    if (before.startsWith(placeholder, at)) at += placeholder.length;
    else open = { start: at++, replacement: placeholder };
  }
  return edits;
}

/** Where a text ends with another one, from an offset on; -1 where it does not. */
function endOf(text: string, end: string, from: number): number {
  const start = text.length - end.length;
  return start >= from && text.endsWith(end) ? start : -1;
}

function editAround(before: string, after: string): Edit {
  const max = Math.min(before.length, after.length);
  let start = 0;
  while (start < max && before[start] === after[start]) start++;
  let rest = 0;
  while (
    rest < max - start && before.at(-1 - rest) === after.at(-1 - rest)
  ) rest++;
  return {
    start,
    end: before.length - rest,
    replacement: after.slice(start, after.length - rest),
  };
}

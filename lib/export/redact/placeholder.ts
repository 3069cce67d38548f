/**
 * The placeholders that replace values: `[secret:github-token:1]`; and texts, with their length:
 * `[text:1:340]`.
 *
 * @module
 */

import type { Level } from "./finding.ts";

/** Any placeholder in a text. */
const PLACEHOLDERS = /\[(secret|personal|text):([a-z0-9-]{1,64}):(\d{1,9})\]/g;

/** The same at an offset. */
const PLACEHOLDER = /\[(?:secret|personal|text):[a-z0-9-]{1,64}:\d{1,9}\]/y;

/** Returns the placeholder of the value with a number, among those of its kind. */
export function placeholderOf(
  level: Level,
  kind: string,
  number: number,
): string {
  return `[${level}:${kind}:${number}]`;
}

/** The same for the name of a file, where brackets and colons are not portable. */
export function inFileName(text: string): string {
  return text.replace(
    PLACEHOLDERS,
    (_, level, kind, number) => `${level}-${kind}-${number}`,
  );
}

/**
 * Returns what of a text is not placeholders: a value that is nothing but placeholders and
 * punctuation was replaced before.
 */
export function withoutPlaceholders(text: string): string {
  return text.includes("[") ? text.replace(PLACEHOLDERS, "") : text;
}

/** Yields the kind and the number of each placeholder in a text. */
export function* placeholdersIn(
  text: string,
): Generator<{ kind: string; number: number }> {
  if (!text.includes("[secret:") && !text.includes("[personal:")) return;
  for (const [, level, kind, number] of text.matchAll(PLACEHOLDERS)) {
    yield { kind: `${level}:${kind}`, number: Number(number) };
  }
}

/** Yields where the placeholders of a text are. */
export function* placeholderSpans(
  text: string,
): Generator<{ start: number; end: number }> {
  for (const { 0: found, index: start } of text.matchAll(PLACEHOLDERS)) {
    yield { start, end: start + found.length };
  }
}

/** Characters of the longest placeholder. */
const MAX_LENGTH = 90;

/** The end of the placeholder that an offset is inside of; `undefined` where there is none. */
export function placeholderAround(
  text: string,
  at: number,
): number | undefined {
  const from = Math.max(0, at - MAX_LENGTH);
  const open = from + text.slice(from, at + 1).lastIndexOf("[");
  if (open < from) return undefined;
  PLACEHOLDER.lastIndex = open;
  if (!PLACEHOLDER.test(text)) return undefined;
  return PLACEHOLDER.lastIndex > at ? PLACEHOLDER.lastIndex : undefined;
}

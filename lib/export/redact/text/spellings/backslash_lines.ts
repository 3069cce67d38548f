/**
 * Lines in which backslashes are before punctuation, as Markdown and shells write them: finds and
 * decodes them.
 *
 * @module
 */

/** A line with such backslashes; or a word, of a long line. */
export interface BackslashLine {
  readonly start: number;
  readonly end: number;
  /** What it is without them. */
  readonly decoded: string;
}

/** Those before quotes and before others are those of strings. */
const ESCAPE = /\\([ !#$%&()*+,\-./:;<=>?@[\]^_{|}~])/g;
const ANY = new RegExp(ESCAPE.source);
const PART = /[^\n]{1,4096}(?=\n|$)|\S{1,4096}/g;

/** Yields the lines with backslashes before punctuation; most texts have none. */
export function* backslashLines(text: string): Generator<BackslashLine> {
  if (!text.includes("\\") || !ANY.test(text)) return;
  for (const { 0: line, index: start } of text.matchAll(PART)) {
    if (!line.includes("\\")) continue;
    const decoded = line.replace(ESCAPE, "$1");
    if (decoded === line) continue;
    yield { start, end: start + line.length, decoded };
  }
}

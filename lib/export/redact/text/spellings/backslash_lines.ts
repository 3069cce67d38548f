/**
 * Lines in which backslashes are before punctuation, as Markdown and shells write them: finds and
 * decodes them.
 *
 * @module
 */

import { EscapeReading } from "./escapes.ts";

/** A line with such backslashes; or a part of a long line. */
export interface BackslashLine {
  readonly start: number;
  readonly end: number;
  /** What it is without them. */
  readonly decoded: string;
  /** Returns the line that is decoded to a text, with the backslashes that it can keep. */
  encode(changed: string): string;
}

/** Those before quotes and before others are those of strings. */
const ESCAPE = /\\([ !#$%&()*+,\-./:;<=>?@[\]^_{|}~])/g;
const READING = new EscapeReading({
  markers: ["\\"],
  pattern: ESCAPE,
  read: ([char]) => char,
});
/** Characters of a long line before and after a backslash. */
const MAX_SIDE = 2048;
/** Characters of a private key, which has several lines. */
const MAX_KEY = 64 * 1024;

/** Yields the lines with backslashes before punctuation; most texts have none. */
export function* backslashLines(text: string): Generator<BackslashLine> {
  if (!text.includes("\\")) return;
  let from = 0;
  for (let at = text.search(ESCAPE); at >= 0;) {
    const start = Math.max(from, lineStart(text, at));
    let end = lineEnd(text, at);
    let line = text.slice(start, end);
    let decoded = READING.read(line);
    if (decoded.includes("-----BEGIN ")) {
      end = Math.min(text.length, start + MAX_KEY);
      line = text.slice(start, end);
      decoded = READING.read(line);
    }
    const encode = (changed: string) => READING.restore(line, changed);
    yield { start, end, decoded, encode };
    from = end;
    ESCAPE.lastIndex = end;
    at = ESCAPE.exec(text)?.index ?? -1;
  }
}

/** The start of the line that an offset is in; of a long one, that of a word. */
function lineStart(text: string, at: number): number {
  const from = Math.max(0, at - MAX_SIDE);
  const before = text.slice(from, at);
  const line = before.lastIndexOf("\n");
  if (line >= 0 || from === 0) return from + line + 1;
  return from + before.indexOf(" ") + 1;
}

/** The end of the line that an offset is in; of a long one, that of a word. */
function lineEnd(text: string, at: number): number {
  const after = text.slice(at, at + 2 * MAX_SIDE);
  const line = after.indexOf("\n");
  if (line >= 0) return at + line;
  if (after.length < 2 * MAX_SIDE) return text.length;
  const space = after.lastIndexOf(" ");
  return at + (space <= 1 ? after.length : space);
}

/**
 * Texts of a bundle in Markdown documents, where nothing in them is markup.
 *
 * @module
 */

import { escapeControls } from "./escape.ts";

/** The lines of a text between fences longer than any run of backticks in it. */
export function* fencedLines(language: string, text: string): Iterable<string> {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  yield fence + language;
  if (text !== "") {
    for (const line of text.replace(/\n$/, "").split(/\r?\n/)) {
      yield line.split("\t").map(escapeControls).join("\t");
    }
  }
  yield fence;
}

/** A text on one line between backticks that nothing in it can close. */
export function codeSpan(text: string): string {
  const line = escapeControls(text.replace(/\s*[\r\n\t]\s*/g, " "));
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = /^`|`$|^ .* $/.test(line) ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) {
    longest = Math.max(longest, run.length);
  }
  return longest;
}

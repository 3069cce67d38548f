/**
 * Long texts, folded: the first and the last lines, and how much is between them.
 *
 * Only what is shown is wrapped, so that a text of any length costs a few lines.
 *
 * @module
 */

import { escapeControls } from "../../text/escape.ts";
import { prefixOf } from "../../text/truncate.ts";
import { bytesOf, counted } from "../../text/figures.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { wrapped } from "./fit.ts";
import type { RenderOptions } from "./render_options.ts";
import { wrappedRows } from "./wrap/wrap_rows.ts";

/** How texts are shown. */
export interface Folding {
  /** Where to. */
  readonly render: RenderOptions;
  /** Columns there are. */
  readonly width: number;
  /** Whether everything is shown. */
  readonly full: boolean;
}

/** Lines of a text that are shown before and after the fold, and those for which none is made. */
const HEAD = 10;
const TAIL = 4;
const MAX_LINES = 18;
/** Rows that one line may take before it is cut. */
const MAX_ROWS = 6;

/** The lines of a text of a bundle, escaped. An empty text has none. */
export function* foldedLines(
  text: string,
  { render, width, full }: Folding,
): Iterable<string> {
  const content = text.endsWith("\n") ? text.slice(0, -1) : text;
  if (content === "") return;
  if (full) {
    for (const line of linesOf(content)) yield* rows(line, width);
    return;
  }
  const note = (what: string) => render.style.dim(what);
  const count = breaksIn(content) + 1;
  const folds = count > MAX_LINES;
  const tailFrom = folds ? startOfTail(content) : content.length;
  let at = 0;
  for (let shown = 0; shown < (folds ? HEAD : count); shown++) {
    const end = endOfLine(content, at);
    yield* cutRows(content.slice(at, end), width, note);
    at = end + 1;
  }
  if (!folds) return;
  const hidden = utf8Length(content.slice(at, tailFrom));
  const lines = counted(count - HEAD - TAIL, "more line");
  yield* wrapped(`… ${lines}, ${bytesOf(hidden)}: --full`, width).map(note);
  for (const line of linesOf(content.slice(tailFrom))) {
    yield* cutRows(line, width, note);
  }
}

function* cutRows(
  line: string,
  width: number,
  note: (what: string) => string,
): Iterable<string> {
  const max = MAX_ROWS * width;
  if (line.length <= max) {
    yield* rows(line, width);
    return;
  }
  const shown = prefixOf(line, max);
  yield* rows(shown, width);
  const rest = bytesOf(utf8Length(line.slice(shown.length)));
  yield* wrapped(`… ${rest} more of this line: --full`, width).map(note);
}

function rows(line: string, width: number): string[] {
  const escaped = escapeControls(
    line.replace(/\r$/, "").replaceAll("\t", "    "),
  );
  return wrappedRows(escaped, width);
}

/** The lines one after the other, without a list of them all. */
function* linesOf(text: string): Iterable<string> {
  for (let at = 0; at <= text.length;) {
    const end = endOfLine(text, at);
    yield text.slice(at, end);
    at = end + 1;
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

function breaksIn(text: string): number {
  let count = 0;
  let at = text.indexOf("\n");
  while (at !== -1) {
    count++;
    at = text.indexOf("\n", at + 1);
  }
  return count;
}

function startOfTail(text: string): number {
  let at = text.length;
  for (let line = 0; line < TAIL; line++) at = text.lastIndexOf("\n", at - 1);
  return at + 1;
}

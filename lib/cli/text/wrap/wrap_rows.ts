/**
 * Long texts in rows, fast: most characters need no table to be measured.
 *
 * @module
 */

import { widthOf } from "../fit.ts";

/** Characters of one column, and of two, which never combine with others. */
const SIMPLE =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0391-\u03ff\u0410-\u044f\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;
/** The first of those that take two columns. */
const FIRST_WIDE = 0x3001;

/** An escaped line in rows of at most `width` columns, broken between words where it can be. */
export function wrappedRows(line: string, width: number): string[] {
  const rows: string[] = [];
  let row = "";
  let left = width;
  for (const word of wordsOf(line)) {
    const columns = columnsOf(word);
    if (columns <= left) {
      row += word;
      left -= columns;
      continue;
    }
    if (/^ +$/.test(word)) {
      // Where a line breaks, the spaces are the break.
      rows.push(row.trimEnd());
      row = "";
      left = width;
      continue;
    }
    const [first = "", ...others] = columns <= width
      ? ["", word]
      : chopped(word, left, width);
    rows.push((row + first).trimEnd());
    const last = others.pop() ?? "";
    for (const other of others) rows.push(other);
    row = last;
    left = width - columnsOf(last);
  }
  return [...rows, row.trimEnd()];
}

/** Words and the spaces between them. */
function wordsOf(line: string): Iterable<string> {
  return line.match(/ +|[^ ]+/g) ?? [];
}

/** An escaped text split into rows: the first of at most `first` columns, the others of `rest`. */
export function chopped(text: string, first: number, rest: number): string[] {
  const rows: string[] = [];
  const isSimple = SIMPLE.test(text);
  const pieces = isSimple ? text : graphemes(text);
  let row = "";
  let left = first;
  for (const piece of pieces) {
    const columns = isSimple ? columnsOfSimple(piece) : widthOf(piece);
    if (columns > left && (row !== "" || rows.length === 0)) {
      rows.push(row);
      row = "";
      left = rest;
    }
    row += piece;
    left -= columns;
  }
  return [...rows, row];
}

function columnsOf(text: string): number {
  if (!SIMPLE.test(text)) return widthOf(text);
  let columns = text.length;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) >= FIRST_WIDE) columns++;
  }
  return columns;
}

function columnsOfSimple(character: string): number {
  return character.charCodeAt(0) >= FIRST_WIDE ? 2 : 1;
}

function* graphemes(text: string): Iterable<string> {
  for (const { segment } of new Intl.Segmenter().segment(text)) yield segment;
}

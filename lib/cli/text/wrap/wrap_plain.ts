/**
 * Wraps texts of letters that take one column each, as the package `wrap-ansi` wraps all texts.
 *
 * @module
 */

/** The text as lines of at most `width` columns; a word that is longer is divided. */
export function wrapPlain(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const rows: string[] = [];
  let row = "";
  for (const [at, word] of text.split(" ").entries()) {
    if (at > 0) {
      if (row.length >= width) row = nextRow(rows, row);
      row += " ";
    }
    if (word.length > width) {
      row = divided(rows, row, word, width);
      continue;
    }
    const isFull = row.length > 0 && row.length + word.length > width;
    if (isFull && word.length > 0) row = nextRow(rows, row);
    row += word;
  }
  return [...rows, row];
}

/** Ends a row, and returns the next one. */
function nextRow(rows: string[], row: string): string {
  rows.push(row);
  return "";
}

/** Divides a word that is longer than a row. Returns the last row, which is not ended. */
function divided(
  rows: string[],
  row: string,
  word: string,
  width: number,
): string {
  const room = width - row.length;
  const breaksHere = 1 + Math.floor((word.length - room - 1) / width);
  const breaksBelow = Math.floor((word.length - 1) / width);
  let line = breaksBelow < breaksHere ? nextRow(rows, row) : row;
  let rest = word;
  while (line.length + rest.length > width) {
    const taken = Math.max(0, width - line.length);
    rows.push(line + rest.slice(0, taken));
    rest = rest.slice(taken);
    line = "";
  }
  return line + rest;
}

/**
 * JSON with comments and trailing commas, for files that people write.
 *
 * @module
 */

/** A string, or a comment. One without an end is taken as well: to search on would take long. */
const STRING_OR_COMMENT =
  /"[^"\\]*(?:\\[^][^"\\]*)*"?|\/\/[^\n\r]*|\/\*[^]*?(?:\*\/|$)/g;
/** A string, or a comma between a value and the end of a list or object. */
const STRING_OR_LAST_COMMA =
  /"[^"\\]*(?:\\[^][^"\\]*)*"?|,(?<![[{,:]\s*,)(?=\s*[}\]])/g;

/**
 * Returns the value of the text, which may begin with a byte order mark, as editors write one.
 *
 * @throws {SyntaxError} If it is malformed; positions in the message are those of the text.
 */
export function parseJsonc(text: string): unknown {
  const json = text.replace(/^\ufeff/, " ")
    .replace(STRING_OR_COMMENT, blankOf)
    .replace(STRING_OR_LAST_COMMA, blankOf);
  return JSON.parse(json);
}

/** Returns blanks for a comma or a comment with an end, line by line; else the match itself. */
function blankOf(match: string): string {
  const isKept = match.startsWith('"') ||
    (match.startsWith("/*") && !match.slice(2).endsWith("*/"));
  return isKept ? match : match.replace(/[^\n\r]/g, " ");
}

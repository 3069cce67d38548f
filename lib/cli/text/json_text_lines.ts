/**
 * A text of JSON, laid out; or as it is, where it is none.
 *
 * @module
 */

import { parseSpelled } from "../../format/json/json_spelled.ts";
import { foldedLines, type Folding } from "./folded.ts";
import { jsonLines } from "./json_text.ts";

/** The lines of a text that should be JSON; texts in it of several lines are laid open. */
export function jsonText(text: string, style: Folding): Iterable<string> {
  let node;
  try {
    node = parseSpelled(text);
  } catch (error) {
    if (error instanceof SyntaxError) return foldedLines(text, style);
    throw error;
  }
  return jsonLines(node, { ...style, open: true });
}

/**
 * Items of a comparison in words.
 *
 * @module
 */

import type { ItemSummary } from "../../../query/diff/diff_answer.ts";
import { cut, oneLine, padEnd } from "../../text/fit.ts";
import type { Paper } from "../../text/render_options.ts";

/** More of an item is in no line. */
const MOST = 400;
const NAME_WIDTH = 8;

/** Who says an item, and how: `user`, `assistant calls exec_command`, `exec_command answers`. */
export function whoSays({ role, item_kind: kind, tool }: ItemSummary): string {
  switch (kind) {
    case "message":
      return oneLine(role, MOST);
    case "function_call":
    case "custom_tool_call":
      return `calls ${oneLine(tool ?? "a tool", MOST)}`;
    case "function_call_output":
    case "custom_tool_call_output":
      return `${oneLine(tool ?? "a tool", MOST)} answers`;
    default:
      return oneLine(kind.replaceAll("_", " "), MOST);
  }
}

/** An item on one line of at most `width` columns. */
export function itemLine(
  said: ItemSummary,
  { paint, width }: Paper,
): string {
  const name = paint.name(padEnd(said.item.handle, NAME_WIDTH));
  const line = `${name} ${whoSays(said)} · ${oneLine(said.excerpt, MOST)}`;
  return cut(line, width);
}

/**
 * Items of a comparison in words.
 *
 * @module
 */

import type { ItemSummary } from "../../../query/diff/diff_answer.ts";
import { cut, oneLine, padEnd } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";

/** More of an item is in no line. */
const MAX_LENGTH = 400;
const NAME_WIDTH = 8;

/** The author of an item, and its kind: `user`, `assistant calls exec_command`, `exec_command answers`. */
export function authorOf({ role, item_kind: kind, tool }: ItemSummary): string {
  switch (kind) {
    case "message":
      return oneLine(role, MAX_LENGTH);
    case "function_call":
    case "custom_tool_call":
      return `calls ${oneLine(tool ?? "a tool", MAX_LENGTH)}`;
    case "function_call_output":
    case "custom_tool_call_output":
      return `${oneLine(tool ?? "a tool", MAX_LENGTH)} answers`;
    default:
      return oneLine(kind.replaceAll("_", " "), MAX_LENGTH);
  }
}

/** An item on one line of at most `width` columns. */
export function itemLine(
  summary: ItemSummary,
  { style, width }: RenderOptions,
): string {
  const name = style.id(padEnd(summary.item.handle, NAME_WIDTH));
  const line = `${name} ${authorOf(summary)} · ${
    oneLine(summary.excerpt, MAX_LENGTH)
  }`;
  return cut(line, width);
}

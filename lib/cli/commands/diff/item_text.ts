/**
 * Items of a comparison in words.
 *
 * @module
 */

import type { ItemSummary } from "../../../query/diff/diff_answer.ts";
import { stepTitle } from "../../../text/step_text.ts";
import { cut, oneLine, padEnd } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";

/** More of an item is in no line. */
const MAX_LENGTH = 400;
const NAME_WIDTH = 8;

/** The author of an item, and its kind: `user`, `assistant calls exec_command`, `exec_command answers`. */
export function authorOf({ role, item_kind, tool }: ItemSummary): string {
  return oneLine(stepTitle({ step_kind: item_kind, role, tool }), MAX_LENGTH);
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

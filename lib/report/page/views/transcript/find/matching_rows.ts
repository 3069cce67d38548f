/**
 * The rows of a transcript that contain a text.
 *
 * @module
 */

import type { ItemRow } from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import { foundEnd } from "../../../ui/content/finding.ts";
import type { Line } from "../reading.ts";

/** Indexes of the rows with an item that contains a match, in order. */
export function matchingRows(
  model: Model,
  lines: readonly Line[],
  wanted: RegExp | undefined,
): readonly number[] {
  if (wanted === undefined) return [];
  return lines.flatMap((line, row) =>
    line.type === "item" && hasMatch(model, line.item, wanted) ? [row] : []
  );
}

function hasMatch(model: Model, item: ItemRow, wanted: RegExp): boolean {
  for (const text of textsOf(model, item)) {
    if (foundEnd(text, wanted) > 0) return true;
  }
  return false;
}

/** The texts that a card of an item shows. */
function* textsOf(model: Model, item: ItemRow): Generator<string> {
  yield item.handle;
  for (const part of item.parts) {
    // What only the provider can read is not shown.
    if (part.type !== "encoded") yield model.text(part.text);
  }
  for (const [kind, id] of model.callsOf(item)) {
    const tool = kind === "tool_call" ? model.tool(id) : undefined;
    if (tool === undefined) continue;
    yield tool.label;
    for (const { text } of model.failuresOf([kind, id])) yield text;
    // The graph truncates arguments; the terminal has the complete command.
    yield model.text(model.operation(tool.operation_id)?.input ?? null);
  }
}

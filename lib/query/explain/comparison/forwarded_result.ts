/**
 * Whether the output of a code cell has the result of a call that the cell made: the code may
 * forward all of it, part of it or nothing.
 *
 * @module
 */

import { payloadObject } from "../../evidence/recorded/payload_fields.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import type { ExplainContext } from "../explain_context.ts";
import { type Match, matchOf } from "./match.ts";
import { shownInItems, valueForCell } from "./outputs.ts";

/** How much of a result an item holds. */
export type ForwardedShare = "all" | "part" | "nothing";

/** An item of a cell's output, and how much of a result it holds; null where that is unknown. */
export interface ForwardedItem {
  readonly item: string;
  readonly holds: ForwardedShare | null;
}

/** Items of a cell's output that are looked through. */
const MAX_ITEMS = 50;
/** Fewer bytes than these agree by chance. */
const MIN_PART = 16;

/** The items of the cell's output that hold something of a result; else its first one. */
export function forwardedItems(
  context: ExplainContext,
  tool: ToolCall,
): ForwardedItem[] {
  const { requester } = tool;
  const cell = requester.type === "model"
    ? undefined
    : context.trace.code_cells.get(requester.code_cell_id);
  if (cell === undefined) return [];
  const waits = cell.wait_tool_call_ids.flatMap((id) =>
    context.trace.tool_calls.get(id)?.model_visible_output_item_ids ?? []
  );
  const items = [...cell.output_item_ids, ...waits].slice(0, MAX_ITEMS);
  const texts = textsOfResult(context, tool);
  if (texts === null) {
    return items.slice(0, 1).map((item) => ({ item, holds: null }));
  }
  const found = items.map((item): ForwardedItem => ({
    item,
    holds: heldIn(shownInItems(context, [item]).text ?? "", texts),
  }));
  const holding = found.filter(({ holds }) => holds !== "nothing");
  return holding.length > 0 ? holding : found.slice(0, 1);
}

/** The spellings of a result in a text. */
interface ResultTexts {
  /** Its text as it is, and as it is spelled inside JSON. */
  readonly texts: readonly string[];
  /** All of the value as JSON: its beginning is that of any result. */
  readonly json: string | null;
}

/** Null where there is no result, or where it is not known. */
function textsOfResult(
  context: ExplainContext,
  tool: ToolCall,
): ResultTexts | null {
  const { text = null } = valueForCell(context, tool) ?? {};
  const value = payloadObject(context.session, tool.raw_result_payload_id)
    ?.["value"];
  const texts = text === null || text.trim() === ""
    ? []
    : [text, JSON.stringify(text).slice(1, -1)];
  return texts.length === 0 && value === undefined
    ? null
    : { texts, json: value === undefined ? null : JSON.stringify(value) };
}

function heldIn(shown: string, { texts, json }: ResultTexts): ForwardedShare {
  if (json !== null && shown.includes(json)) return "all";
  const matches = texts.map((text) => matchOf(text, shown));
  const isComplete = ({ verdict }: Match) =>
    verdict === "identical" || verdict === "complete" ||
    verdict === "complete_ignoring_whitespace";
  if (matches.some(isComplete)) return "all";
  return matches.some(({ head_bytes: head, tail_bytes: tail }) =>
      head + tail >= MIN_PART
    )
    ? "part"
    : "nothing";
}

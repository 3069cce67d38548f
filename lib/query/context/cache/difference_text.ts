/**
 * What differs in a prompt, in a few words.
 *
 * @module
 */

import { durationOf } from "../../../text/figures.ts";
import type { CacheLoss, PrefixDifference } from "./cache_answer.ts";

/** Longer values are not shown. */
const MAX_VALUE = 24;

/** What had changed first, and how long the session was idle where nothing had; not escaped. */
export function lossReason(
  { differences, differences_complete: isComplete, ...loss }: CacheLoss,
): string {
  const [first] = differences;
  const since = loss.gap_ms === null
    ? `time since ${loss.previous_call.handle} unknown`
    : `${durationOf(loss.gap_ms)} since ${loss.previous_call.handle}`;
  const partial = "not all was recorded";
  if (first !== undefined) {
    return differenceText(first) + (isComplete ? "" : `, ${partial}`);
  }
  return isComplete
    ? `nothing differs, ${since}`
    : `what differs is unknown, ${partial}, ${since}`;
}

/** A difference as a clause, such as `reasoning effort "low" → "high"`; not escaped. */
export function differenceText(difference: PrefixDifference): string {
  switch (difference.what) {
    case "model":
    case "provider":
      return `${difference.what} ${difference.a} → ${difference.b}`;
    case "value":
      return valueText(difference);
    case "item":
      return itemText(difference);
  }
}

function valueText(
  { path, change, a, b }: Extract<PrefixDifference, { what: "value" }>,
): string {
  const name = path.join(" ");
  if (change === "reordered") return `${name} in another order`;
  const isShort = [a, b].every((value) => (value ?? "").length <= MAX_VALUE);
  return change === "changed" && isShort
    ? `${name} ${plain(a)} → ${plain(b)}`
    : `${name} ${change}`;
}

/** A text without its quotes; any other value as JSON. */
function plain(json: string | null): string {
  const value: unknown = JSON.parse(json ?? "null");
  return typeof value === "string" ? value : `${json}`;
}

function itemText(
  { change, position, element_type: type, a, b, compaction }: Extract<
    PrefixDifference,
    { what: "item" }
  >,
): string {
  const name = a?.handle ??
    `element ${position} of input, ${type ?? "unknown"}`;
  if (compaction !== null) {
    return `${compaction.handle} replaced the history from ${name} on`;
  }
  switch (change) {
    case "rewritten":
      return `${name} rewritten${b === null ? "" : ` as ${b.handle}`}`;
    case "removed":
      return `${name} removed`;
    case "inserted":
      return `${b?.handle ?? "an element"} inserted in front of ${name}`;
  }
}

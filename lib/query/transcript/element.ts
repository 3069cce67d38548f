/**
 * Elements of requests and answers as they stand in payloads.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type RawElement,
} from "../../format/payload.ts";
import type { IsNoItem } from "../evidence/recorded/no_item.ts";

/** An element that outlives the payload it was read from. */
export interface KeptElement {
  /** The element, parsed. */
  readonly value: JsonObject;
  /** The element as written, for those that are shown as JSON; else null. */
  readonly source: string | null;
}

/** Keeps an element. */
function keep(element: RawElement): KeptElement {
  const value = isJsonObject(element.value) ? element.value : {};
  return { value, source: isShownAsJson(value) ? element.source() : null };
}

/** Keeps every element of a list. */
export function keepAll(list: readonly RawElement[]): KeptElement[] {
  return list.map(keep);
}

/** Keeps the elements of a list that are items. */
export function keepItems(
  list: readonly RawElement[],
  isNoItem: IsNoItem,
): KeptElement[] {
  return list.filter(({ value }) => !isNoItem(value)).map(keep);
}

/** Keeps a whole payload as the element that it is. */
export function keepWhole(
  { value, source }: RawElement,
): KeptElement {
  return keep({ value, source });
}

/** Elements with parts that keep the spelling of the source. */
function isShownAsJson(value: JsonObject): boolean {
  switch (value["type"]) {
    case "message":
    case "agent_message":
    case "reasoning":
    case "compaction":
    case "compaction_summary":
    case "context_compaction":
      return false;
    case "function_call":
      return typeof value["arguments"] !== "string";
    case "custom_tool_call":
      return typeof value["input"] !== "string";
    case "function_call_output":
    case "custom_tool_call_output":
      return isJsonObject(value["output"]);
    default:
      return true;
  }
}

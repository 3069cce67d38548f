/**
 * The tools that a request offers, and how large each of their definitions is.
 *
 * @module
 */

import { compactSize } from "../../format/json/json_size.ts";
import { isJsonObject, type PayloadDocument } from "../../format/payload.ts";
import type { ToolDefinition } from "./answer.ts";

/** Every tool of the `tools` member, largest first. */
export function toolDefinitions(request: PayloadDocument): ToolDefinition[] {
  const encoder = new TextEncoder();
  const tools = (request.elements("tools") ?? []).map((element) => {
    const { value } = element;
    const { name, type } = isJsonObject(value) ? value : {};
    const title = [name, type].find((each) => typeof each === "string");
    return {
      name: typeof title === "string" ? title : null,
      bytes: compactSize(encoder.encode(element.source())),
    };
  });
  return tools.sort((a, b) => b.bytes - a.bytes);
}

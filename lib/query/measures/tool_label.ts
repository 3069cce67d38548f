/**
 * What sort of tool a call runs, as tables tell it.
 *
 * @module
 */

import type { ToolCallKind } from "../../format/vocabulary.ts";
import { toolName } from "../names/tool_name.ts";

/** `exec_command`, `mcp lab/echo`, or the name of a tool that has no kind of its own. */
export function toolLabel(kind: ToolCallKind): string {
  return kind.type === "mcp"
    ? `mcp ${kind.server}/${kind.tool}`
    : toolName(kind);
}

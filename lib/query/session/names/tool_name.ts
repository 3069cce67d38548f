/**
 * What sort of tool a call runs, as one word, and what the model called it.
 *
 * @module
 */

import type { ToolCallKind } from "../../../format/vocabulary.ts";
import type { ToolCall } from "../../../graph/runtime.ts";

/** `exec_command`, `lab.echo` of an MCP server, or the name of a tool without a kind of its own. */
export function toolName(kind: ToolCallKind): string {
  switch (kind.type) {
    case "mcp":
      return `${kind.server}.${kind.tool}`;
    case "other":
      return kind.name;
    default:
      return kind.type;
  }
}

/**
 * The tool as the model called it, with its namespace, as in the graph. Early
 * recorders label a call of an MCP server by a spelling of their own, which no model uses.
 */
export function calledName(
  { kind, summary }: Pick<ToolCall, "kind" | "summary">,
): string {
  if (summary.type !== "generic") return toolName(kind);
  const { label } = summary;
  const isRecorders = kind.type === "mcp" &&
    label === `mcp:${kind.server}:${kind.tool}`;
  return isRecorders ? toolName(kind) : label;
}

/** `exec_command`, `mcp lab/echo`, or the name of a tool that has no kind of its own. */
export function toolLabel(kind: ToolCallKind): string {
  return kind.type === "mcp"
    ? `mcp ${kind.server}/${kind.tool}`
    : toolName(kind);
}

/**
 * What sort of tool a call runs, as one word, and what the model called it.
 *
 * @module
 */

import type { ToolCallKind } from "../../../format/vocabulary.ts";
import type { ToolCall } from "../../../graph/runtime.ts";

/** The name by which a model interrupts an agent. */
const INTERRUPT = "interrupt_agent";

/** What the name of a tool depends on. */
type NamedCall = Pick<ToolCall, "kind" | "summary">;

/**
 * Whether a call interrupts an agent. Its recorded kind is `close_agent`, though the agent remains
 * and can receive another task.
 */
export function isInterruptAgent({ kind, summary }: NamedCall): boolean {
  return kind.type === "close_agent" && summary.type === "generic" &&
    summary.label.slice(summary.label.lastIndexOf(".") + 1) === INTERRUPT;
}

/** `exec_command`, `lab.echo` of an MCP server, or the name of a tool without a kind of its own. */
export function toolName(tool: NamedCall): string {
  return isInterruptAgent(tool) ? INTERRUPT : nameOfKind(tool.kind);
}

function nameOfKind(kind: ToolCallKind): string {
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
export function calledName({ kind, summary }: NamedCall): string {
  if (summary.type !== "generic") return nameOfKind(kind);
  const { label } = summary;
  const isRecorders = kind.type === "mcp" &&
    label === `mcp:${kind.server}:${kind.tool}`;
  return isRecorders ? nameOfKind(kind) : label;
}

/** `exec_command`, `mcp lab/echo`, or the name of a tool that has no kind of its own. */
export function toolLabel(tool: NamedCall): string {
  const { kind } = tool;
  return kind.type === "mcp"
    ? `mcp ${kind.server}/${kind.tool}`
    : toolName(tool);
}

/** What was run, and the name by which the model asked where that is another. */
export function toolLabels(
  call: ToolCall,
): { tool: string; requested_tool: string | null } {
  const { kind, summary } = call;
  const tool = toolLabel(call);
  if (kind.type === "mcp" || kind.type === "other") {
    return { tool, requested_tool: null };
  }
  const label = summary.type === "generic" ? summary.label : kind.type;
  const name = label.slice(label.lastIndexOf(".") + 1);
  return { tool, requested_tool: name === tool ? null : name };
}

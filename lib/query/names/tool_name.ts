/**
 * What sort of tool a call runs, as one word.
 *
 * @module
 */

import type { ToolCallKind } from "../../format/vocabulary.ts";

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

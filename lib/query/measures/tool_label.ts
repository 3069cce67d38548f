/**
 * What sort of tool a call runs, as one word.
 *
 * @module
 */

import type { ToolCallKind } from "../../format/vocabulary.ts";

/** `exec_command`, `mcp lab/echo`, or the name of a tool that has no kind of its own. */
export function toolLabel(kind: ToolCallKind): string {
  switch (kind.type) {
    case "mcp":
      return `mcp ${kind.server}/${kind.tool}`;
    case "other":
      return kind.name;
    default:
      return kind.type;
  }
}

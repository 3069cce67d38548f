/**
 * The facts of tool calls, code cells and terminal operations.
 *
 * @module
 */

import type { RowOf } from "../model/objects.ts";
import { countOf, momentOf } from "../ui/figures.ts";
import {
  code,
  type Fact,
  type FactMaker,
  many,
  named,
  one,
  text,
} from "../ui/facts.tsx";

/** Facts of a tool call. */
export function toolFacts(maker: FactMaker, row: RowOf["tool_call"]): Fact[] {
  return [
    ["tool", text(row.label)],
    ["kind", row.kind.replaceAll("_", " ")],
    [
      "requested by",
      one(maker, "code_cell", row.requester_cell_id, "the model"),
    ],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["call id", named(row.call_id, "none")],
    ["call seen in", many(maker, "item", row.call_item_ids)],
    ["output seen in", many(maker, "item", row.output_item_ids)],
    [
      "terminal operation",
      one(maker, "terminal_operation", row.operation_id, "none"),
    ],
    ...(row.started_cell_id === null ? [] : [
      ["started", one(maker, "code_cell", row.started_cell_id)] as const,
    ]),
    ...(row.wait_runtime_cell_id === null && row.wait_cell_id === null ? [] : [
      ["waited for", one(maker, "code_cell", row.wait_cell_id)] as const,
    ]),
    ...(row.mcp_call_id === null
      ? []
      : [["MCP call id", code(row.mcp_call_id)] as const]),
    ...(row.target_agent_path === null
      ? []
      : [["agent", text(row.target_agent_path)] as const]),
  ];
}

/** Facts of a code cell. */
export function cellFacts(maker: FactMaker, row: RowOf["code_cell"]): Fact[] {
  return [
    ["runtime status", row.runtime_status],
    [
      "first response",
      row.initial_response_at === null
        ? null
        : `${
          momentOf(row.initial_response_at)
        }, ${row.initial_response_status}`,
    ],
    ["source item", one(maker, "item", row.source_item_id)],
    ["output seen in", many(maker, "item", row.output_item_ids)],
    ["nested tool calls", many(maker, "tool_call", row.nested_tool_ids)],
    ["wait calls", many(maker, "tool_call", row.wait_tool_ids)],
    ["thread", one(maker, "thread", row.thread_id)],
    ["turn", one(maker, "turn", row.turn_id)],
    ["runtime id", named(row.runtime_cell_id)],
  ];
}

/** Facts of a terminal operation. */
export function operationFacts(
  maker: FactMaker,
  row: RowOf["terminal_operation"],
): Fact[] {
  return [
    ["exit code", row.exit_code === null ? null : String(row.exit_code)],
    ["directory", named(row.cwd, "none")],
    ["terminal", one(maker, "terminal_session", row.terminal_id)],
    ["tool call", one(maker, "tool_call", row.tool_id)],
    [
      "output before truncation",
      row.original_token_count === null
        ? null
        : `${countOf(row.original_token_count)} tokens`,
    ],
    ["output seen in", many(maker, "item", row.output_item_ids)],
  ];
}

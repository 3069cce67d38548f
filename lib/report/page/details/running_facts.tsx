/**
 * The facts of what ran: tool calls, code cells, terminals.
 *
 * @module
 */

import type { RowOf } from "../model/objects.ts";
import { countOf, durationOf, momentOf } from "../ui/figures.ts";
import {
  code,
  type Fact,
  type FactMaker,
  known,
  many,
  named,
  one,
  text,
} from "../ui/facts.tsx";

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
      one(
        maker,
        "terminal_operation",
        row.operation_id,
        maker.model.isSessionLog ? undefined : "none",
      ),
    ],
    ...(row.started_cell_id === null ? [] : [
      ["started", one(maker, "code_cell", row.started_cell_id)] as const,
    ]),
    ...(row.wait_runtime_cell_id === null && row.wait_cell_id === null ? [] : [
      ["waited for", one(maker, "code_cell", row.wait_cell_id)] as const,
    ]),
    ...(row.waited_ms === null ? [] : [
      ["waited before it ran", durationOf(row.waited_ms)] as const,
      ["ran", durationOf(row.ran_ms)] as const,
    ]),
    ...(row.wait === null ? [] : [
      ["asked to wait", maybeDuration(row.wait.asked_ms)] as const,
      ...known("granted wait", maybeDuration(row.wait.granted_ms)),
      ["timed out", yesOrNo(row.wait.timed_out)] as const,
    ]),
    ...(row.mcp_call_id === null
      ? []
      : [["MCP call id", code(row.mcp_call_id)] as const]),
    ...(row.target_agent_path === null
      ? []
      : [["agent", text(row.target_agent_path)] as const]),
  ];
}

function maybeDuration(ms: number | null): string | null {
  return ms === null ? null : durationOf(ms);
}

function yesOrNo(value: boolean | null): string | null {
  return value === null ? null : value ? "yes" : "no";
}

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

/** What a terminal operation without a directory has; undefined where that is unknown. */
function noDirectory({ model }: FactMaker): string | undefined {
  return model.isSessionLog ? undefined : "none";
}

/** The exit code that an operation reported. */
function exitCodeOf({ model }: FactMaker, operation: string | null): Fact[1] {
  const code = model.operation(operation)?.exit_code ?? null;
  return code === null ? null : String(code);
}

export function operationFacts(
  maker: FactMaker,
  row: RowOf["terminal_operation"],
): Fact[] {
  return [
    ["exit code", exitCodeOf(maker, row.id)],
    ["directory", named(row.cwd === "" ? null : row.cwd, noDirectory(maker))],
    ["terminal", one(maker, "terminal_session", row.terminal_id)],
    ["tool call", one(maker, "tool_call", row.tool_id)],
    ...known(
      "output before truncation",
      row.original_token_count === null
        ? null
        : `${countOf(row.original_token_count)} tokens`,
    ),
    ["output seen in", many(maker, "item", row.output_item_ids)],
  ];
}

export function terminalFacts(
  maker: FactMaker,
  { thread_id: thread, operation_ids: operations }: RowOf["terminal_session"],
): Fact[] {
  return [
    ["thread", one(maker, "thread", thread)],
    ["exit code", exitCodeOf(maker, operations[0] ?? null)],
    ["operations", many(maker, "terminal_operation", operations)],
  ];
}

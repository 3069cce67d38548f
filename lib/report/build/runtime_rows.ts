/**
 * Rows of what ran: tool calls, code cells, terminals, and what passed between agents.
 *
 * @module
 */

import { exitCodeOfOperation } from "../../query/evidence/command_end.ts";
import type {
  CodeCell,
  InteractionEdge,
  TerminalOperation,
  TerminalSession,
  ToolCall,
  TraceAnchor,
} from "../../graph/runtime.ts";
import { elapsed } from "../../format/integers.ts";
import { getClock } from "../../query/evidence/clock/clock.ts";
import type { ExplainContext } from "../../query/explain/explain_context.ts";
import { toolTimes } from "../../query/evidence/clock/tool_times.ts";
import {
  type ToolWait,
  toolWait,
} from "../../query/evidence/clock/tool_wait.ts";
import { edgeKind } from "../../query/session/names/edge_kind.ts";
import { toolLabel } from "../../query/session/names/tool_name.ts";
import {
  deliveredAt,
  isDeliveryUnknown,
} from "../../query/evidence/links/undelivered.ts";
import type {
  CellRow,
  EdgeRow,
  OperationRow,
  Pointer,
  TerminalRow,
  TextRef,
  ToolRow,
} from "../report_data.ts";
import {
  approximateNumber,
  exactInteger,
  type RowContext,
  rowOf,
  windowOf,
} from "./row_context.ts";

export function toolRow(context: RowContext, tool: ToolCall): ToolRow {
  const { requester } = tool;
  const { scene } = context;
  const times = toolTimes(scene.session, tool);
  return {
    ...rowOf(context, "tool_call", tool.tool_call_id),
    ...windowOf(context, "tool_call", tool.tool_call_id, tool.execution),
    thread_id: tool.thread_id,
    turn_id: tool.started_by_codex_turn_id,
    kind: tool.kind.type,
    label: toolLabel(tool),
    requester_cell_id: requester.type === "code_cell"
      ? requester.code_cell_id
      : null,
    started_cell_id: tool.started_code_cell_id ?? null,
    wait_cell_id: context.scene.waitTargets.of(tool)?.id ?? null,
    wait: waitRow(toolWait(scene.session, tool, scene.waitTargets)),
    waited_ms: approximateNumber(times.waited_ms),
    ran_ms: approximateNumber(times.ran_ms),
    wait_runtime_cell_id: tool.resolved_wait_runtime_cell_id ?? null,
    call_id: tool.model_visible_call_id,
    mcp_call_id: tool.mcp_call_id,
    runtime_tool_id: tool.code_mode_runtime_tool_id,
    call_item_ids: tool.model_visible_call_item_ids,
    output_item_ids: tool.model_visible_output_item_ids,
    operation_id: tool.terminal_operation_id,
    ...summaryOf(context, tool),
    invocation_payload_id: tool.raw_invocation_payload_id,
    result_payload_id: tool.raw_result_payload_id,
    runtime_payload_ids: tool.raw_runtime_payload_ids,
  };
}

function waitRow(wait: ToolWait | null): ToolRow["wait"] {
  return wait === null
    ? null
    : { ...wait, asked_ms: approximateNumber(wait.asked_ms) };
}

function summaryOf(
  context: RowContext,
  { summary }: ToolCall,
): Pick<ToolRow, "input" | "output" | "target_agent_path"> {
  const { trace, texts } = context;
  const place = (text: string | null) =>
    text === null ? null : texts.intern(text);
  switch (summary.type) {
    case "generic":
      return {
        input: place(summary.input_preview),
        output: place(summary.output_preview),
        target_agent_path: null,
      };
    case "terminal": {
      const operation = trace.terminal_operations.get(summary.operation_id);
      return {
        input: operation === undefined ? null : inputOf(context, operation),
        output: place(operation?.result?.formatted_output ?? null),
        target_agent_path: null,
      };
    }
    case "agent":
      return {
        input: place(summary.message_preview),
        output: null,
        target_agent_path: summary.target_agent_path,
      };
    case "wait_agent":
      return {
        input: null,
        output: null,
        target_agent_path: summary.target_agent_path,
      };
  }
}

/** The command, or what was written. */
function inputOf(
  { texts }: RowContext,
  { request }: TerminalOperation,
): TextRef {
  return texts.intern(
    request.type === "exec_command" ? request.display_command : request.stdin,
  );
}

export function cellRow(context: RowContext, cell: CodeCell): CellRow {
  return {
    ...rowOf(context, "code_cell", cell.code_cell_id),
    ...windowOf(context, "code_cell", cell.code_cell_id, cell.execution),
    thread_id: cell.thread_id,
    turn_id: cell.codex_turn_id,
    call_id: cell.model_visible_call_id,
    source_item_id: cell.source_item_id,
    output_item_ids: cell.output_item_ids,
    runtime_cell_id: cell.runtime_cell_id,
    runtime_status: cell.runtime_status,
    initial_response_at: approximateNumber(cell.initial_response_at_unix_ms),
    initial_response_status: cell.initial_response_status,
    yielded_at: approximateNumber(cell.yielded_at_unix_ms),
    source: context.texts.intern(cell.source_js),
    nested_tool_ids: cell.nested_tool_call_ids,
    wait_tool_ids: cell.wait_tool_call_ids,
    initial_response_payload_id: cell.raw_initial_response_payload_id,
    result_payload_id: cell.raw_result_payload_id,
  };
}

export function terminalRow(
  context: RowContext,
  terminal: TerminalSession,
): TerminalRow {
  return {
    ...rowOf(context, "terminal_session", terminal.terminal_id),
    ...windowOf(
      context,
      "terminal_session",
      terminal.terminal_id,
      terminal.execution,
    ),
    thread_id: terminal.thread_id,
    created_by_operation_id: terminal.created_by_operation_id,
    operation_ids: terminal.operation_ids,
  };
}

export function operationRow(
  context: RowContext,
  operation: TerminalOperation,
): OperationRow {
  const { request, result, model_observations: seen } = operation;
  const place = (text: string | null | undefined) =>
    text === null || text === undefined ? null : context.texts.intern(text);
  return {
    ...rowOf(context, "terminal_operation", operation.operation_id),
    ...windowOf(
      context,
      "terminal_operation",
      operation.operation_id,
      operation.execution,
    ),
    terminal_id: operation.terminal_id,
    tool_id: operation.tool_call_id,
    kind: operation.kind,
    input: inputOf(context, operation),
    cwd: request.type === "exec_command" ? request.cwd : null,
    exit_code: exitCodeOfOperation(context.scene.session, operation),
    stdout: place(result?.stdout),
    // A session log has both outputs of a command as one.
    stderr: context.logged === null ? place(result?.stderr) : null,
    formatted: place(result?.formatted_output),
    original_token_count: result === null ||
        result.original_token_count === null
      ? null
      : exactInteger(result.original_token_count),
    call_item_ids: seen.flatMap(({ call_item_ids: ids }) => [...ids]),
    output_item_ids: seen.flatMap(({ output_item_ids: ids }) => [...ids]),
    payload_ids: operation.raw_payload_ids,
  };
}

/** What passed between two agents. */
export function edgeRow(context: RowContext, edge: InteractionEdge): EdgeRow {
  return {
    ...rowOf(context, "edge", edge.edge_id),
    kind: edgeKind(context.trace, edge),
    source: pointerOf(edge.source),
    target: pointerOf(edge.target),
    source_thread_id: threadOf(context, edge.source),
    target_thread_id: threadOf(context, edge.target),
    started: approximateNumber(edge.started_at_unix_ms),
    ended: approximateNumber(edge.ended_at_unix_ms),
    delivered: approximateNumber(deliveredAt(context.scene.session, edge)),
    delivery_ms: deliveryTime(context.scene, edge),
    is_delivery_unknown: isDeliveryUnknown(context.scene.session, edge),
    carried_item_ids: edge.carried_item_ids,
    carried_payload_ids: edge.carried_raw_payload_ids,
  };
}

/**
 * How long the delivery took; null where its end is not known. The graph has no event of a delivery:
 * a jump of the clock at any time after the start makes it unknown.
 */
function deliveryTime(
  { session }: ExplainContext,
  edge: InteractionEdge,
): number | null {
  const { started_at_unix_ms: from } = edge;
  const to = deliveredAt(session, edge);
  const clock = getClock(session);
  const ms = to === null || clock.jumps.length > 0 ? null : elapsed(from, to);
  return approximateNumber(ms);
}

function pointerOf(anchor: TraceAnchor): Pointer {
  switch (anchor.type) {
    case "conversation_item":
      return ["item", anchor.item_id];
    case "tool_call":
      return ["tool_call", anchor.tool_call_id];
    case "thread":
      return ["thread", anchor.thread_id];
  }
}

function threadOf({ trace }: RowContext, anchor: TraceAnchor): string | null {
  switch (anchor.type) {
    case "conversation_item":
      return trace.conversation_items.get(anchor.item_id)?.thread_id ?? null;
    case "tool_call":
      return trace.tool_calls.get(anchor.tool_call_id)?.thread_id ?? null;
    case "thread":
      return trace.threads.has(anchor.thread_id) ? anchor.thread_id : null;
  }
}

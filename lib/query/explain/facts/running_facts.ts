/**
 * What is known about tool calls, code cells and terminals.
 *
 * @module
 */

import { exitCodeOfOperation } from "../../evidence/command_end.ts";
import type { TerminalOperation, ToolCall } from "../../../graph/runtime.ts";
import { utf8Length } from "../../../text/utf8_length.ts";
import { firstOfRepeated } from "../../evidence/links/repeated_calls.ts";
import { toolTimes } from "../../evidence/clock/tool_times.ts";
import { toolWait } from "../../evidence/clock/tool_wait.ts";
import { calledName } from "../../session/names/tool_name.ts";
import { patchOf } from "../../evidence/recorded/patches.ts";
import type { Fact } from "../explain_answer.ts";
import { oneLineExcerpt } from "../../evidence/excerpt.ts";
import type { ExplainContext } from "../explain_context.ts";
import {
  askedInRequest,
  duration,
  ifAny,
  inBytes,
  inMs,
  inUnixMs,
  object,
  turnStartedWith,
  value,
} from "./fact.ts";

/** Facts about a tool call. */
export function toolFacts(context: ExplainContext, id: string): Fact[] {
  const tool = context.trace.tool_calls.get(id);
  if (tool === undefined) return [];
  return [
    value("tool", calledName(tool)),
    value("kind", tool.kind.type),
    ...requester(context, tool),
    askedInRequest(context, id),
    ...turnStartedWith(context, tool.started_by_codex_turn_id),
    ...duration(context, "tool_call", tool.execution),
    ...timeFacts(context, tool),
    ...ifAny("call_id", tool.model_visible_call_id),
    ...ifAny("mcp_call_id", tool.mcp_call_id),
    ...ifAny("runtime_tool_id", tool.code_mode_runtime_tool_id),
    ...waitTarget(context, tool),
    ...repeatFacts(context, tool),
    ...summarised(tool),
    ...patchFacts(context, tool),
    ...tool.terminal_operation_id === null ? [] : [
      object(
        context,
        "terminal_operation",
        "terminal_operation",
        tool.terminal_operation_id,
      ),
    ],
  ];
}

/** How long a call waited before it ran; of a wait, what it asked for and whether it timed out. */
function timeFacts(context: ExplainContext, tool: ToolCall): Fact[] {
  const { session, waitTargets } = context;
  const { waited_ms: waited, ran_ms: ran } = toolTimes(session, tool);
  const wait = toolWait(session, tool, waitTargets);
  return [
    ...ifAny(inMs("waited_before_it_ran"), waited),
    ...ifAny(inMs("ran"), ran),
    ...wait === null ? [] : [
      value(inMs("asked_to_wait"), wait.asked_ms),
      ...ifAny(inMs("granted_wait"), wait.granted_ms),
      value("timed_out", wait.timed_out),
    ],
  ];
}

/** Which call it repeats, with the same input and the same result; nothing where it repeats none. */
function repeatFacts(context: ExplainContext, tool: ToolCall): Fact[] {
  const first = firstOfRepeated(context.session).get(tool);
  return first === undefined
    ? []
    : [object(context, "repeats", "tool_call", first.tool_call_id)];
}

/** The cell that a call waited for, and the id by which the runtime knows it. */
function waitTarget(context: ExplainContext, tool: ToolCall): Fact[] {
  const { resolved_wait_runtime_cell_id: id } = tool;
  if (id === undefined) return [];
  const target = context.waitTargets.of(tool);
  return [
    value("waited_for_runtime_cell_id", id),
    object(context, "waited_for_cell", "code_cell", target?.id),
  ];
}

/** What a patch changed, and how it was approved. */
function patchFacts({ session }: ExplainContext, tool: ToolCall): Fact[] {
  const patch = patchOf(session, tool);
  if (patch === null) return [];
  const { outcome, changes, is_auto_approved: isAuto } = patch;
  return [
    value("patch", outcome),
    value("auto_approved", isAuto),
    ...changes === null
      ? [value("changes", null)]
      : changes.map((each) =>
        value(
          each.change,
          each.path + (each.moved_to === null ? "" : ` → ${each.moved_to}`),
        )
      ),
  ];
}

function requester(
  context: ExplainContext,
  { requester: by }: ToolCall,
): Fact[] {
  return by.type === "model"
    ? [value("requested_by", "the model")]
    : [object(context, "requested_by", "code_cell", by.code_cell_id)];
}

function summarised({ summary }: ToolCall): Fact[] {
  switch (summary.type) {
    case "generic":
      return [
        ...ifAny("input", summary.input_preview),
        ...ifAny("output", summary.output_preview),
      ];
    case "agent":
      return [
        value("target_agent", summary.target_agent_path),
        ...ifAny("task", summary.task_name),
        value("message", summary.message_preview),
      ];
    case "wait_agent":
      return [
        ...ifAny("target_agent", summary.target_agent_path),
        ...ifAny(inMs("timeout"), summary.timeout_ms),
      ];
    case "terminal":
      return [];
  }
}

/** Facts about a code cell. */
export function cellFacts(context: ExplainContext, id: string): Fact[] {
  const cell = context.trace.code_cells.get(id);
  if (cell === undefined) return [];
  return [
    value("runtime_status", cell.runtime_status),
    ...turnStartedWith(context, cell.codex_turn_id),
    ...duration(context, "code_cell", cell.execution),
    value("call_id", cell.model_visible_call_id),
    value("runtime_cell_id", cell.runtime_cell_id),
    value("first_answer", cell.initial_response_status ?? null),
    value(inUnixMs("first_answer_at"), cell.initial_response_at_unix_ms),
    ...ifAny(inUnixMs("yielded_at"), cell.yielded_at_unix_ms),
    value("nested_tool_calls", context.known(cell.nested_tool_call_ids.length)),
    value("waits_for_it", context.known(cell.wait_tool_call_ids.length)),
    value(inBytes("source"), utf8Length(cell.source_js)),
    value("source", oneLineExcerpt(cell.source_js, 400)),
  ];
}

/** Facts about a terminal operation. */
export function operationFacts(context: ExplainContext, id: string): Fact[] {
  const operation = context.trace.terminal_operations.get(id);
  if (operation === undefined) return [];
  const { request, result, terminal_id: terminal } = operation;
  const session = terminal === null
    ? undefined
    : context.trace.terminal_sessions.get(terminal);
  return [
    value("kind", operation.kind),
    object(context, "process", "terminal_session", terminal),
    ...session === undefined ? [] : [
      value("started_the_process", session.created_by_operation_id === id),
      object(
        context,
        "process_started_by",
        "terminal_operation",
        session.created_by_operation_id,
      ),
    ],
    ...request.type === "exec_command"
      ? [
        value("command", oneLineExcerpt(request.display_command, 400)),
        value("directory", request.cwd),
      ]
      : [value("written", writtenText(request.stdin))],
    ...ifAny(inMs("yield_time"), request.yield_time_ms),
    ...ifAny("max_output_tokens", request.max_output_tokens),
    ...duration(context, "terminal_operation", operation.execution),
    value("exit_code", exitCodeOfOperation(context.session, operation)),
    ...outputFacts(operation),
    ...ifAny("tokens_before_cut", result?.original_token_count),
  ];
}

/** The output: of the process, as formatted by the tool, or of the tool alone. */
function outputFacts(
  { request, result, execution }: TerminalOperation,
): Fact[] {
  if (result === null) {
    return [value(inBytes("stdout"), null), value(inBytes("stderr"), null)];
  }
  const { stdout, stderr, formatted_output: formatted, chunk_id: chunk } =
    result;
  if (
    request.type === "write_stdin" && execution.status === "failed" &&
    stdout === "" && stderr === formatted
  ) return [value("tool_own_error", stderr)];
  // The formatted output is the only record where the plain output was not reported.
  return formatted !== null && formatted !== "" && formatted === stdout &&
      chunk === null
    ? [value(inBytes("formatted_output"), utf8Length(formatted))]
    : [
      value(inBytes("stdout"), utf8Length(stdout)),
      value(inBytes("stderr"), utf8Length(stderr)),
    ];
}

/** What was written, with its line ends; of a long text, the beginning. */
function writtenText(stdin: string): string {
  const most = 400;
  const text = JSON.stringify(stdin.slice(0, most));
  return stdin.length > most ? `${text}…` : text;
}

/** Facts about a process. */
export function processFacts(context: ExplainContext, id: string): Fact[] {
  const session = context.trace.terminal_sessions.get(id);
  if (session === undefined) return [];
  return [
    object(
      context,
      "started_by",
      "terminal_operation",
      session.created_by_operation_id,
    ),
    value("operations", session.operation_ids.length),
    value(
      "reused_by_operations",
      context.known(session.operation_ids.length - 1),
    ),
    // No event marks the end of a process; the operation that started it has its end.
    value(
      "exit_code",
      context.trace.terminal_operations.get(session.created_by_operation_id)
        ?.result?.exit_code,
    ),
  ];
}

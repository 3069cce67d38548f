/**
 * How the command behind a tool call ended: by its exit code, or by the status of its runtime where
 * the payload with the code was lost, or not recorded.
 *
 * @module
 */

import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { TerminalOperation, ToolCall } from "../../graph/runtime.ts";
import type { TraceSession } from "../session/session.ts";
import { isJsonObject } from "../../format/payload.ts";
import { captureOf } from "./recorded/captures.ts";
import { payloadObject, textIn } from "./recorded/payload_fields.ts";

/**
 * Exit code of the command behind a call; null where there is none, or where it is unknown. What the
 * recorder's limits left out of the report of the runtime may still be in the result of the call.
 */
export function exitCodeOf(
  session: TraceSession,
  tool: ToolCall,
): number | null {
  const { trace } = session;
  const { terminal_operation_id: id } = tool;
  const operation = id === null ? undefined : trace.terminal_operations.get(id);
  return operation?.result?.exit_code ?? statedExitCode(session, tool);
}

/** Exit code of the command of an operation; null as that of its call. */
export function exitCodeOfOperation(
  session: TraceSession,
  { result, tool_call_id: id }: TerminalOperation,
): number | null {
  const tool = session.trace.tool_calls.get(id);
  return result?.exit_code ??
    (tool === undefined ? null : statedExitCode(session, tool));
}

/**
 * What Codex prints before the output of a command. Nothing after it counts: that is the command's
 * own text.
 */
const PREAMBLE =
  /^(?:Chunk ID: \S+\n)?Wall time: \S+ seconds\nProcess exited with code (-?\d{1,10})\n/;

/** The exit code in the result of a call whose report was truncated or omitted; null without one. */
function statedExitCode(session: TraceSession, tool: ToolCall): number | null {
  const { kind, raw_runtime_payload_ids: ids } = tool;
  if (kind.type !== "exec_command") return null;
  if (captureOf(session.trace, ids.at(-1)) === null) return null;
  const result = payloadObject(session, tool.raw_result_payload_id);
  if (result?.["type"] === "code_mode_response") {
    const { value } = result;
    const code = isJsonObject(value) ? value["exit_code"] : null;
    return Number.isInteger(code) ? Number(code) : null;
  }
  const [, code] = textIn(result ?? undefined, "response_item", "output")
    ?.match(PREAMBLE) ?? [];
  return code === undefined ? null : Number(code);
}

/** Whether a call runs a command, or uses one that runs. */
export function runsCommand({ kind: { type } }: ToolCall): boolean {
  return type === "exec_command" || type === "write_stdin";
}

/**
 * Whether the command behind a call failed: it ended with another code than 0. Where the code is
 * unknown, Codex records `failed` as the status of its runtime.
 */
export function isCommandFailed(
  session: TraceSession,
  tool: ToolCall,
): boolean {
  if (!runsCommand(tool)) return false;
  const exit = exitCodeOf(session, tool);
  return exit === null
    ? runtimeStatusOf(session, tool) === "failed"
    : exit !== 0;
}

/** Whether an exit code may be in a part of a payload that the recorder's limits left out. */
export function isExitCodeCut(session: TraceSession, tool: ToolCall): boolean {
  if (!runsCommand(tool) || exitCodeOf(session, tool) !== null) return false;
  const { raw_result_payload_id: result, raw_runtime_payload_ids: ids } = tool;
  return [result, ...ids].some((id) => captureOf(session.trace, id) !== null) &&
    runtimeStatusOf(session, tool) === null;
}

/** The status with which the runtime of a call ended last; null where no end was recorded. */
export function runtimeStatusOf(
  session: TraceSession,
  { tool_call_id: id }: ToolCall,
): ExecutionStatus | null {
  let status: ExecutionStatus | null = null;
  for (const { event } of session.log?.about("tool_call", id) ?? []) {
    const { payload } = event;
    if (payload.type === "tool_call_runtime_ended") status = payload.status;
  }
  return status;
}

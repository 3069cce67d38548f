/**
 * How the command behind a tool call ended: by its exit code, or by the status of its runtime where
 * the payload with the code was lost, or not recorded.
 *
 * @module
 */

import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import type { TraceSession } from "../session/session.ts";
import { captureOf } from "./recorded/captures.ts";

/** Exit code of the command behind a call; null where there is none. */
export function exitCodeOf(
  { trace }: Pick<TraceSession, "trace">,
  tool: ToolCall,
): number | null {
  const { terminal_operation_id: id } = tool;
  const operation = id === null ? undefined : trace.terminal_operations.get(id);
  return operation?.result?.exit_code ?? null;
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

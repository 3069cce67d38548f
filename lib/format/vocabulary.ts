/**
 * Types that both the raw events and the reduced graph use: integers, statuses, tool kinds, tool
 * summaries. Both import this file, so that neither has to import the other.
 *
 * @module
 */

/**
 * An exact 64-bit integer: a `number` where that is exact, a `bigint` beyond 2^53 - 1.
 * Sequence numbers, times and token counts of malformed or hostile bundles need all 64 bits.
 */
export type Integer = number | bigint;

/** Milliseconds since the Unix epoch. */
export type UnixMs = Integer;

/** State of a rollout or thread, as the events report it. */
export type RolloutStatus = "running" | "completed" | "failed" | "aborted";

/** State of anything that runs for a while. */
export type ExecutionStatus =
  | "running"
  | "completed"
  | "failed"
  | "cancelled"
  | "aborted";

/** State of a code cell as its runtime reports it. */
export type CodeCellRuntimeStatus =
  | "starting"
  | "running"
  | "yielded"
  | "completed"
  | "failed"
  | "terminated";

/** Tool kinds that carry no more than their name. */
export type PlainToolCallKind =
  | "exec_command"
  | "write_stdin"
  | "apply_patch"
  | "web"
  | "image_generation"
  | "spawn_agent"
  | "assign_agent_task"
  | "send_message"
  | "wait_agent"
  | "close_agent";

/** Kind of the tool of a call. */
export type ToolCallKind =
  | { type: PlainToolCallKind }
  | { type: "mcp"; server: string; tool: string }
  | { type: "other"; name: string };

/** Summary of a tool call in one line, depending on its kind. */
export type ToolCallSummary =
  | {
    type: "generic";
    label: string;
    input_preview: string | null;
    output_preview: string | null;
  }
  | { type: "terminal"; operation_id: string }
  | {
    type: "agent";
    target_agent_path: string;
    task_name: string | null;
    message_preview: string;
  }
  | {
    type: "wait_agent";
    target_agent_path: string | null;
    timeout_ms: Integer | null;
  };

/** Every {@linkcode RolloutStatus}. */
export const ROLLOUT_STATUSES: readonly RolloutStatus[] = [
  "running",
  "completed",
  "failed",
  "aborted",
];

/** Every {@linkcode ExecutionStatus}. */
export const EXECUTION_STATUSES: readonly ExecutionStatus[] = [
  "running",
  "completed",
  "failed",
  "cancelled",
  "aborted",
];

/** Every {@linkcode CodeCellRuntimeStatus}. */
export const CODE_CELL_RUNTIME_STATUSES: readonly CodeCellRuntimeStatus[] = [
  "starting",
  "running",
  "yielded",
  "completed",
  "failed",
  "terminated",
];

/**
 * Records bundles from a program of your own.
 *
 * A host calls {@linkcode ThreadTraceContext} and the handles that it returns. They never throw
 * because of recording: what cannot be written is reported once to {@linkcode RecorderOptions}, and
 * the bundle can still be reduced. {@linkcode TraceWriter} writes single events and payloads.
 *
 * @example Record a session
 * ```ts
 * import { replayBundle } from "rollout-trace";
 * import { ThreadTraceContext } from "rollout-trace/record";
 *
 * const thread = ThreadTraceContext.startRoot(Deno.makeTempDirSync(), {
 *   thread_id: "thread-1",
 *   agent_path: "/root",
 * });
 * thread.recordCodexTurnStarted("turn-1");
 * thread.recordCodexTurnEvent("turn-1", { type: "task_complete", turn_id: "turn-1" });
 * thread.recordEnded("completed");
 *
 * const trace = replayBundle(thread.bundleDirectory ?? "");
 * if (trace.codex_turns.size !== 1) throw new Error("expected one turn");
 * ```
 *
 * @module
 */

// Start a recording.

export { ThreadTraceContext } from "./thread.ts";
export { TRACE_ROOT_VARIABLE } from "./root.ts";
export type { RootTraceOptions } from "./root.ts";
export type { RecorderOptions } from "./recorder.ts";
export type { ThreadStartedTraceMetadata } from "./thread_events.ts";

// Record requests to a model.

export {
  INFERENCE_CALL_ID_HEADER,
  InferenceTraceAttempt,
  InferenceTraceContext,
} from "./inference.ts";
export type { InferenceTarget, TokenUsage } from "./inference.ts";
export type { RequestDetails } from "./request_fields.ts";
export type { BaseInstructions, PreparedPrompt } from "./request_fields.ts";

// Record compactions.

export {
  CompactionTraceAttempt,
  CompactionTraceContext,
} from "./compaction.ts";
export type { CompactionCheckpoint, CompactionTarget } from "./compaction.ts";

// Record tool calls and code cells.

export {
  MCP_CALL_ID_META_KEY,
  McpCallTraceContext,
  ToolDispatchTraceContext,
} from "./tool/tool_dispatch.ts";
export type {
  ToolDispatchInvocation,
  ToolDispatchPayload,
  ToolDispatchRequester,
  ToolDispatchResult,
} from "./tool/tool_invocation.ts";
export { CodeCellTraceContext } from "./code_cell.ts";
export type { CodeCellOutput, CodeCellResponse } from "./code_cell.ts";

// Record results of agents, and messages of the protocol.

export type { AgentResultTracePayload } from "./thread_events.ts";
export type { ProtocolEvent } from "./protocol_event.ts";

// Write events and payloads.

export { NO_CONTEXT, TraceWriter } from "./trace_writer.ts";
export type { EventContext, TraceWriterOptions } from "./trace_writer.ts";
export { DirectoryStore, MemoryStore } from "../bundle/write/store.ts";
export type { BundleStore } from "../bundle/write/store.ts";

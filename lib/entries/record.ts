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

export { ThreadTraceContext } from "../record/thread.ts";
export { TRACE_ROOT_VARIABLE } from "../record/root.ts";
export type { RootTraceOptions } from "../record/root.ts";
export type { RecorderOptions } from "../record/recorder.ts";
export type { ThreadStartedTraceMetadata } from "../record/thread_events.ts";

// Record requests to a model.

export {
  INFERENCE_CALL_ID_HEADER,
  InferenceTraceAttempt,
  InferenceTraceContext,
} from "../record/inference.ts";
export type { InferenceTarget, TokenUsage } from "../record/inference.ts";
export type { RequestDetails } from "../record/request_fields.ts";
export type {
  BaseInstructions,
  PreparedPrompt,
} from "../record/request_fields.ts";

// Record compactions.

export {
  CompactionTraceAttempt,
  CompactionTraceContext,
} from "../record/compaction.ts";
export type {
  CompactionCheckpoint,
  CompactionTarget,
} from "../record/compaction.ts";

// Record tool calls and code cells.

export {
  MCP_CALL_ID_META_KEY,
  McpCallTraceContext,
  ToolDispatchTraceContext,
} from "../record/tool/tool_dispatch.ts";
export type {
  ToolDispatchInvocation,
  ToolDispatchPayload,
  ToolDispatchRequester,
  ToolDispatchResult,
} from "../record/tool/tool_invocation.ts";
export { CodeCellTraceContext } from "../record/code_cell.ts";
export type { CodeCellOutput, CodeCellResponse } from "../record/code_cell.ts";

// Record results of agents, and messages of the protocol.

export type { AgentResultTracePayload } from "../record/thread_events.ts";
export type { ProtocolEvent } from "../record/protocol_event.ts";

// Write events and payloads.

export { NO_CONTEXT, TraceWriter } from "../record/trace_writer.ts";
export type {
  EventContext,
  TraceWriterOptions,
} from "../record/trace_writer.ts";
export { DirectoryStore, MemoryStore } from "../bundle/write/store.ts";
export type { BundleStore } from "../bundle/write/store.ts";

/**
 * The types that a host meets when it records, in one place for `mod.ts`.
 *
 * @module
 */

export type { RecorderOptions } from "./recorder.ts";
/** What a host passes to the handles. */
export type { ThreadStartedTraceMetadata } from "./thread_events.ts";
export type { ProtocolEvent } from "./protocol_event.ts";
export type { AgentResultTracePayload } from "./thread_events.ts";
export type {
  ToolDispatchInvocation,
  ToolDispatchPayload,
  ToolDispatchRequester,
  ToolDispatchResult,
} from "./tool/tool_invocation.ts";
export type { RequestDetails } from "./request_fields.ts";
export type { BaseInstructions, PreparedPrompt } from "./request_fields.ts";
/** How a bundle is written. */
export type { WriteRules } from "../bundle/write/write_rules.ts";
export type {
  PayloadWriter,
  PayloadWriterContext,
  PayloadWriterFactory,
} from "../bundle/write/payload_writer.ts";
export type { ByteBudget } from "../bundle/write/byte_budget.ts";

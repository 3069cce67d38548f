/**
 * Raw events: one line of the log each, exactly as recorded, nothing interpreted. How they are
 * written and what they mean is described in `events/`.
 *
 * Keys are spelled as on disk, in the order of the disk. A key that may be missing or null is
 * `T | null` here. Types and keys that only later schemas have are marked so.
 *
 * @module
 */

import type {
  AgentResultObserved,
  CodeCellEnded,
  CodeCellInitialResponse,
  CodeCellStarted,
  CodeCellWaitTargetResolved,
  CodexTurnEnded,
  CodexTurnStarted,
  CompactionInstalled,
  CompactionRequestCompleted,
  CompactionRequestFailed,
  CompactionRequestStarted,
  HistoryItemAccepted,
  InferenceCancelled,
  InferenceCompleted,
  InferenceFailed,
  InferenceStarted,
  McpToolCallCorrelationAssigned,
  OtherEvent,
  ProtocolEventObserved,
  RecordingCompleted,
  RolloutEnded,
  RolloutStarted,
  StdinTargetResolved,
  ThreadEnded,
  ThreadResumed,
  ThreadStarted,
  ToolCallEnded,
  ToolCallRuntimeEnded,
  ToolCallRuntimeStarted,
  ToolCallStarted,
} from "./event_payloads.ts";
import type { EventMeaning } from "./events/event_description.ts";
import type { CodexTurnId, ThreadId } from "./ids.ts";
import type { RawPayloadRef } from "./payload.ts";
import type { Integer, UnixMs } from "./vocabulary.ts";

export type * from "./event_payloads.ts";

/** Payload of an event; `type` is the name of the event. */
export type RawTraceEventPayload =
  | RecordingCompleted
  | RolloutStarted
  | RolloutEnded
  | ThreadStarted
  | ThreadEnded
  | ThreadResumed
  | CodexTurnStarted
  | CodexTurnEnded
  | HistoryItemAccepted
  | InferenceStarted
  | InferenceCompleted
  | InferenceFailed
  | InferenceCancelled
  | ToolCallStarted
  | McpToolCallCorrelationAssigned
  | StdinTargetResolved
  | CodeCellWaitTargetResolved
  | ToolCallRuntimeStarted
  | ToolCallRuntimeEnded
  | ToolCallEnded
  | CodeCellStarted
  | CodeCellInitialResponse
  | CodeCellEnded
  | CompactionRequestStarted
  | CompactionRequestCompleted
  | CompactionRequestFailed
  | CompactionInstalled
  | AgentResultObserved
  | ProtocolEventObserved
  | OtherEvent;

/** Name of an event. */
export type EventType = RawTraceEventPayload["type"];

/** Payload of an event of type `K`. */
export type EventOf<K extends EventType> = Extract<
  RawTraceEventPayload,
  { type: K }
>;

/** One line of the log. Keys in the order of the disk. */
export interface RawTraceEvent<
  P extends RawTraceEventPayload = RawTraceEventPayload,
> {
  /** Schema of the line. */
  schema_version: number;
  /** Place in the log, counted from 1. */
  seq: Integer;
  /** When it was recorded. */
  wall_time_unix_ms: UnixMs;
  /** Id of the rollout. */
  rollout_id: string;
  /** Thread that the recorder was in. */
  thread_id: ThreadId | null;
  /** Turn that the recorder was in. */
  codex_turn_id: CodexTurnId | null;
  /** What happened. */
  payload: P;
}

/** An event as the reader of the log returns it. */
export interface DecodedEvent {
  /** The event. */
  event: RawTraceEvent;
  /** Every payload reference of the event, in the order of its keys; parts are left out. */
  payloads: readonly RawPayloadRef[];
  /** What such an event means, by its schema. */
  meaning: EventMeaning;
  /** Physical line in the log, counted from 1, blank lines included. */
  line: number;
  /** Whether the line ends with a line feed, as a completely written one does. */
  lineEnded: boolean;
}

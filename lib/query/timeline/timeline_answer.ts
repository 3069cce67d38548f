/**
 * What happened, in order: the answer of `timeline`.
 *
 * @module
 */

import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
  Integer,
  RolloutStatus,
  UnixMs,
} from "../../format/vocabulary.ts";
import type { DiagnosticCode } from "../../errors.ts";
import type { PayloadCapture } from "../../format/payload.ts";
import type { ToolTimes } from "../evidence/clock/tool_times.ts";
import type { ToolWait } from "../evidence/clock/tool_wait.ts";
import type { ClockJump } from "../evidence/clock/clock_jump.ts";
import type { MissingReason } from "../failures/failure.ts";
import type { RequestCaptures } from "../evidence/recorded/captures.ts";
import type { HistoryOrigin } from "../evidence/links/inherited_history.ts";
import type { EdgeKind } from "../session/names/edge_kind.ts";
import type { Outcome } from "../failures/outcome/outcome.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { KnownCount } from "../evidence/known_count.ts";
import type { TokenUsage } from "../../graph/runtime.ts";

/** The kinds of entries of a timeline. */
export type TimelineKind = TimelineDetail["type"];

/**
 * The issue of an entry: it failed, it was interrupted, its end was never recorded, or
 * it is worth a second look.
 */
export type Issue = "failed" | "interrupted" | "incomplete" | "warning";

/** What happened, in the order in which it began. */
export interface TimelineAnswer {
  /** When the rollout began. */
  readonly started_at_unix_ms: UnixMs;
  /** When the rollout ended; null when its end was never recorded. */
  readonly ended_at_unix_ms: UnixMs | null;
  /**
   * How long it took until its end, or until the last recorded event, in milliseconds; null where
   * the clock jumped meanwhile.
   */
  readonly duration_ms: Integer | null;
  /** What became of the session; null when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** State of the rollout, in the recorder's word. */
  readonly status: RolloutStatus;
  /** Entries of the full timeline, whatever was selected. */
  readonly total: number;
  /** What was asked for, by the sequence number of its start. */
  readonly entries: readonly TimelineEntry[];
  /** Stretches in which nothing ran. */
  readonly gaps: readonly TimelineGap[];
  /** Where the clock of the recording jumped: times across it are unknown. */
  readonly clock_jumps: readonly ClockJump[];
}

/** One thing that happened. */
export interface TimelineEntry {
  /** Its position in the full timeline, counted from 1. */
  readonly number: number;
  /** What it is. */
  readonly kind: TimelineKind;
  /** The object of the graph; null for what is an event only. */
  readonly object: ObjectRef | null;
  /** Thread it belongs to; null where the log does not record it. */
  readonly thread: ObjectRef | null;
  /** Turn it belongs to. */
  readonly turn: ObjectRef | null;
  /** The number of the entry in which it happened: it began earlier. */
  readonly parent: number | null;
  /** How many entries it is in. */
  readonly depth: number;
  /** Event that began it; null where the evidence has none. */
  readonly started_seq: Integer | null;
  /** Event that ended it; null for what takes no time, and for what never ended. */
  readonly ended_seq: Integer | null;
  /** When it began. */
  readonly started_at_unix_ms: UnixMs | null;
  /** When it ended. */
  readonly ended_at_unix_ms: UnixMs | null;
  /**
   * How long it took, in milliseconds; null for what takes no time, where a start or an end was not
   * recorded, and where the clock jumped meanwhile.
   */
  readonly duration_ms: Integer | null;
  /** What became of it; null for what takes no time, and when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** How it ended, in the recorder's word; null for what takes no time. */
  readonly status: ExecutionStatus | null;
  /** What is wrong with it; null when nothing is. */
  readonly issue: Issue | null;
  /** What went wrong, in the words of the evidence. */
  readonly error: string | null;
  /** Why `error` has no reason; null where it has one, and when nothing went wrong. */
  readonly missing_reason: MissingReason | null;
  /** The object whose fault is the reason of this one. */
  readonly caused_by: ObjectRef | null;
  /** The later request of the same turn that went well. */
  readonly retried_by: ObjectRef | null;
  /** Whether it is here only because something asked for happened in it. */
  readonly context: boolean;
  /** What is worth knowing of its kind. */
  readonly detail: TimelineDetail;
}

/** A stretch in which no call, tool, cell or summary ran. */
export interface TimelineGap {
  /** The number of the entry that began next. */
  readonly before: number;
  /** When the last thing that ran had ended. */
  readonly from_unix_ms: UnixMs;
  /** When the next began. */
  readonly until_unix_ms: UnixMs;
  /** How long nothing was recorded, in milliseconds. */
  readonly duration_ms: Integer;
}

/** What is worth knowing of an entry; `type` is its kind. */
export type TimelineDetail =
  | ThreadDetail
  | TurnDetail
  | CallDetail
  | ToolDetail
  | CellDetail
  | OperationDetail
  | SummaryDetail
  | CompactionDetail
  | EdgeDetail
  | UndeliveredDetail
  | DroppedItemsDetail
  | InheritedHistoryDetail
  | MessageDetail
  | ItemDetail
  | ProtocolDetail
  | ResumedDetail
  | LossDetail;

/** Of a thread. */
export interface ThreadDetail {
  /** What it is. */
  readonly type: "thread";
  /** Path in the tree of agents; the id of the thread where no path is known. */
  readonly agent_path: string;
  /** Name for people. */
  readonly nickname: string | null;
  /** Model it was started with. */
  readonly model: string | null;
  /** Task of a spawned thread. */
  readonly task: string | null;
}

/** Of a turn. */
export interface TurnDetail {
  /** What it is. */
  readonly type: "turn";
  /** Requests to models in it, those for summaries left out. */
  readonly calls: KnownCount;
  /** Tool calls in it, those that code cells made included. */
  readonly tool_calls: KnownCount;
}

/** Of a request to a model. */
export interface CallDetail extends RequestCaptures {
  /** What it is. */
  readonly type: "inference_call";
  /** Model asked. */
  readonly model: string;
  /** Tokens; null when the provider reported none. Cached ones are part of the input. */
  readonly usage: TokenUsage | null;
}

/** Of a tool call. */
export interface ToolDetail extends ToolTimes {
  /** What it is. */
  readonly type: "tool_call";
  /** What was run: its kind, or the name of the tool. */
  readonly tool: string;
  /** The name by which the model asked, where that is another. */
  readonly requested_tool: string | null;
  /** Who asked. */
  readonly requester: "model" | "code_cell";
  /** The command, the files of a patch, a path, a question: the most useful argument in one line. */
  readonly preview: string | null;
  /**
   * The first of at least three such calls in a row with the same input and the same result; null
   * where it is no other's repeat.
   */
  readonly repeats: ObjectRef | null;
  /** The code cell that it waited for; null where it waited for none, or the cell is unknown. */
  readonly waits_for: ObjectRef | null;
  /** How long it asked to wait, and whether it timed out; null where it is no wait. */
  readonly wait: ToolWait | null;
}

/** Of a code cell. */
export interface CellDetail {
  /** What it is. */
  readonly type: "code_cell";
  /** First line of the source. */
  readonly source: string;
  /** State, as the runtime reported last. */
  readonly runtime_status: CodeCellRuntimeStatus;
  /** Tool calls that its code made. */
  readonly nested_tool_calls: KnownCount;
}

/** Of a terminal operation. */
export interface OperationDetail {
  /** What it is. */
  readonly type: "terminal_operation";
  /** A command, or a write to a running one. */
  readonly operation: "exec_command" | "write_stdin";
  /** The command, or what was written. */
  readonly text: string;
  /** What it printed, cut; null when nothing was recorded. */
  readonly output: string | null;
  /** Exit code; null while the process runs, or when nothing was recorded. */
  readonly exit_code: number | null;
  /** The process. */
  readonly terminal: ObjectRef | null;
}

/** Of a compaction request. */
export interface SummaryDetail extends RequestCaptures {
  /** What it is. */
  readonly type: "compaction_request";
  /** Model asked. */
  readonly model: string;
  /** The compaction it was made for. */
  readonly compaction: ObjectRef;
}

/** Of a history that was replaced. */
export interface CompactionDetail {
  /** What it is. */
  readonly type: "compaction";
  /** How much of the checkpoint was kept, when not all of it was: then both are unknown. */
  readonly checkpoint_capture: PayloadCapture | null;
  /** Items before, those that were not recorded included; null where that is unknown. */
  readonly items_before: number | null;
  /** Items after, those that were not recorded included; null where that is unknown. */
  readonly items_after: number | null;
}

/** Of what passed between agents. */
export interface EdgeDetail {
  /** What it is. */
  readonly type: "edge";
  /** What passed. */
  readonly edge_kind: EdgeKind;
  /** The sending thread. */
  readonly from: ObjectRef | null;
  /** Thread it went to. */
  readonly to: ObjectRef | null;
  /** Its text, truncated. */
  readonly text: string | null;
}

/** Of a result that an agent reported and that the agent it was for was never shown. */
export interface UndeliveredDetail {
  /** What it is. */
  readonly type: "undelivered";
  /** The sending thread. */
  readonly from: ObjectRef;
  /** Thread it was for. */
  readonly to: ObjectRef;
  /** What was reported, cut. */
  readonly text: string;
}

/** Of items that left the prompt without a recorded compaction: a history rewound or replaced. */
export interface DroppedItemsDetail {
  /** What it is. */
  readonly type: "dropped_items";
  /** The first request without them. */
  readonly call: ObjectRef;
  /** The items that left the prompt. */
  readonly items: readonly ObjectRef[];
}

/** Of a user's message that entered a conversation. */
export interface MessageDetail {
  /** What it is. */
  readonly type: "message";
  /** Its text, truncated. */
  readonly text: string;
}

/** Of items that a thread had before it was recorded. */
export interface InheritedHistoryDetail {
  /** What it is. */
  readonly type: "inherited_history";
  /** The first request that carried them; null in a session log, which has no requests. */
  readonly call: ObjectRef | null;
  /** How the thread got them; null where it was not recorded. */
  readonly origin: HistoryOrigin | null;
  /** Id of the thread that had them before, of any session; null where it was not recorded. */
  readonly thread_id: string | null;
  /** The items. */
  readonly items: readonly ObjectRef[];
}

/** Of any other item that entered a conversation. */
export interface ItemDetail {
  /** What it is. */
  readonly type: "item";
  /** Who speaks. */
  readonly role: string;
  /** What the item is. */
  readonly item_kind: string;
  /** Its text, truncated. */
  readonly text: string;
}

/** Of a protocol event. */
export interface ProtocolDetail {
  /** What it is. */
  readonly type: "protocol_event";
  /** Its name. */
  readonly event_type: string;
  /** Its message, where it is an error or a warning. */
  readonly message: string | null;
  /** The evidence. */
  readonly payload: ObjectRef;
}

/** Of a thread that was resumed after its end. */
export interface ResumedDetail {
  /** What it is. */
  readonly type: "thread_resumed";
}

/** Of something in the log that could not be reduced. */
export interface LossDetail {
  /** What it is. */
  readonly type: "loss";
  /** Stable name of what is wrong. */
  readonly code: DiagnosticCode;
  /** Type of the event. */
  readonly event_type: string | null;
  /** Line of the log. */
  readonly line: number | null;
  /** How many more lines with the same fault, up to the next event, have no entry of their own. */
  readonly more_lines: number;
  /** What the graph lacks because of it. */
  readonly lost: string;
}

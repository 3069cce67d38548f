/**
 * The rows of a report, one table for each kind of object.
 *
 * A row uses the names of the graph. Ids are not shortened: `packed_table.ts` keeps them small.
 *
 * @module
 */

import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
} from "../format/vocabulary.ts";
import type { HistoryOrigin } from "../query/evidence/links/inherited_history.ts";
import type { Outcome } from "../query/failures/outcome/outcome.ts";
import type { EdgeKind } from "../query/session/names/edge_kind.ts";
import type { ObjectKind } from "../query/session/names/object_kind.ts";
import type { AgentOrigin } from "../graph/session.ts";
import type { TranscriptItem } from "../query/transcript/transcript_answer.ts";

/** Index of a text of the report; texts are read only when they are shown. */
export type TextRef = number;

/** An integer that must not be rounded: a string of digits beyond 2^53. */
export type ExactInteger = number | string;

/** How much of a payload was kept, when not all of it was; `lost` if it cannot be used since. */
export type CaptureRow =
  | {
    readonly status: "truncated";
    readonly original_bytes: ExactInteger;
    readonly retained_bytes: ExactInteger;
  }
  | { readonly status: "omitted"; readonly original_bytes: ExactInteger }
  | { readonly status: "lost" };

/** A list of items: the first `length` rows of a vector of the report, which lists share. */
export type ItemList = readonly [vector: number, length: number];

/** A reference to an object. */
export type Pointer = readonly [kind: ObjectKind, id: string];

/**
 * A step from one object to another: index of the relation in the report's `step_texts`; index of
 * the kind of the other object among all kinds, and its row; index of a note in `step_texts`, or
 * -1; rows of the events that are evidence of the step.
 */
export type StepTuple = readonly [
  relation: number,
  kind: number,
  row: number,
  note: number,
  events: readonly number[],
];

/** What every row has. */
export interface Row {
  /** Its id in the graph. */
  readonly id: string;
  /** Its short name, such as `call:3`. */
  readonly handle: string;
}

/** The evidence of an object, and its relations: a page reads them when it shows the object. */
export interface LinksRow {
  /** Rows of the events about it, in the order of the log. */
  readonly events: readonly number[];
  /** Steps to its causes. */
  readonly upstream: readonly StepTuple[];
  /** Steps to its effects. */
  readonly downstream: readonly StepTuple[];
}

/** From when to when something ran. Milliseconds since 1970; rounded beyond 2^53. */
export interface WindowRow {
  /** Whether `started` is that of the first known event: the start was lost. */
  readonly is_start_lost: boolean;
  readonly started: number;
  readonly started_seq: number;
  /** Null while it runs, or when its end was never recorded. */
  readonly ended: number | null;
  readonly ended_seq: number | null;
  /** How long it took; null where that is unknown: without an end, or across a jump of the clock. */
  readonly duration_ms: number | null;
  /** The recorded status; `unknown` where a session log does not have it. */
  readonly status: ExecutionStatus | "unknown";
  /** What became of it; null where that is unknown, and of a terminal session, which has none. */
  readonly outcome: Outcome | null;
}

export interface ThreadRow extends Row, WindowRow {
  readonly agent_path: string;
  readonly nickname: string | null;
  /** How the thread was started. */
  readonly origin_type: AgentOrigin["type"];
  /** The thread that spawned it; null for the root, and when its origin is unknown. */
  readonly parent_id: string | null;
  readonly spawn_edge_id: string | null;
  readonly task_name: string | null;
  readonly agent_role: string | null;
  readonly model: string | null;
  /** Every item that its model saw, in the order in which they were first seen. */
  readonly items: ItemList;
  /** Items that it had before it was recorded, which are also in `items`; how, and from whom. */
  readonly inherited_items: number;
  readonly inherited_by: HistoryOrigin | null;
  readonly inherited_from_id: string | null;
}

export interface TurnRow extends Row, WindowRow {
  readonly thread_id: string;
}

/** A part of an item. */
export interface PartRow {
  readonly type:
    | "text"
    | "summary"
    | "encoded"
    | "json"
    | "code"
    | "payload_ref";
  /** Text, code, JSON (possibly truncated), or an encoded value; null for a reference. */
  readonly text: TextRef | null;
  /** What an encoded value or a reference is; the language of code. */
  readonly label: string | null;
  /** The payload with all of it; null where it has none, as the JSON of a session log. */
  readonly payload_id: string | null;
  readonly sha256: string | null;
  /** How much was kept of the payload of a reference. */
  readonly capture: CaptureRow | null;
}

/** What a part has beside its type where nothing else is known. */
export const EMPTY_PART: Omit<PartRow, "type"> = {
  text: null,
  label: null,
  payload_id: null,
  sha256: null,
  capture: null,
};

/** What an item is, and how a transcript marks it. */
type ItemMarks = Pick<
  TranscriptItem,
  "role" | "channel" | "kind" | "is_accepted" | "is_inherited"
>;

export interface ItemRow extends Row, ItemMarks {
  readonly thread_id: string;
  readonly turn_id: string | null;
  /** When it was first seen. */
  readonly at: number;
  /** Only on messages between agents. */
  readonly author: string | null;
  readonly recipient: string | null;
  readonly call_id: string | null;
  readonly responses_item_id: string | null;
  readonly accepted_at: number | null;
  readonly accepted_seq: number | null;
  /** The first request that carried this call without an output; null where none did. */
  readonly lacks_output_in_id: string | null;
  /** The payload with which it was accepted, before a request showed it. */
  readonly receipt_payload_id: string | null;
  readonly parts: readonly PartRow[];
  /** What caused it; `["user_input"]` and `["harness"]` name no object. */
  readonly produced_by:
    readonly (Pointer | readonly ["user_input" | "harness"])[];
}

/** Tokens of an LLM request: cached ones are part of the input, reasoning ones of the output. */
export interface UsageRow {
  readonly input_tokens: ExactInteger;
  readonly cached_input_tokens: ExactInteger;
  readonly cache_write_input_tokens: ExactInteger;
  readonly output_tokens: ExactInteger;
  readonly reasoning_output_tokens: ExactInteger;
}

/** A request to a model and its response. */
export interface CallRow extends Row, WindowRow {
  readonly thread_id: string;
  readonly turn_id: string;
  readonly model: string;
  readonly provider_name: string;
  readonly response_id: string | null;
  readonly upstream_request_id: string | null;
  /** Everything the model saw, in order; then what left the prompt without a compaction. */
  readonly request: ItemList;
  readonly dropped_item_ids: readonly string[];
  readonly response_ids: readonly string[];
  readonly tool_ids: readonly string[];
  readonly usage: UsageRow | null;
  /** What it cost by the user's prices; null without a price or without usage. */
  readonly cost: number | null;
  readonly request_payload_id: string;
  readonly prepared_payload_id: string | null;
  /** The payload with the complete input, where the request continues a warm-up. */
  readonly warmup_payload_id: string | null;
  readonly response_payload_id: string | null;
  /** How much was kept of the input and of the response: with it, their items are unknown. */
  readonly request_capture: CaptureRow | null;
  readonly response_capture: CaptureRow | null;
  /** Items of the input and of the response that were not recorded. */
  readonly unrecorded_request_items: number;
  readonly unrecorded_response_items: number;
}

/** A tool call. */
export interface ToolRow extends Row, WindowRow {
  readonly thread_id: string;
  readonly turn_id: string | null;
  /** `exec_command`, …, `mcp`, `other`. */
  readonly kind: string;
  /** Its name: `exec_command`, `mcp server/tool`, or the name of another tool. */
  readonly label: string;
  /** The cell that made it; null when the model did. */
  readonly requester_cell_id: string | null;
  readonly started_cell_id: string | null;
  /** The cell that it waited for, and the runtime's id of it. */
  readonly wait_cell_id: string | null;
  readonly wait_runtime_cell_id: string | null;
  /** Of a wait: how long it asked for and was granted, and whether it timed out. */
  readonly wait: {
    readonly asked_ms: number | null;
    readonly granted_ms: number | null;
    readonly timed_out: boolean | null;
  } | null;
  /** How long it waited before it ran, and how long it ran; null where that was not recorded. */
  readonly waited_ms: number | null;
  readonly ran_ms: number | null;
  readonly call_id: string | null;
  readonly mcp_call_id: string | null;
  readonly runtime_tool_id: string | null;
  readonly call_item_ids: readonly string[];
  readonly output_item_ids: readonly string[];
  readonly operation_id: string | null;
  /** Its input in one line: a command, a message, the start of the input. */
  readonly input: TextRef | null;
  /** Its output in one line, where the graph has it. */
  readonly output: TextRef | null;
  readonly target_agent_path: string | null;
  readonly invocation_payload_id: string | null;
  readonly result_payload_id: string | null;
  readonly runtime_payload_ids: readonly string[];
}

/** A code cell. */
export interface CellRow extends Row, WindowRow {
  readonly thread_id: string;
  readonly turn_id: string;
  readonly call_id: string;
  readonly source_item_id: string;
  readonly output_item_ids: readonly string[];
  readonly runtime_cell_id: string | null;
  readonly runtime_status: CodeCellRuntimeStatus;
  readonly initial_response_at: number | null;
  readonly initial_response_status: CodeCellRuntimeStatus | null;
  readonly yielded_at: number | null;
  readonly source: TextRef;
  readonly nested_tool_ids: readonly string[];
  readonly wait_tool_ids: readonly string[];
  readonly initial_response_payload_id: string | null;
  readonly result_payload_id: string | null;
}

/** A terminal session, which operations write to and read from. */
export interface TerminalRow extends Row, WindowRow {
  readonly thread_id: string;
  readonly created_by_operation_id: string;
  readonly operation_ids: readonly string[];
}

/** A command, a write or a poll. */
export interface OperationRow extends Row, WindowRow {
  readonly terminal_id: string | null;
  readonly tool_id: string;
  readonly kind: "exec_command" | "write_stdin";
  /** The command as shown to people, or what was written. */
  readonly input: TextRef;
  readonly cwd: string | null;
  readonly exit_code: number | null;
  readonly stdout: TextRef | null;
  readonly stderr: TextRef | null;
  /** The output as formatted for the model. */
  readonly formatted: TextRef | null;
  readonly original_token_count: ExactInteger | null;
  /** Items in which the model saw it. */
  readonly call_item_ids: readonly string[];
  readonly output_item_ids: readonly string[];
  readonly payload_ids: readonly string[];
}

/** A compaction: a history replaced by a shorter one. */
export interface CompactionRow extends Row {
  readonly thread_id: string;
  readonly turn_id: string;
  readonly installed_at: number;
  /** How much of the checkpoint was kept: with it, both histories are unknown. */
  readonly checkpoint_capture: CaptureRow | null;
  /** How long both histories are, items included that were not recorded; null where unknown. */
  readonly items_before: number | null;
  readonly items_after: number | null;
  readonly marker_item_id: string;
  readonly request_ids: readonly string[];
  readonly input: ItemList;
  readonly replacement: ItemList;
}

/** A compaction request. */
export interface SummaryRow extends Row, WindowRow {
  readonly compaction_id: string;
  readonly thread_id: string;
  readonly turn_id: string;
  readonly model: string;
  readonly provider_name: string;
  readonly request_payload_id: string;
  readonly response_payload_id: string | null;
  /** How much of both was kept, when not all of it was. */
  readonly request_capture: CaptureRow | null;
  readonly response_capture: CaptureRow | null;
}

/** An edge: an interaction between two threads. */
export interface EdgeRow extends Row {
  readonly kind: EdgeKind;
  readonly source: Pointer;
  readonly target: Pointer;
  /** The thread of each end; null where the graph does not have it. */
  readonly source_thread_id: string | null;
  readonly target_thread_id: string | null;
  readonly started: number;
  /** When the tool call or the event ended that made it; null when no end was recorded. */
  readonly ended: number | null;
  /** When its receiver's conversation first had what it carried; null where that is unknown. */
  readonly delivered: number | null;
  /** How long that took from the start; null also where the clock jumped. */
  readonly delivery_ms: number | null;
  /** Whether a request that may show it was not recorded completely. */
  readonly is_delivery_unknown: boolean;
  readonly carried_item_ids: readonly string[];
  readonly carried_payload_ids: readonly string[];
}

export interface PayloadRow extends Row {
  readonly kind: string;
  /** The file that contains it; null when no file does. */
  readonly path: string | null;
  /** Number of the shard; null when the file is not a shard. */
  readonly shard: ExactInteger | null;
  readonly capture: CaptureRow | null;
  /** Payloads that are part of its text. */
  readonly part_ids: readonly string[];
  /** Bytes of its recorded text; null when it could not be read. */
  readonly bytes: number | null;
  /** Number of the block that contains it; null when it is not in the report. */
  readonly block: number | null;
}

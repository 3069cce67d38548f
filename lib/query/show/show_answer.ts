/**
 * What `show` answers: a session on one screen.
 *
 * @module
 */

import type {
  ExecutionStatus,
  RolloutStatus,
  UnixMs,
} from "../../format/vocabulary.ts";
import type { ItemText } from "../evidence/prompt_and_answer.ts";
import type { PayloadCapture } from "../../format/payload.ts";
import type { AgentOrigin } from "../../graph/session.ts";
import type { Outcome } from "../failures/outcome/outcome.ts";
import type { ClockJump } from "../evidence/clock/clock_jump.ts";
import type { ErrorGroup } from "../failures/error_groups.ts";
import type { Failure } from "../failures/failure.ts";
import type { Activity } from "../stats/measures/activity.ts";
import type { Cost } from "../stats/measures/cost.ts";
import type { TimeSplit } from "../stats/measures/time_split.ts";
import type { CompactionEffect } from "../context/compaction_effect.ts";
import type { ContextWindowUse } from "../context/context_window.ts";
import type {
  ThreadSettings,
  TurnReport,
} from "../evidence/recorded/recorded_settings.ts";
import type { CacheUse } from "../context/cache/cache_answer.ts";
import type { KnownCount } from "../evidence/known_count.ts";
import type { TokenSum } from "../stats/measures/token_sum.ts";
import type { EdgeKind } from "../session/names/edge_kind.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Suggestion } from "../session/suggestion.ts";
import type { Lineage } from "../evidence/recorded/lineage.ts";
import type { Losses } from "../evidence/recorded/losses.ts";
import type {
  SessionLogs,
  UnknownLine,
} from "../session/session_log/session_log.ts";
import type { RecordingFacts } from "../evidence/recorded/captures.ts";

/** A session on one screen. */
export interface ShowAnswer {
  /** Which session it is. */
  readonly identity: SessionIdentity;
  /** How much of it was recorded and reduced. */
  readonly completeness: Completeness;
  /** Where the clock of the recording jumped: times across it are unknown. */
  readonly clock_jumps: readonly ClockJump[];
  /** The prompt of the first turn; null when none was recorded. */
  readonly prompt: ItemText | null;
  /**
   * What the recorder's limits left of the payload with the prompt, or with a part of it; null
   * when all of it was recorded.
   */
  readonly prompt_capture: PayloadCapture | null;
  /** The last message of the root's model; null when there is none, or when it is unknown. */
  readonly answer: ItemText | null;
  /** The same for the last message of the root's model: if set, `answer` is incomplete. */
  readonly answer_capture: PayloadCapture | null;
  /** Models asked, in order of their first request. */
  readonly models: readonly ModelStats[];
  /** Threads, each below the one that spawned it. */
  readonly threads: readonly ThreadRow[];
  /** Turns, in order. */
  readonly turns: readonly TurnRow[];
  /** Tokens of all requests for answers. */
  readonly tokens: TokenSum;
  /** The request with the most input, against the model's context window; null without usage. */
  readonly context_window: ContextWindowUse | null;
  /** Requests that lost the provider's cache, and what had changed. */
  readonly cache: CacheUse;
  /** What they cost by the user's prices; null without prices. */
  readonly cost: Cost | null;
  /** Where the time of all turns went, whatever ran at once counted once. */
  readonly time: TimeSplit;
  /** Tools by kind, most called first. */
  readonly tools: readonly ToolStats[];
  /** The files that patches changed; null where payloads are not available. */
  readonly changed_files: ChangedFiles | null;
  /** Calls made at least three times in a row with the same input and the same result. */
  readonly repeated_calls: readonly RepeatedCall[];
  /** Pieces of code that models had run. */
  readonly code_cells: CellStats;
  /** Processes and what was done to them. */
  readonly terminals: TerminalStats;
  /** Compactions, installed or not, in order. */
  readonly compactions: readonly CompactionRow[];
  /**
   * Where items left the prompt of a thread without a recorded compaction, in order: its history was
   * rewound, or replaced as by a compaction that Codex does not record.
   */
  readonly dropped_items: readonly DroppedItemsRow[];
  /** What passed between agents, by kind. */
  readonly edges: readonly EdgeStats[];
  /** Agents that reported no result; empty also where a result may be lost. */
  readonly agents_without_result: readonly ObjectRef[];
  /** Everything that went wrong, in order. */
  readonly failures: readonly Failure[];
  /** The errors among them by their cause, exit codes last. */
  readonly error_groups: readonly ErrorGroup[];
  /** The one to inspect first; null when nothing is worse than a warning. */
  readonly first_error: Failure | null;
  /** What only a session log has; null for any other source. */
  readonly session_log: ShownSessionLog | null;
  /** What to ask next. */
  readonly suggestions: readonly Suggestion[];
}

/** What only a session log has. */
export interface ShownSessionLog {
  /** Version of Codex that began it; null where it is unknown. */
  readonly cli_version: string | null;
  /** Id of the provider of the models; null where it is unknown. */
  readonly model_provider: string | null;
  /** Lines, those that cannot be read included. */
  readonly lines: number;
  /** Types of lines that the program does not know. */
  readonly unknown_lines: readonly UnknownLine[];
  /** The logs that were read, each of one thread, and those that were not. */
  readonly logs: SessionLogs;
}

/** Which session it is. */
export interface SessionIdentity extends Lineage {
  /** Id of the recording; null for a session log, which no recorder wrote. */
  readonly trace_id: string | null;
  /** Id of the rollout. */
  readonly rollout_id: string;
  /** Schema by whose rules it was reduced; null for a session log. */
  readonly schema_version: number | null;
  /**
   * Schema that the bundle names; it differs from `schema_version` if it is a newer one. Null for a
   * session log.
   */
  readonly bundle_schema_version: number | null;
  /** What became of it; null when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** How the session ended, in the recorder's word. */
  readonly status: RolloutStatus;
  /** When it began. */
  readonly started_at_unix_ms: UnixMs;
  /** When it ended; null when its end was never recorded. */
  readonly ended_at_unix_ms: UnixMs | null;
  /**
   * From its beginning to its end, or to the last event that was recorded; null when the clock
   * jumped meanwhile.
   */
  readonly duration_ms: number | null;
  /** What started it, such as `exec`; null when it is unknown. */
  readonly session_source: string | null;
  /** Items of an earlier session that the root thread began with; null where that is unknown. */
  readonly inherited_items: number | null;
  /** Folder it worked in; null when it is unknown. */
  readonly cwd: string | null;
}

/** How much of a session was recorded and reduced. */
export interface Completeness extends RecordingFacts, Losses {
  /** Whether the recorder closed the log; null in schema 1, which does not record it. */
  readonly recording_complete: boolean | null;
  /** Whether the end of the session was recorded. */
  readonly has_end: boolean;
  /**
   * Whether events were lost, or never recorded as in a session log: then every count and sum is the
   * least that it may be.
   */
  readonly has_lost_events: boolean;
  /** Events of the log; null without a log. */
  readonly events: number | null;
  /** Events that could not be reduced; null without a log. */
  readonly skipped_events: number | null;
}

/** A model, and how much it was asked. */
export interface ModelStats {
  /** The model. */
  readonly model: string;
  /** Who served it; null for a session log, which has the id of the provider only. */
  readonly provider_name: string | null;
  /** Requests for answers. */
  readonly calls: KnownCount;
  /** Those that failed; those that were interrupted are no failures. */
  readonly failed_calls: KnownCount;
}

/** A thread. */
export interface ThreadRow extends Activity, Lineage {
  /** The thread. */
  readonly thread: ObjectRef;
  /** Its origin; unknown when the metadata with it was not recorded. */
  readonly origin: AgentOrigin["type"];
  /** The thread that spawned it; null for a root, and when its origin is unknown. */
  readonly parent: ObjectRef | null;
  /** Its depth in the tree of threads; 0 for a root. */
  readonly depth: number;
  /** Path in the tree of agents; the id of the thread where no path is known. */
  readonly agent_path: string;
  /** Name for people; null when it has none. */
  readonly nickname: string | null;
  /** Model it was started with; null when it is unknown. */
  readonly model: string | null;
  /** What became of it, by its last turn; null when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** Whether it runs, and how it ended, in the recorder's word. */
  readonly status: ExecutionStatus;
  /** By which rules it ran. */
  readonly settings: ThreadSettings;
  /** Its turns. */
  readonly turns: KnownCount;
  /** Those whose outcome is `failed`, whatever their status; those interrupted are no failures. */
  readonly failed_turns: KnownCount;
}

/** A turn. */
export interface TurnRow extends Activity, TurnReport {
  /** The turn. */
  readonly turn: ObjectRef;
  /** Its thread. */
  readonly thread: ObjectRef;
  /** Path of the thread in the tree of agents. */
  readonly agent_path: string;
  /** What became of it; null when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** Whether it runs, and how it ended, in the recorder's word. */
  readonly status: ExecutionStatus;
  /** How long it took; null when its end was not recorded, or its start was lost. */
  readonly duration_ms: number | null;
}

/**
 * The files that patches changed; after losses, not all of them may be known. What commands and other tools changed is not recorded, and is in
 * none of this.
 */
export interface ChangedFiles {
  /** Patches, those that were not applied included. */
  readonly patches: KnownCount;
  /** Those that were applied: `files` has what they changed. */
  readonly applied_patches: KnownCount;
  /** Those that failed; what these may have changed is unknown. */
  readonly failed_patches: KnownCount;
  /** Those that were not approved, or did not fit the files: these changed nothing. */
  readonly rejected_patches: KnownCount;
  /** Those whose end was not recorded: what they changed is unknown. */
  readonly unknown_patches: KnownCount;
  /** Applied patches of which it was not recorded what they changed. */
  readonly unlisted_patches: KnownCount;
  /** Patches that were approved without asking; null when that was recorded of none. */
  readonly auto_approved_patches: number | null;
  /** The files, in order of their first change. */
  readonly files: readonly ChangedFile[];
}

/** A file that patches changed. */
export interface ChangedFile {
  /** The file: relative to the directory of its thread, where it is below it. */
  readonly path: string;
  /** What was done to it, in order. */
  readonly changes: readonly FileChange[];
}

/** One change of a file. */
export interface FileChange {
  /** What was done. */
  readonly change: "added" | "updated" | "deleted" | "moved";
  /** Where it was moved to; null unless it was. */
  readonly moved_to: string | null;
  /** The call that did it. */
  readonly tool: ObjectRef;
}

/** The same tool call, made again and again with the same result. */
export interface RepeatedCall {
  /** The kind of tool. */
  readonly tool: string;
  /** An excerpt of the arguments; null without any. */
  readonly preview: string | null;
  /** The calls, in order: all but the first repeat it. */
  readonly calls: readonly ObjectRef[];
  /** Requests whose responses made the calls after the first. */
  readonly repeated_requests: KnownCount;
  /** Tokens of these requests. */
  readonly repeated_tokens: TokenSum;
  /** What they cost by the user's prices; null without prices. */
  readonly repeated_cost: Cost | null;
}

/** A kind of tool, and how it was used. */
export interface ToolStats {
  /** The kind. */
  readonly tool: string;
  /** Calls. */
  readonly calls: number;
  /** Calls that failed, commands with another exit code than 0 included. */
  readonly failed: KnownCount;
  /** Calls that have no end. */
  readonly incomplete: KnownCount;
  /** Calls whose end may be in a lost event. */
  readonly end_unknown: number;
  /**
   * How long all calls that ended took together, those that ran at once counted each; null when none
   * ended, and when it is not known of one, as across a jump of the clock.
   */
  readonly total_ms: number | null;
}

/** Pieces of code that models had run. */
export interface CellStats {
  /** How many. */
  readonly cells: KnownCount;
  /** Those that failed. */
  readonly failed: KnownCount;
  /** Tool calls that their code made. */
  readonly nested_tool_calls: KnownCount;
}

/** Processes and what was done to them. */
export interface TerminalStats {
  /** Processes. */
  readonly sessions: KnownCount;
  /** Commands, writes and polls. */
  readonly operations: KnownCount;
}

/** A compaction, or the requests for one that was never installed. */
export interface CompactionRow {
  /** The compaction; the handle is its id where it was never installed. */
  readonly compaction: ObjectRef;
  /** Turn it belongs to. */
  readonly turn: ObjectRef;
  /** Whether the shorter history took effect. */
  readonly installed: boolean;
  /** Items of the history before; null when it was never installed, or is unknown. */
  readonly items_before: number | null;
  /** Items of the history after; null when it was never installed, or is unknown. */
  readonly items_after: number | null;
  /**
   * What the recorder's limits left of the checkpoint with both histories; null when all of it
   * was recorded.
   */
  readonly checkpoint_capture: PayloadCapture | null;
  /** What it did to the prompt; null when it was never installed. */
  readonly effect: CompactionEffect | null;
  /** Compaction requests. */
  readonly requests: readonly ObjectRef[];
  /** Those that failed. */
  readonly failed_requests: KnownCount;
}

/** A request without items that ended the history of the request before it. */
export interface DroppedItemsRow {
  /** The request. */
  readonly call: ObjectRef;
  /** The items that left the prompt, in the order of the history. */
  readonly items: readonly ObjectRef[];
}

/** A way in which agents reached one another, and how often. */
export interface EdgeStats {
  /** What passed. */
  readonly edge_kind: EdgeKind;
  /** How often. */
  readonly count: number;
  /** How often it never arrived. */
  readonly undelivered: KnownCount;
  /** How often it is unknown whether it arrived: a request that may show it is partial or lost. */
  readonly delivery_unknown: number;
}

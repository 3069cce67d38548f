/**
 * What `stats` answers: how much, how long and how often, by what.
 *
 * @module
 */

import type {
  ExecutionStatus,
  RolloutStatus,
  UnixMs,
} from "../../format/vocabulary.ts";
import type { StatsComparison } from "./comparison.ts";
import type { Cost } from "./measures/cost.ts";
import type { Latencies } from "./measures/latencies.ts";
import type { TimeSplit } from "./measures/time_split.ts";
import type { TokenSum } from "./measures/token_sum.ts";
import type { Outcome } from "../failures/outcome/outcome.ts";
import type { UnreadFolder } from "../session/answer_document.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/** What things are counted by. */
export type StatsBy =
  | "model"
  | "effort"
  | "tool"
  | "turn"
  | "thread"
  | "agent"
  | "bundle"
  /** All recordings of one session: those of its root thread, resumed or not. */
  | "session"
  /** The directory that a session worked in. */
  | "project"
  /** When a request, a tool call or a turn began, in UTC. */
  | "day"
  /** The same, by ISO 8601, as `2026-W48`. */
  | "week"
  | "month";

/** Figures of one session, or of many together. */
export interface StatsAnswer {
  /** What they are counted by. */
  readonly by: StatsBy;
  /** The bundles they are of, in order. */
  readonly bundles: readonly StatsBundle[];
  /** Directories that could not be searched for bundles. */
  readonly unread: readonly UnreadFolder[];
  /** One row each: models and tools by how often they were called, all else in order. */
  readonly rows: readonly StatsRow[];
  /** Everything together, whatever the rows are. */
  readonly total: StatsRow;
  /**
   * Tool calls that only waited, for a cell, an agent, or output of a process, with the requests
   * that carried their outputs; null unless figures are counted by tool.
   */
  readonly waiting: StatsRow | null;
  /**
   * The figures beside those of before; null where none was asked for. The other keys are then of
   * the sessions of the period, without those of the period before.
   */
  readonly comparison: StatsComparison | null;
}

/** A bundle that was counted, or that could not be read. */
export interface StatsBundle {
  /** Its folder, as it was named or found. */
  readonly bundle: string;
  /** Id of the rollout; null where it could not be read. */
  readonly rollout_id: string | null;
  /** Events that could not be reduced and are in no figure; null where it could not be read. */
  readonly skipped_events: number | null;
  /** Why it could not be read; null where it was. */
  readonly error: string | null;
}

/** Figures of one group. What does not apply to a group is null, and what is unknown. */
export interface StatsRow {
  /** The model, the tool, the turn's or thread's handle, the bundle, the day, and so on. */
  readonly group: string;
  /** How many bundles have something in it. */
  readonly bundles: number;
  /** The bundle that it is in; null where it may be of several. */
  readonly bundle: string | null;
  /** Id of the session's root thread; null where the row is no bundle. */
  readonly session_id: string | null;
  /** When the session of the bundle began; null where the row is no bundle. */
  readonly started_at_unix_ms: UnixMs | null;
  /** Directory that the session of the bundle worked in; null where it is unknown. */
  readonly cwd: string | null;
  /** The first prompt of the session of the bundle; null where it is unknown. */
  readonly prompt: string | null;
  /** The turn or thread. */
  readonly object: ObjectRef | null;
  /** Path of the turn's or thread's agent. */
  readonly agent_path: string | null;
  /** What became of it; null when it may be in a lost event, and for other groups. */
  readonly outcome: Outcome | null;
  /** How the turn, the thread or the session ended, in the recorder's word. */
  readonly status: ExecutionStatus | RolloutStatus | null;
  /**
   * Requests for answers; those for summaries are not among them. Of a tool, the requests that
   * first carried an output of it: one with outputs of several tools is counted for each.
   */
  readonly calls: number | null;
  /** Those that failed; those that were interrupted are no failures. */
  readonly failed_calls: number | null;
  /** How long the requests took that ended, failed ones included. */
  readonly call_latency: Latencies | null;
  /** Tool calls. */
  readonly tool_calls: number | null;
  /** Those that failed, commands with another exit code than 0 included. */
  readonly failed_tool_calls: number | null;
  /** How long the tool calls took that ended. */
  readonly tool_latency: Latencies | null;
  /**
   * How long the tool calls waited before they ran, added up: for an approval, a free slot, or while
   * a process was set up. Null when the start of running was recorded of none.
   */
  readonly tool_waited_ms: number | null;
  /** How long the same tool calls ran. */
  readonly tool_ran_ms: number | null;
  /** Time from the start of turns to the first token; null when it was recorded of none. */
  readonly first_token_latency: Latencies | null;
  /** Tokens of the requests. */
  readonly tokens: TokenSum | null;
  /** Where the time of its turns went. */
  readonly time: TimeSplit | null;
  /** What its requests cost by the user's prices; null without prices. */
  readonly cost: Cost | null;
}

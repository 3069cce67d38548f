/**
 * A session log, read: the graph of the thread that it is of, and what else it has.
 *
 * @module
 */

import type {
  CodexTurnId,
  ConversationItemId,
  ThreadId,
} from "../../../format/ids.ts";
import type { AgentActivity } from "./agent_activity.ts";
import type { JsonObject } from "../../../format/payload.ts";
import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { TokenUsage } from "../../../graph/runtime.ts";

/** Names the log of an answer in diagnostics; other logs of its session have the names of their files. */
export const SESSION_LOG_FILE = "session log";

/** What a session log has, as a graph and as facts. */
export interface SessionLog {
  /**
   * The graph of its thread. It has no LLM requests, code cells and payloads, because a session log
   * has none, and no end.
   */
  readonly trace: RolloutTrace;
  /** What it has besides the graph. */
  readonly facts: SessionLogFacts;
  /** Lines, those that cannot be read included. */
  readonly lines: number;
  /** Lines that cannot be read. */
  readonly skippedLines: number;
  /** When each line was written; of one that cannot be read, when the line before was. */
  readonly lineTimes: readonly UnixMs[];
  /** What it has about other agents, in order. */
  readonly activities: readonly AgentActivity[];
  /** Whether a limit of the entire log ended it. */
  readonly isCut: boolean;
}

/** Which session a session log is of: what its first line has. */
export interface SessionLogHead {
  /** The thread of the log. */
  readonly thread: ThreadId;
  /** The session that the thread is of: the id of its root thread. */
  readonly session: ThreadId;
  /** The thread that made it; null of a root. */
  readonly parent: ThreadId | null;
  /** When it began, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
}

/** What a session log has besides the graph; null is what it does not have. */
export interface SessionLogFacts {
  /** Version of Codex. */
  readonly cli_version: string | null;
  /** Id of the provider of the models. */
  readonly model_provider: string | null;
  /** What started the session, such as `exec`. */
  readonly session_source: string | null;
  /** The working directory of the session. */
  readonly cwd: string | null;
  /** Models of its turns, in order of first use. */
  readonly models: readonly string[];
  /** Tokens of the session: the sum of those of its threads. */
  readonly tokens: ReportedTokens | null;
  /** What it has of each thread. */
  readonly threads: ReadonlyMap<ThreadId, ThreadFacts>;
  /** What it has of each turn. */
  readonly turns: ReadonlyMap<CodexTurnId, TurnFacts>;
  /** Lines that mention a turn first, where its start was not recorded. */
  readonly lost_starts: ReadonlySet<Integer>;
  /** The item with the first prompt of a user. */
  readonly prompt: ConversationItemId | null;
  /** The elements behind items of which the graph has only a part. */
  readonly elements: ReadonlyMap<ConversationItemId, LoggedElement>;
  /** Types of lines that the program does not know, in order of their first line. */
  readonly unknown_lines: readonly UnknownLine[];
  /** The logs that it was read from. */
  readonly logs: SessionLogs;
}

/** What a log has of its thread. */
export interface ThreadFacts {
  /** What started the thread, such as `user` or `subagent`. */
  readonly thread_source: string | null;
  /** The thread whose history it began with. */
  readonly forked_from_id: string | null;
  /** The thread that made it. */
  readonly parent_thread_id: string | null;
  /** The settings of the last turn: a `turn_context`, as recorded. */
  readonly settings: JsonObject | null;
  /** Tokens of the thread, as the last `token_count` has them. */
  readonly tokens: ReportedTokens | null;
  /** The items that it began with: the log repeats those of the thread that made it. */
  readonly inherited: readonly ConversationItemId[];
}

/** The logs of a session: each agent has its own. */
export interface SessionLogs {
  /** How many were read. */
  readonly read: number;
  /** Agents that these logs name, and of which no log was found. */
  readonly missing: readonly MissingLog[];
  /** Files and directories that cannot be read, or are not read, and why. */
  readonly unread: readonly UnreadLog[];
}

/** What is not read. */
export interface UnreadLog {
  /** A file, or a directory that may have logs. */
  readonly path: string;
  /** Why not. */
  readonly reason: string;
}

/** An agent without a log. */
export interface MissingLog {
  /** Its thread. */
  readonly thread_id: ThreadId;
  /** Its path; null where no log has it. */
  readonly agent_path: string | null;
}

/** Tokens that a log reports; null is what it does not have. */
export type ReportedTokens = {
  readonly [K in keyof TokenUsage]: Integer | null;
};

/** What a log has of a turn. */
export interface TurnFacts {
  /**
   * Whether it ended with the answer that its end repeats. A turn that ended without one may have
   * failed: older versions of Codex do not record it.
   */
  readonly isAnswered: boolean;
  /** The error that its end has. */
  readonly error: string | null;
  /** Milliseconds from its start to the first token. */
  readonly time_to_first_token_ms: number | null;
  /** How many tokens the context of the model can have. */
  readonly model_context_window: number | null;
  /** Its tokens: how much the totals of the session grew meanwhile. */
  readonly tokens: ReportedTokens | null;
}

/** An element of the log behind an item. */
export interface LoggedElement {
  /** The element, parsed. */
  readonly value: JsonObject;
  /** The element as JSON, where it is shown so; else null. */
  readonly source: string | null;
}

/** A type of lines that the program does not know. */
export interface UnknownLine {
  /** `type`, of an event or an item with its own: `event_msg/plan_update`. */
  readonly line_type: string;
  /** How many lines have it. */
  readonly count: number;
}

/**
 * What each sort of rows counts together: of one session alone, or of many.
 *
 * @module
 */

import type {
  CompactionRequest,
  InferenceCall,
  ToolCall,
} from "../../graph/runtime.ts";
import { payloadObject, textIn } from "../evidence/recorded/payload_fields.ts";
import { rootMetadata } from "../evidence/root_metadata.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import { sessionIdOf, type TraceSession } from "../session/session.ts";
import { dateOf, dayOf } from "../../text/date.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import type { RowParts } from "./row_counter.ts";
import type { StatsBy } from "./stats_answer.ts";

/** A request to a model, for an answer or for a compaction. */
type ModelRequest = InferenceCall | CompactionRequest;

/** How the parts of a session are counted together; null where a part is in no row. */
export interface Grouping {
  /** What its rows can have. */
  readonly parts: RowParts;
  /** Whether a row is of one bundle alone: ids may be the same in another. */
  readonly isOwn: boolean;
  /** Whether its rows are sorted by how often, not by their order or name. */
  readonly order: "count" | "group" | "found";
  /** The group before a group of time, whether or not there is something in it. */
  readonly previous?: (group: string) => string | null;
  /** The one group of everything in a session; undefined where its parts are in several. */
  readonly session?: (session: TraceSession) => string;
  /** The group of a request. */
  call(session: TraceSession, call: ModelRequest): string | null;
  /** The group of a tool call. */
  tool(session: TraceSession, tool: ToolCall): string | null;
  /** The group of a turn, or of what runs in a thread without one. */
  turn(
    session: TraceSession,
    turn: string | null,
    thread: string,
  ): string | null;
}

const ALL: RowParts = { calls: true, tools: true };
const NONE = () => null;
/** A group of parts whose own group was not recorded. */
const UNKNOWN = "unknown";
const DAY_MS = 86_400_000;

/** The grouping of each sort of rows. */
export const GROUPINGS: Readonly<Record<StatsBy, Grouping>> = {
  model: {
    parts: { calls: true, tools: false },
    isOwn: false,
    order: "count",
    call: (_, call) => call.model,
    tool: NONE,
    turn: NONE,
  },
  tool: {
    parts: ALL,
    isOwn: false,
    order: "count",
    call: NONE,
    tool: (_, tool) => toolLabel(tool),
    turn: NONE,
  },
  effort: {
    parts: { calls: true, tools: false },
    isOwn: false,
    order: "group",
    call: effortOf,
    tool: NONE,
    turn: NONE,
  },
  turn: {
    parts: ALL,
    isOwn: true,
    order: "found",
    call: (_, call) => call.codex_turn_id,
    tool: (_, tool) => tool.started_by_codex_turn_id,
    turn: (_, turn) => turn,
  },
  thread: {
    parts: ALL,
    isOwn: true,
    order: "found",
    call: (_, call) => call.thread_id,
    tool: (_, tool) => tool.thread_id,
    turn: (_session, _turn, thread) => thread,
  },
  bundle: ofSession(() => "", true),
  session: ofSession(sessionIdOf),
  project: ofSession(projectOf),
  agent: {
    parts: ALL,
    isOwn: false,
    order: "group",
    call: (session, call) => pathOf(session, call.thread_id),
    tool: (session, tool) => pathOf(session, tool.thread_id),
    turn: (session, _, thread) => pathOf(session, thread),
  },
  day: byDate(dayOf, (group) => Date.parse(group)),
  week: byDate(weekOf, mondayOf),
  month: byDate(monthOf, (group) => Date.parse(`${group}-01`)),
};

/** Everything of a session is in one row. */
function ofSession(
  group: (session: TraceSession) => string,
  isOwn = false,
): Grouping {
  return {
    parts: ALL,
    isOwn,
    order: isOwn ? "found" : "group",
    session: group,
    call: group,
    tool: group,
    turn: group,
  };
}

/** Everything is in the period that it began in, in UTC; `startOf` is the first moment of one. */
function byDate(
  nameOf: (date: Date) => string,
  startOf: (group: string) => number,
): Grouping {
  const named = (ms: UnixMs | undefined) => {
    const date = ms === undefined ? null : dateOf(ms);
    return date === null ? UNKNOWN : nameOf(date);
  };
  return {
    parts: ALL,
    isOwn: false,
    order: "group",
    previous: (group) => {
      const last = new Date(startOf(group) - 1);
      return Number.isNaN(last.getTime()) ? null : nameOf(last);
    },
    call: (_, { execution }) => named(execution.started_at_unix_ms),
    tool: (_, { execution }) => named(execution.started_at_unix_ms),
    turn: ({ trace }, turn, thread) =>
      named(
        (trace.codex_turns.get(turn ?? "") ?? trace.threads.get(thread))
          ?.execution.started_at_unix_ms,
      ),
  };
}

/** The week by ISO 8601, as `2026-W48`: it belongs to the year of its Thursday. */
function weekOf(date: Date): string {
  const day = date.getUTCDay() || 7;
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - day);
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS;
  const week = Math.floor(days / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** The first moment of a week: the fourth of January is always in the first one. */
function mondayOf(group: string): number {
  const [year = "", week = ""] = group.split("-W");
  const inFirst = new Date(`${year}-01-04`);
  const monday = inFirst.getTime() - ((inFirst.getUTCDay() || 7) - 1) * DAY_MS;
  return monday + (Number(week) - 1) * 7 * DAY_MS;
}

function monthOf(date: Date): string {
  return dayOf(date).slice(0, "2026-11".length);
}

function pathOf({ trace }: TraceSession, thread: string): string {
  return trace.threads.get(thread)?.agent_path ?? UNKNOWN;
}

/** The directory that a session worked in. */
function projectOf(session: TraceSession): string {
  return textIn(rootMetadata(session), "cwd") ?? UNKNOWN;
}

/** The effort that a request asked for. */
function effortOf(session: TraceSession, call: ModelRequest): string {
  const request = payloadObject(session, call.raw_request_payload_id);
  return textIn(request ?? undefined, "reasoning", "effort") ?? UNKNOWN;
}

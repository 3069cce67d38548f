/**
 * What is counted of one session, as plain data: so that a session can be read in one place and
 * counted in another.
 *
 * @module
 */

import type { InferenceCall, ToolCall } from "../../graph/runtime.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import { roundedDurationOf } from "../evidence/clock/clock.ts";
import { type ToolTimes, toolTimes } from "../evidence/clock/tool_times.ts";
import { type LostEvidence, lostEvidence } from "../evidence/known_count.ts";
import { firstPrompt } from "../evidence/prompt_and_answer.ts";
import { textIn } from "../evidence/recorded/payload_fields.ts";
import { turnReport } from "../evidence/recorded/recorded_settings.ts";
import { rootMetadata } from "../evidence/root_metadata.ts";
import { failedToolIds } from "../failures/tool_failures.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import { sessionIdOf, type TraceSession } from "../session/session.ts";
import type { ReportedTokens } from "../session/session_log/session_log.ts";
import { GROUPINGS } from "./groupings.ts";
import type { CountedCall } from "./measures/activity.ts";
import {
  forEachRun,
  type TimeSplit,
  TimeSplitter,
} from "./measures/time_split.ts";
import { OutputCarriers } from "./output_carriers.ts";
import type { RowHead } from "./row_counter.ts";
import type { StatsBundle, StatsBy } from "./stats_answer.ts";

/** A request and the row it belongs to; null for none. */
export interface CallFigures {
  readonly group: string | null;
  readonly call: CountedCall;
  /** How long it took, in milliseconds; null where that is unknown. */
  readonly ms: number | null;
}

/** A tool call and the row it belongs to; null for none. */
export interface ToolFigures {
  readonly group: string | null;
  readonly isFailed: boolean;
  /** How long it took, in milliseconds; null where that is unknown. */
  readonly ms: number | null;
  readonly times: ToolTimes;
}

/** Tokens that a session log reports; nothing for any other source. */
export interface ReportedFigures {
  readonly all: ReportedTokens | null;
  readonly groups:
    readonly (readonly [group: string, tokens: ReportedTokens])[];
}

/** Everything that is counted of a session. */
export interface SessionFigures {
  readonly bundle: StatsBundle;
  /** When the session began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** The rows that are of this session alone, by the id of what they are. */
  readonly heads: readonly (readonly [id: string, head: RowHead])[];
  /** The one row of everything; undefined where its parts are in several. */
  readonly group: string | undefined;
  readonly calls: readonly CallFigures[];
  /** Compaction requests: the row each belongs to, null for none, and the model asked. */
  readonly compactions: readonly {
    readonly group: string | null;
    readonly model: string;
  }[];
  readonly tools: readonly ToolFigures[];
  /** Tokens that a session log reports: all of them, and those of each row. */
  readonly reported: ReportedFigures;
  /** Of each tool, the requests that first carried its outputs; counted by tool only. */
  readonly carriers: readonly CallFigures[];
  /** Tool calls that only waited, and the requests that carried their outputs. */
  readonly waiting: {
    readonly tools: readonly ToolFigures[];
    readonly calls: readonly CallFigures[];
  };
  /** Times of turns to their first token; null where it was not recorded. */
  readonly firstTokens: readonly {
    readonly group: string | null;
    readonly ms: number | null;
  }[];
  /** Where the time went: all of it, and that of each row. */
  readonly time: TimeSplit;
  readonly times: readonly (readonly [group: string, split: TimeSplit])[];
  readonly lost: LostEvidence;
}

/** Returns what is counted of a session, by what its rows are. */
export function sessionFigures(
  session: TraceSession,
  by: StatsBy,
): SessionFigures {
  const { trace, place, extent } = session;
  const grouping = GROUPINGS[by];
  const failed = failedToolIds(session);
  const toolFigures = (id: string, tool: ToolCall): ToolFigures => ({
    group: grouping.tool(session, tool),
    isFailed: failed.has(id),
    ms: roundedDurationOf(session, "tool_call", tool.execution),
    times: toolTimes(session, tool),
  });
  const isByTool = by === "tool";
  return {
    bundle: {
      bundle: place,
      rollout_id: trace.rollout_id,
      skipped_events: extent?.skipped_events ?? null,
      error: null,
    },
    startedAt: Number(trace.started_at_unix_ms),
    heads: headsOf(session, by),
    group: grouping.session?.(session),
    calls: Array.from(
      trace.inference_calls.values(),
      (call) => callFigures(session, call, grouping.call(session, call)),
    ),
    compactions: Array.from(
      trace.compaction_requests.values(),
      (each) => ({ group: grouping.call(session, each), model: each.model }),
    ),
    tools: Array.from(
      trace.tool_calls,
      ([id, tool]) => toolFigures(id, tool),
    ),
    reported: reportedIn(session, by),
    ...isByTool
      ? carriersIn(session, toolFigures)
      : { carriers: [], waiting: { tools: [], calls: [] } },
    firstTokens: Array.from(
      trace.codex_turns,
      ([id, { thread_id: thread }]) => ({
        group: grouping.turn(session, id, thread),
        ms: turnReport(session, id).time_to_first_token_ms,
      }),
    ),
    ...timeIn(session, by),
    lost: lostEvidence(session),
  };
}

/** The tokens of a session log, as far as its turns are in one row each, or all in one. */
function reportedIn(
  session: TraceSession,
  by: StatsBy,
): ReportedFigures {
  const { sessionLog: facts } = session;
  const all = facts?.tokens ?? null;
  if (facts === undefined || all === null) return { all, groups: [] };
  const [model, ...others] = facts.models;
  const one = by === "model"
    ? others.length === 0 ? model : undefined
    : by === "turn" || by === "tool"
    ? undefined
    : onlyGroup(session, by);
  if (one !== undefined) return { all, groups: [[one, all]] };
  if (by === "thread" || by === "agent") {
    const groups = [...facts.threads].flatMap(([id, { tokens }]) => {
      const group = GROUPINGS[by].turn(session, null, id);
      return tokens === null || group === null
        ? []
        : [[group, tokens] as const];
    });
    return { all, groups };
  }
  return {
    all,
    groups: [...facts.turns].flatMap(([id, { tokens }]) => {
      const thread = threadOfTurn(session, id);
      const group = GROUPINGS[by].turn(session, id, thread);
      return tokens === null || group === null ? [] : [[group, tokens]];
    }),
  };
}

/** The row of all turns; undefined where they are in several. */
function onlyGroup(session: TraceSession, by: StatsBy): string | undefined {
  const groups = new Set(
    [...session.trace.codex_turns.keys()].map((id) =>
      GROUPINGS[by].turn(session, id, threadOfTurn(session, id))
    ),
  );
  const [only] = groups;
  return groups.size === 1 && only !== null ? only : undefined;
}

function threadOfTurn({ trace }: TraceSession, id: string): string {
  return trace.codex_turns.get(id)?.thread_id ?? trace.root_thread_id;
}

function callFigures(
  session: TraceSession,
  { model, usage, execution }: InferenceCall,
  group: string | null,
): CallFigures {
  return {
    group,
    call: { model, usage, execution: { status: execution.status } },
    ms: roundedDurationOf(session, "inference_call", execution),
  };
}

/** Requests that first carried outputs, once for each tool, and what only waited. */
function carriersIn(
  session: TraceSession,
  toolFigures: (id: string, tool: ToolCall) => ToolFigures,
): Pick<SessionFigures, "carriers" | "waiting"> {
  const carriers = new OutputCarriers(session);
  const byTool: CallFigures[] = [];
  const waiting = { tools: [] as ToolFigures[], calls: [] as CallFigures[] };
  const counted = new Map<string | null, Set<InferenceCall>>();
  const count = (
    list: CallFigures[],
    group: string | null,
    call: InferenceCall | null,
  ) => {
    const calls = counted.get(group) ?? new Set();
    if (call === null || calls.has(call)) return;
    counted.set(group, calls.add(call));
    list.push(callFigures(session, call, group));
  };
  for (const [id, tool] of session.trace.tool_calls) {
    const call = carriers.of(tool);
    count(byTool, toolLabel(tool), call);
    if (!carriers.isWaiting(tool)) continue;
    waiting.tools.push(toolFigures(id, tool));
    count(waiting.calls, null, call);
  }
  return { carriers: byTool, waiting };
}

function timeIn(
  session: TraceSession,
  by: StatsBy,
): Pick<SessionFigures, "time" | "times"> {
  const all = new TimeSplitter(session);
  const parts = new Map<string, TimeSplitter>();
  const of = (turn: string | null, thread: string) => {
    const key = GROUPINGS[by].turn(session, turn, thread);
    if (key === null) return [all];
    const part = parts.get(key) ?? new TimeSplitter(session);
    parts.set(key, part);
    return [all, part];
  };
  forEachRun(session, (what, execution, turn, thread) => {
    for (const splitter of of(turn, thread)) {
      splitter.add(what, execution, turn);
    }
  });
  return {
    time: all.split,
    times: Array.from(parts, ([group, part]) => [group, part.split] as const),
  };
}

/** A group that may be of several sessions. */
export function headOf(group: string): RowHead {
  return {
    group,
    bundle: null,
    session_id: null,
    started_at_unix_ms: null,
    cwd: null,
    prompt: null,
    object: null,
    agent_path: null,
    outcome: null,
    status: null,
  };
}

/** The groups that are of one session alone, by the id of what they are. */
function headsOf(session: TraceSession, by: StatsBy): [string, RowHead][] {
  const { trace, names, place } = session;
  const outcomes = getOutcomes(session);
  switch (by) {
    case "bundle":
      return [["", bundleHead(session)]];
    case "turn":
      return Array.from(trace.codex_turns, ([id, turn]) => {
        const object = names.ref("turn", id);
        const path = trace.threads.get(turn.thread_id)?.agent_path ?? null;
        const outcome = outcomes.turn(turn);
        return [
          id,
          { ...ownHead(place, object, path, turn.execution), outcome },
        ];
      });
    case "thread":
      return Array.from(trace.threads, ([id, thread]) => {
        const object = names.ref("thread", id);
        const { agent_path: path, execution } = thread;
        const outcome = outcomes.thread(id, execution);
        return [id, { ...ownHead(place, object, path, execution), outcome }];
      });
    default:
      return [];
  }
}

function bundleHead(session: TraceSession): RowHead {
  const { trace, place } = session;
  return {
    ...headOf(place),
    bundle: place,
    session_id: sessionIdOf(session),
    started_at_unix_ms: trace.started_at_unix_ms,
    cwd: textIn(rootMetadata(session), "cwd"),
    prompt: firstPrompt(session).item?.text ?? null,
    outcome: getOutcomes(session).session,
    status: trace.status,
  };
}

function ownHead(
  bundle: string,
  object: ObjectRef,
  agent_path: string | null,
  { status }: ExecutionWindow,
): RowHead {
  const { handle } = object;
  return { ...headOf(handle), bundle, object, agent_path, status };
}

/**
 * The question `stats`: figures of one session, or of many together.
 *
 * A session is let go once it is added: of it only figures are kept.
 *
 * @module
 */

import type { InferenceCall, ToolCall } from "../../graph/runtime.ts";
import { roundedDurationOf } from "../evidence/clock/clock.ts";
import { toolTimes } from "../evidence/clock/tool_times.ts";
import { getFailures } from "../failures/failures.ts";
import { failedToolIds } from "./measures/activity.ts";
import type { PriceTable } from "./measures/cost.ts";
import { forEachRun, TimeSplitter } from "./measures/time_split.ts";
import { type LostEvidence, lostEvidence } from "../evidence/known_count.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import { turnReport } from "../evidence/recorded/recorded_settings.ts";
import { OutputCarriers } from "./output_carriers.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import type { Session } from "../session/session.ts";
import { RowCounter, type RowHead, type RowParts } from "./row_counter.ts";
import type {
  StatsAnswer,
  StatsBundle,
  StatsBy,
  StatsRow,
} from "./stats_answer.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/** How figures are counted. */
export interface StatsOptions {
  /** What they are counted by; by default, by model. */
  readonly by?: StatsBy;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices?: PriceTable | null;
}

/** What the groups of each sort can have. */
const PARTS: Readonly<Record<StatsBy, RowParts>> = {
  model: { calls: true, tools: false },
  tool: { calls: true, tools: true },
  turn: { calls: true, tools: true },
  thread: { calls: true, tools: true },
  bundle: { calls: true, tools: true },
};

/** The figures of one session. */
export function getStats(
  session: Session,
  options: StatsOptions = {},
): StatsAnswer {
  const collector = new StatsCollector(options);
  collector.add(session);
  return collector.answer;
}

/** Counts sessions, one after the other. */
export class StatsCollector {
  readonly #by: StatsBy;
  readonly #prices: PriceTable | null;
  readonly #rows: Map<string, RowCounter> = new Map();
  readonly #bundles: StatsBundle[] = [];
  readonly #total: RowCounter;
  /** Tool calls that only waited, where figures are counted by tool. */
  readonly #waiting: RowCounter;

  /** Nothing is counted yet. */
  constructor({ by = "model", prices = null }: StatsOptions = {}) {
    this.#by = by;
    this.#prices = prices;
    this.#total = new RowCounter(headOf("total"), PARTS.bundle, prices);
    this.#waiting = new RowCounter(headOf("waiting"), PARTS.tool, prices);
  }

  /** Counts a session. */
  add(session: Session): void {
    const { trace, place, extent } = session;
    const failed = failedToolIds(session, getFailures(session));
    const rows = this.#rowsOf(session);
    for (const call of trace.inference_calls.values()) {
      const { execution } = call;
      const ms = roundedDurationOf(session, "inference_call", execution);
      this.#total.call(call, ms);
      rows.ofCall(call)?.call(call, ms);
    }
    for (const [id, tool] of trace.tool_calls) {
      const isFailed = failed.has(id);
      const ms = roundedDurationOf(session, "tool_call", tool.execution);
      const times = toolTimes(session, tool);
      this.#total.tool(isFailed, ms, times);
      rows.ofTool(tool)?.tool(isFailed, ms, times);
    }
    if (this.#by === "tool") this.#addCarriers(session, failed);
    for (const [id, { thread_id: thread }] of trace.codex_turns) {
      const { time_to_first_token_ms: ms } = turnReport(session, id);
      this.#total.firstToken(ms);
      rows.ofTurn(id, thread)?.firstToken(ms);
    }
    this.#addTime(session);
    this.#addLosses(lostEvidence(session));
    this.#bundles.push({
      bundle: place,
      rollout_id: trace.rollout_id,
      skipped_events: extent?.skipped_events ?? null,
      error: null,
    });
  }

  /** Counts for each tool, once each, the requests that first carried its outputs. */
  #addCarriers(session: Session, failed: ReadonlySet<string>): void {
    const carriers = new OutputCarriers(session);
    const counted = new Map<RowCounter, Set<InferenceCall>>();
    const count = (row: RowCounter, call: InferenceCall | null) => {
      const calls = counted.get(row) ?? new Set();
      if (call === null || calls.has(call)) return;
      counted.set(row, calls.add(call));
      const { execution } = call;
      row.call(call, roundedDurationOf(session, "inference_call", execution));
    };
    for (const [id, tool] of session.trace.tool_calls) {
      const call = carriers.of(tool);
      const label = toolLabel(tool);
      count(this.#row(label, () => headOf(label)), call);
      if (!carriers.isWaiting(tool)) continue;
      const ms = roundedDurationOf(session, "tool_call", tool.execution);
      this.#waiting.tool(failed.has(id), ms, toolTimes(session, tool));
      count(this.#waiting, call);
    }
  }

  /** Notes a bundle that could not be read. */
  skip(bundle: string, error: string): void {
    this.#bundles.push({
      bundle,
      rollout_id: null,
      skipped_events: null,
      error,
    });
  }

  /** The figures of what was added. */
  get answer(): StatsAnswer {
    const rows = Array.from(this.#rows.values(), ({ row }) => row);
    const isRanked = this.#by === "model" || this.#by === "tool";
    return {
      by: this.#by,
      bundles: this.#bundles,
      rows: isRanked
        ? rows.sort((a, b) => this.#countIn(b) - this.#countIn(a))
        : rows,
      total: this.#total.row,
      waiting: this.#by === "tool" ? this.#waiting.row : null,
    };
  }

  #countIn({ calls, tool_calls }: StatsRow): number {
    return (this.#by === "tool" ? tool_calls : calls) ?? 0;
  }

  #row(key: string, head: () => RowHead): RowCounter {
    const found = this.#rows.get(key);
    if (found !== undefined) return found;
    const made = new RowCounter(head(), PARTS[this.#by], this.#prices);
    this.#rows.set(key, made);
    return made;
  }

  /** The rows that the parts of a session belong to; made in order where they are of it alone. */
  #rowsOf(session: Session) {
    const own = (id: string) => this.#rows.get(this.#keyOf(id));
    for (const [id, head] of headsOf(session, this.#by)) {
      this.#row(this.#keyOf(id), () => head);
    }
    return {
      ofTurn: (turn: string, thread: string): RowCounter | undefined => {
        switch (this.#by) {
          case "turn":
            return own(turn);
          case "thread":
            return own(thread);
          case "bundle":
            return own("");
          case "model":
          case "tool":
            return undefined;
        }
      },
      ofCall: (call: InferenceCall): RowCounter | undefined => {
        switch (this.#by) {
          case "model":
            return this.#row(call.model, () => headOf(call.model));
          case "turn":
            return own(call.codex_turn_id);
          case "thread":
            return own(call.thread_id);
          case "bundle":
            return own("");
          case "tool":
            return undefined;
        }
      },
      ofTool: (tool: ToolCall): RowCounter | undefined => {
        switch (this.#by) {
          case "tool": {
            const label = toolLabel(tool);
            return this.#row(label, () => headOf(label));
          }
          case "turn":
            return own(tool.started_by_codex_turn_id ?? "");
          case "thread":
            return own(tool.thread_id);
          case "bundle":
            return own("");
          case "model":
            return undefined;
        }
      },
    };
  }

  /** Ids may be the same in another bundle. */
  #keyOf(id: string): string {
    return `${this.#bundles.length} ${id}`;
  }

  /** A group of all sessions may lack some of this one; one of this session alone does. */
  #addLosses(lost: LostEvidence): void {
    this.#total.lose(lost);
    const isShared = this.#by === "model" || this.#by === "tool";
    const own = this.#keyOf("");
    for (const [key, row] of this.#rows) {
      if (isShared || key.startsWith(own)) row.lose(lost);
    }
  }

  #addTime(session: Session): void {
    const all = new TimeSplitter(session);
    const parts = new Map<string, TimeSplitter>();
    const of = (turn: string | null, thread: string) => {
      const key = this.#by === "turn"
        ? turn
        : this.#by === "thread"
        ? thread
        : "";
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
    this.#total.time(all.split);
    for (const [id, part] of parts) {
      this.#rows.get(this.#keyOf(id))?.time(part.split);
    }
  }
}

/** A group that may be of several sessions. */
function headOf(group: string): RowHead {
  return {
    group,
    bundle: null,
    object: null,
    agent_path: null,
    outcome: null,
    status: null,
  };
}

/** The groups that are of one session alone, by the id of what they are. */
function headsOf(session: Session, by: StatsBy): [string, RowHead][] {
  const { trace, names, place } = session;
  const outcomes = getOutcomes(session);
  switch (by) {
    case "model":
    case "tool":
      return [];
    case "bundle": {
      const { status } = trace;
      const outcome = outcomes.session;
      const head = { ...headOf(place), bundle: place, outcome, status };
      return [["", head]];
    }
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
  }
}

function ownHead(
  bundle: string,
  object: ObjectRef,
  agent_path: string | null,
  { status }: ExecutionWindow,
): Omit<RowHead, "outcome"> {
  return { group: object.handle, bundle, object, agent_path, status };
}

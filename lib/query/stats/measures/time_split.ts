/**
 * Where the time of turns went: to models, to tools, to neither.
 *
 * Every moment of a turn is counted as exactly one: a request to a model was running (for an answer
 * or for a summary); or none was, but a tool call or a code cell was; or nothing was (idle: Codex
 * itself worked, or waited for the user). The parts add up to the time of the turns. What runs at
 * once is counted once: in a turn, in a thread, and in the session, which unites
 * all its threads; so the threads of a session may have more time together than the session.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import { type Clock, getClock } from "../../evidence/clock/clock.ts";
import {
  hasLostCells,
  knownCount,
  lostEvidence,
} from "../../evidence/known_count.ts";
import { isStartLost, mayHaveLostEnd } from "../../evidence/recorded/losses.ts";
import type { TraceSession } from "../../session/session.ts";

/**
 * Where the time of turns went. `model_ms`, `tool_ms` and `idle_ms` add up to `turns_ms`. All are
 * null where the clock jumped in a turn, or where the start or the end of something was lost. Where
 * events were lost, what ran may be among them: the times of turns and models are then the least,
 * null in the place of 0, and the others null. Where a code cell is not in the graph, because its
 * source was lost, the times of tools and idle ones are null.
 */
export interface TimeSplit {
  /** Time in turns. */
  readonly turns_ms: number | null;
  /** Time in turns in which a model was asked. */
  readonly model_ms: number | null;
  /** Time in turns in which a tool or a code cell ran and no model was asked. */
  readonly tool_ms: number | null;
  /** Time in turns in which neither was so. */
  readonly idle_ms: number | null;
}

/** Nothing is known. */
const UNKNOWN_SPLIT: TimeSplit = {
  turns_ms: null,
  model_ms: null,
  tool_ms: null,
  idle_ms: null,
};

/** The times of two groups that have nothing in common, added. */
export function addSplits(a: KnownSplit, b: KnownSplit): KnownSplit;
export function addSplits(a: TimeSplit, b: TimeSplit): TimeSplit;
export function addSplits(a: TimeSplit, b: TimeSplit): TimeSplit {
  const sum = (key: keyof TimeSplit) => {
    const [one, other] = [a[key], b[key]];
    return one === null || other === null ? null : one + other;
  };
  return {
    turns_ms: sum("turns_ms"),
    model_ms: sum("model_ms"),
    tool_ms: sum("tool_ms"),
    idle_ms: sum("idle_ms"),
  };
}

/** What runs in a turn. */
type Part = "turn" | "model" | "tool";

/** A split of which everything is known. */
type KnownSplit = Readonly<Record<keyof TimeSplit, number>>;

/** What ran between two jumps of the clock. */
type Stretch = Readonly<Record<Part, Interval[]>>;

/** Collects what ran, to compute where the time went. */
export class TimeSplitter {
  readonly #session: TraceSession;
  readonly #clock: Clock;
  readonly #stretches: Map<number, Stretch> = new Map();
  #isUnknown = false;

  /** Nothing ran yet in the session. */
  constructor(session: TraceSession) {
    this.#session = session;
    this.#clock = getClock(session);
  }

  /**
   * Adds something that ran in a turn. What never ended ran until the end of its turn, or until the
   * last moment of the recording.
   */
  add(what: Part, execution: ExecutionWindow, turn: string | null): void {
    const { started_at_unix_ms: at, started_seq: seq } = execution;
    const to = this.#endOf(execution, turn);
    if (
      to === null ||
      what === "turn" && isStartLost(this.#session, "turn", execution)
    ) {
      this.#isUnknown = true;
      return;
    }
    const ms = this.#clock.between({ seq, at }, to);
    if (ms === null) {
      this.#isUnknown = true;
      return;
    }
    const jumps = this.#clock.jumpsBefore(seq);
    let stretch = this.#stretches.get(jumps);
    if (stretch === undefined) {
      stretch = { turn: [], model: [], tool: [] };
      this.#stretches.set(jumps, stretch);
    }
    const from = Number(at);
    stretch[what].push({ from, to: from + Number(ms) });
  }

  /** Where the time of the turns went. */
  get split(): TimeSplit {
    if (this.#isUnknown) return UNKNOWN_SPLIT;
    const split = Array.from(this.#stretches.values(), splitOf)
      .reduce(addSplits, splitOf({ turn: [], model: [], tool: [] }));
    if (!lostEvidence(this.#session).events) {
      return hasLostCells(this.#session)
        ? { ...split, tool_ms: null, idle_ms: null }
        : split;
    }
    return {
      ...UNKNOWN_SPLIT,
      turns_ms: knownCount(split.turns_ms, true),
      model_ms: knownCount(split.model_ms, true),
    };
  }

  /** When something ended; null where its end may be lost. */
  #endOf(
    execution: ExecutionWindow,
    turn: string | null,
  ): { seq: Integer; at: Integer } | null {
    const { ended_seq: seq, ended_at_unix_ms: at } = execution;
    const { last } = this.#clock;
    if (at !== null) return { seq: seq ?? last.seq, at };
    if (mayHaveLostEnd(this.#session, execution)) return null;
    const { ended_seq: turnSeq = null, ended_at_unix_ms: turnEnd = null } =
      this.#session.trace.codex_turns.get(turn ?? "")?.execution ?? {};
    return turnSeq === null || turnEnd === null ||
        turnSeq < execution.started_seq
      ? last
      : { seq: turnSeq, at: turnEnd };
  }
}

function splitOf({ turn, model, tool }: Stretch): KnownSplit {
  const turns = united(turn);
  const models = shared(turns, united(model));
  const busy = shared(turns, united([...model, ...tool]));
  const turnsMs = lengthOf(turns);
  const modelMs = lengthOf(models);
  const busyMs = lengthOf(busy);
  return {
    turns_ms: turnsMs,
    model_ms: modelMs,
    tool_ms: busyMs - modelMs,
    idle_ms: turnsMs - busyMs,
  };
}

/** Everything of a session that takes time in turns, with the turn and the thread it belongs to. */
export function forEachRun(
  { trace }: TraceSession,
  visit: (
    what: Part,
    execution: ExecutionWindow,
    turn: string | null,
    thread: string,
  ) => void,
): void {
  for (const [id, each] of trace.codex_turns) {
    visit("turn", each.execution, id, each.thread_id);
  }
  for (const each of trace.inference_calls.values()) {
    visit("model", each.execution, each.codex_turn_id, each.thread_id);
  }
  for (const each of trace.compaction_requests.values()) {
    visit("model", each.execution, each.codex_turn_id, each.thread_id);
  }
  for (const each of trace.tool_calls.values()) {
    const { execution, started_by_codex_turn_id: turn, thread_id } = each;
    visit("tool", execution, turn, thread_id);
  }
  for (const each of trace.code_cells.values()) {
    visit("tool", each.execution, each.codex_turn_id, each.thread_id);
  }
}

/** From when to when, in milliseconds. */
interface Interval {
  /** When it begins. */
  readonly from: number;
  /** When it ends; not before it begins. */
  readonly to: number;
}

/** The same stretches of time as intervals that do not touch, in order. */
function united(intervals: readonly Interval[]): Interval[] {
  const found: Interval[] = [];
  for (const each of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last === undefined || each.from > last.to) found.push(each);
    else if (each.to > last.to) {
      found[found.length - 1] = { from: last.from, to: each.to };
    }
  }
  return found;
}

/** How long intervals take that do not overlap. */
function lengthOf(apart: readonly Interval[]): number {
  return apart.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The time in both; each list is in order and without overlaps. */
function shared(
  a: readonly Interval[],
  b: readonly Interval[],
): Interval[] {
  const found: Interval[] = [];
  let atA = 0;
  let atB = 0;
  for (;;) {
    const one = a[atA];
    const other = b[atB];
    if (one === undefined || other === undefined) return found;
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    if (to > from) found.push({ from, to });
    if (one.to < other.to) atA++;
    else atB++;
  }
}

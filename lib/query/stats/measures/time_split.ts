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
import type { Session } from "../../session/session.ts";

/** Where the time of turns went. `model_ms`, `tool_ms` and `idle_ms` add up to `turns_ms`. */
export interface TimeSplit {
  /** Time in turns. */
  readonly turns_ms: number;
  /** Time in turns in which a model was asked. */
  readonly model_ms: number;
  /** Time in turns in which a tool or a code cell ran and no model was asked. */
  readonly tool_ms: number;
  /** Time in turns in which neither was so. */
  readonly idle_ms: number;
}

/** Collects what ran, to compute where the time went. */
export class TimeSplitter {
  readonly #last: Integer;
  readonly #turns: Interval[] = [];
  readonly #models: Interval[] = [];
  readonly #tools: Interval[] = [];

  /** `last` ends what never ended: the last moment of the recording. */
  constructor(last: Integer) {
    this.#last = last;
  }

  /** A turn. */
  turn(execution: ExecutionWindow): void {
    this.#turns.push(this.#during(execution));
  }

  /** A request to a model. */
  model(execution: ExecutionWindow): void {
    this.#models.push(this.#during(execution));
  }

  /** A tool call or a code cell. */
  tool(execution: ExecutionWindow): void {
    this.#tools.push(this.#during(execution));
  }

  /** Where the time of the turns went. */
  get split(): TimeSplit {
    const turns = united(this.#turns);
    const models = shared(turns, united(this.#models));
    const busy = shared(turns, united([...this.#models, ...this.#tools]));
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

  #during(execution: ExecutionWindow): Interval {
    const { started_at_unix_ms: from, ended_at_unix_ms: to } = execution;
    return interval(from, to ?? this.#last);
  }
}

/** The last recorded moment. */
export function lastMoment({ trace, log }: Session): Integer {
  const last = log?.events.at(-1)?.event.wall_time_unix_ms;
  if (last !== undefined) return last;
  if (trace.ended_at_unix_ms !== null) return trace.ended_at_unix_ms;
  let latest: Integer = trace.started_at_unix_ms;
  const maps = [
    trace.codex_turns,
    trace.inference_calls,
    trace.tool_calls,
    trace.code_cells,
  ];
  for (const map of maps) {
    for (const { execution } of map.values()) {
      const { started_at_unix_ms: from, ended_at_unix_ms: to } = execution;
      if ((to ?? from) > latest) latest = to ?? from;
    }
  }
  return latest;
}

/** From when to when, in milliseconds. */
interface Interval {
  /** When it begins. */
  readonly from: number;
  /** When it ends; not before it begins. */
  readonly to: number;
}

/** The interval between two moments; clocks may be set back, so that it may be empty. */
function interval(from: Integer, to: Integer): Interval {
  const begin = Number(from);
  return { from: begin, to: Math.max(begin, Number(to)) };
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

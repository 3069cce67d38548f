/**
 * The question `stats`: figures of one session, or of many together.
 *
 * A session is let go once it is added: of it only figures are kept.
 *
 * @module
 */

import type { TraceSession } from "../session/session.ts";
import { comparableBy, PeriodCounter, PreviousCounter } from "./compare.ts";
import type { StatsCompare } from "./comparison.ts";
import { FigureCounter, type SessionCounter } from "./figure_counter.ts";
import type { PriceTable } from "./measures/cost.ts";
import { sessionFigures } from "./session_figures.ts";
import type { StatsAnswer, StatsBy } from "./stats_answer.ts";

/** How figures are counted. */
export interface StatsOptions {
  /** What they are counted by; by default, by model. */
  readonly by?: StatsBy;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices?: PriceTable | null;
  /**
   * What figures are compared with; nothing by default. Two periods are compared by what is in
   * several sessions: not by turn, thread, bundle, day, week or month. Each day, week or month is
   * compared with the one before it.
   */
  readonly compare?: StatsCompare | null;
}

const DEFAULT_BY: StatsBy = "model";

/** The figures of one session. */
export function getStats(
  session: TraceSession,
  options: StatsOptions = {},
): StatsAnswer {
  const collector = new StatsCollector(options);
  collector.add(session);
  return collector.answer;
}

/** Counts sessions, one after the other. */
export class StatsCollector {
  readonly #by: StatsBy;
  readonly #counter: SessionCounter;

  /**
   * Nothing is counted yet.
   *
   * @throws {TypeError} If what is counted by cannot be compared in that way.
   */
  constructor(options: StatsOptions = {}) {
    this.#by = options.by ?? DEFAULT_BY;
    this.#counter = sessionCounter(options);
  }

  /** Counts a session. */
  add(session: TraceSession): void {
    this.#counter.add(sessionFigures(session, this.#by));
  }

  /** Notes a bundle that could not be read. */
  skip(bundle: string, error: string): void {
    this.#counter.skip(bundle, error);
  }

  /** The figures of what was added. */
  get answer(): StatsAnswer {
    return this.#counter.answer;
  }
}

/**
 * What counts sessions as the options are.
 *
 * @throws {TypeError} If what is counted by cannot be compared in that way.
 */
export function sessionCounter(options: StatsOptions = {}): SessionCounter {
  const { by = DEFAULT_BY, prices = null, compare = null } = options;
  const counted = { by, prices };
  if (compare === null) return new FigureCounter(counted);
  if (comparableBy(by) !== compare.type) {
    throw new TypeError(`cannot compare ${compare.type} by ${by}`);
  }
  return compare.type === "previous"
    ? new PreviousCounter(counted)
    : new PeriodCounter(counted, compare);
}

/**
 * How many events a log has, and how many of them were not reduced.
 *
 * @module
 */

import type { Diagnostic, DiagnosticSink } from "../../errors.ts";
import type { DecodedEvent } from "../../format/event.ts";
import type { FaultJudge } from "./event_log.ts";

/** Counts along the way of one tolerant replay: log, judge, reducer. */
export class EventCount {
  /** Where diagnostics go that say nothing about whether an event was reduced. */
  readonly report: DiagnosticSink;
  /** Where the reducer's diagnostics go: an event with a loss was skipped. */
  readonly skipping: DiagnosticSink = (diagnostic) => this.#skip(diagnostic);
  #hasLosses = false;
  #read = 0;
  #refused = 0;
  #refusedLine = 0;
  /** Lines of skipped events: one may be reported twice, for itself and for what waited on it. */
  readonly #skipped: Set<number> = new Set();

  /** Hands on to `sink` what it is told. */
  constructor(sink: DiagnosticSink) {
    this.report = (diagnostic) => {
      if (diagnostic.severity === "loss") this.#hasLosses = true;
      sink(diagnostic);
    };
  }

  /** The events, counted. */
  *counting(events: Iterable<DecodedEvent>): Generator<DecodedEvent, void> {
    for (const event of events) {
      this.#read++;
      yield event;
    }
  }

  /** The judge, with the lines counted that it does not take. */
  judging(judge: FaultJudge): FaultJudge {
    return (fault) => {
      const isTaken = judge(fault);
      if (!isTaken) this.#refuse(fault.line);
      return isTaken;
    };
  }

  /** Whether anything was told of as lost, be it an event or what a gap may hide. */
  get hasLosses(): boolean {
    return this.#hasLosses;
  }

  /** What was counted. */
  counts(): { readonly events: number; readonly skippedEvents: number } {
    return {
      events: this.#read + this.#refused,
      skippedEvents: this.#refused + this.#skipped.size,
    };
  }

  /** A line may be at fault twice: out of place, and then malformed or foreign. */
  #refuse(line: number): void {
    if (line === this.#refusedLine) return;
    this.#refusedLine = line;
    this.#refused++;
  }

  #skip(diagnostic: Diagnostic): void {
    const { severity, line } = diagnostic;
    if (severity === "loss" && line !== null) this.#skipped.add(line);
    this.report(diagnostic);
  }
}

/**
 * Continues after faulty lines: reports each, and counts the events that were skipped.
 *
 * @module
 */

import type { FaultPolicy, LineFault } from "./event_log.ts";
import {
  BundleFormatError,
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticSink,
  ReplayError,
} from "../../errors.ts";
import type { DecodedEvent } from "../../format/event.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";

/** Faults of a position in the log. The event at this position is kept. */
const KEPT: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "nul_bytes",
  "sequence_gap",
  "event_after_completion",
]);

/** Returns a policy that reports every fault, and skips the line unless its event is valid. */
export function tolerantPolicy(sink: DiagnosticSink): FaultPolicy {
  return (fault) => {
    const code = codeOf(fault);
    const { error, line } = fault;
    const event = fault.decoded?.event ?? fault.unknown?.event;
    const ids = error instanceof ReplayError ? error.ids : {};
    // The fault of a position may also name the foreign rollout of the event.
    const isKept = KEPT.has(code) && ids.rollout_id === undefined;
    sink({
      code,
      severity: "loss",
      file: EVENT_LOG_FILE,
      line,
      seq: event?.seq ?? null,
      event_type: event?.payload.type ?? null,
      ids,
      message: error.reason,
      lost: fault.endsReading
        ? "this event and every later one"
        : isKept
        ? "nothing of this event; others may be missing"
        : (fault.damaged?.events.length ?? 0) > 0
        ? "the torn part of the line; the complete events in it are kept"
        : "the content of the line",
    });
    return isKept ? "keep" : "skip";
  };
}

function codeOf(
  { error, lineEnded, unknown, damaged }: LineFault,
): DiagnosticCode {
  if (!(error instanceof BundleFormatError)) return error.code;
  if (damaged !== undefined && damaged.nuls !== null) return "nul_bytes";
  if (unknown !== undefined) return "unknown_event_type";
  return lineEnded ? "malformed_line" : "truncated_line";
}

/** Codes of faults behind which any event may be lost. */
const HIDING: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "malformed_line",
  "truncated_line",
  "nul_bytes",
  "sequence_gap",
  "limit_exceeded",
  "unknown_event_type",
]);

/** Returns whether any event may be lost with what a diagnostic reports. */
export function hidesEvents(
  { code, severity }: Pick<Diagnostic, "code" | "severity">,
): boolean {
  return severity === "loss" && HIDING.has(code);
}

/** Counts the events of one tolerant replay, and those that the log or the reducer skipped. */
export class EventCounter {
  /** Receives diagnostics that do not concern the reduction of an event. */
  readonly onDiagnostic: DiagnosticSink;
  /** Receives the diagnostics of the reducer: an event with a loss was skipped. */
  readonly onSkip: DiagnosticSink = (diagnostic) => this.#skip(diagnostic);
  #hasLosses = false;
  #lostEvents = 0;
  #read = 0;
  #refused = 0;
  #refusedLine = 0;
  /** Lines of skipped events; a line may be reported more than once. */
  readonly #skipped: Set<number> = new Set();

  /** Forwards all diagnostics to `sink`. */
  constructor(sink: DiagnosticSink) {
    this.onDiagnostic = (diagnostic) => {
      if (diagnostic.severity === "loss") this.#hasLosses = true;
      if (hidesEvents(diagnostic)) this.#lostEvents++;
      sink(diagnostic);
    };
  }

  /** Yields the events, and counts them. */
  *countEvents(events: Iterable<DecodedEvent>): Generator<DecodedEvent, void> {
    for (const event of events) {
      this.#read++;
      yield event;
    }
  }

  /** Returns a policy that also counts the lines that `policy` skips. */
  countFaults(policy: FaultPolicy): FaultPolicy {
    return (fault) => {
      const decision = policy(fault);
      if (decision === "skip") this.#refuse(fault.line);
      return decision;
    };
  }

  /** Whether any loss was reported: an event, or events in a gap. */
  get hasLosses(): boolean {
    return this.#hasLosses;
  }

  /** How many times events were found lost that the log had, or should have. */
  get lostEvents(): number {
    return this.#lostEvents;
  }

  /** Returns the number of events, and of those that were skipped. */
  totals(): {
    readonly events: number;
    readonly skippedEvents: number;
    readonly skippedLines: ReadonlySet<number>;
  } {
    return {
      skippedLines: this.#skipped,
      events: this.#read + this.#refused,
      skippedEvents: this.#refused + this.#skipped.size,
    };
  }

  /** A line may have two faults: out of order, and malformed or foreign. */
  #refuse(line: number): void {
    if (line === this.#refusedLine) return;
    this.#refusedLine = line;
    this.#refused++;
  }

  #skip(diagnostic: Diagnostic): void {
    const { severity, line } = diagnostic;
    if (severity === "loss" && line !== null) this.#skipped.add(line);
    this.onDiagnostic(diagnostic);
  }
}

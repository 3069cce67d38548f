/**
 * Handles evidence that cannot be reduced: a strict reduction throws, a tolerant one reports the
 * fault and skips the event.
 *
 * @module
 */

import {
  type Diagnostic,
  type DiagnosticSink,
  LimitError,
  PayloadError,
  ReplayError,
  unneededPayload,
} from "../errors.ts";
import type { EventType } from "../format/event.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import type { Integer } from "../format/vocabulary.ts";
import { EVENTS } from "../format/events/events.ts";

/** Options of a reduction. */
export interface ReduceOptions {
  /**
   * Whether an event that cannot be reduced is reported and skipped. If not, it ends the
   * reduction. Default `false`.
   */
  readonly tolerant?: boolean;
  /** Maximum number of payload ids that all edges carry together. Default: no limit. */
  readonly maxEdgePayloads?: number;
  /** Returns whether any evidence before the current event is known to be lost. */
  readonly logHasGaps?: () => boolean;
  /** Returns how many times events of the log were found lost before the current event. */
  readonly lostEvents?: () => number;
  /** Called for every skipped event, and for every note about the graph. */
  readonly onDiagnostic?: DiagnosticSink;
  /** Called for every event of which only a part is skipped. Default: `onDiagnostic`. */
  readonly onPartialEvent?: DiagnosticSink;
}

/** The event that caused a change or a fault. */
export interface Origin {
  readonly seq: Integer;
  readonly line: number;
  readonly eventType: EventType;
}

/** Throws or reports the faults of one reduction. */
export class FaultHandler {
  readonly #tolerant: boolean;
  readonly #sink: DiagnosticSink;
  readonly #partialSink: DiagnosticSink;
  /** Ids of payloads that were reported with an event which needed them. */
  readonly #reportedPayloads: Set<string> = new Set();

  /** Creates a handler for a reduction with these options. */
  constructor(options: ReduceOptions = {}) {
    this.#tolerant = options.tolerant ?? false;
    this.#sink = options.onDiagnostic ?? (() => {});
    this.#partialSink = options.onPartialEvent ?? this.#sink;
  }

  /** Whether faults are reported and not thrown. */
  get isTolerant(): boolean {
    return this.#tolerant;
  }

  /**
   * Reports an event, or delayed work for an event, that cannot be reduced. The caller skips it.
   *
   * @param lost What is missing in the graph. Default: the complete event.
   * @throws {ReplayError} Unless the reduction is tolerant.
   * @throws `error` itself, if the bundle is not the cause.
   */
  reject(
    error: unknown,
    origin: Origin,
    lost: string = EVENTS[origin.eventType].lost,
  ): void {
    this.#report(error, origin, lost, this.#sink);
  }

  /**
   * Reports a part of an event that cannot be reduced. The caller reduces the rest of the event.
   *
   * @param lost What is missing in the graph.
   * @throws `error`, unless the reduction is tolerant, or if the bundle is not the cause.
   */
  rejectPart(error: unknown, origin: Origin, lost: string): void {
    if (!this.#tolerant) throw error;
    this.#report(error, origin, lost, this.#partialSink);
  }

  /**
   * Returns what `reduce` returns. If that throws, the fault is reported as the loss of a part of
   * the event, and `fallback` is returned.
   *
   * @throws Whatever `reduce` throws, unless the reduction is tolerant.
   */
  attempt<T>(reduce: () => T, fallback: T, origin: Origin, lost: string): T {
    try {
      return reduce();
    } catch (error) {
      this.rejectPart(error, origin, lost);
      return fallback;
    }
  }

  #report(
    error: unknown,
    origin: Origin,
    lost: string,
    sink: DiagnosticSink,
  ): void {
    const fault = faultAt(error, origin);
    if (!this.#tolerant) throw fault;
    if (fault.cause instanceof PayloadError) {
      this.#reportedPayloads.add(fault.cause.rawPayloadId);
    }
    sink({
      code: fault instanceof LimitError ? fault.code : codeOf(fault),
      severity: "loss",
      file: EVENT_LOG_FILE,
      line: origin.line,
      seq: origin.seq,
      event_type: origin.eventType,
      ids: fault instanceof LimitError ? {} : fault.ids,
      message: fault.reason,
      lost,
    });
  }

  /**
   * Reports a missing or malformed payload that no event needed.
   *
   * @throws {PayloadError} Unless the reduction is tolerant.
   */
  rejectPayload(error: unknown): void {
    if (!this.#tolerant || !(error instanceof PayloadError)) throw error;
    if (this.#reportedPayloads.has(error.rawPayloadId)) return;
    this.#sink(unneededPayload(error));
  }

  /** Reports something that a reader of the graph should know although nothing was skipped. */
  addNote(
    note: Pick<Diagnostic, "code" | "ids" | "message" | "lost">,
    origin: Origin,
  ): void {
    this.#sink({
      ...note,
      severity: "note",
      file: EVENT_LOG_FILE,
      line: origin.line,
      seq: origin.seq,
      event_type: origin.eventType,
    });
  }
}

function faultAt(
  error: unknown,
  { seq, line, eventType }: Origin,
): ReplayError | LimitError {
  if (error instanceof LimitError) return error;
  if (error instanceof ReplayError) return error.at(seq, eventType, line);
  if (!(error instanceof PayloadError)) throw error;
  return new ReplayError(
    "payload_error",
    error.message,
    { raw_payload_id: error.rawPayloadId },
    { cause: error, at: { seq, eventType, line } },
  );
}

/** Returns the code of the payload's own fault where there is one: it is more exact. */
function codeOf(fault: ReplayError): Diagnostic["code"] {
  return fault.cause instanceof PayloadError ? fault.cause.code : fault.code;
}

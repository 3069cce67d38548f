/**
 * What happens to evidence that cannot be reduced: it ends the reduction, or it is reported and
 * skipped.
 *
 * @module
 */

import type { Diagnostic, DiagnosticSink } from "../diagnostic.ts";
import { LimitError, PayloadError, ReplayError } from "../errors.ts";
import type { EventType } from "../format/event.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import type { Integer } from "../format/vocabulary.ts";
import { EVENTS } from "../format/events/events.ts";

/** How the reducer deals with what is wrong. */
export interface ReduceOptions {
  /**
   * Whether an event that cannot be reduced is skipped, whole, and reported. Without, it ends
   * the reduction.
   */
  readonly tolerant?: boolean;
  /** How many ids of payloads all edges may carry; without, any number. */
  readonly maxEdgePayloads?: number;
  /** Asked at any event: whether any evidence before it is known to be lost. */
  readonly hasGaps?: () => boolean;
  /** Gets what was skipped, and what a reader of the graph should know. */
  readonly onDiagnostic?: DiagnosticSink;
}

/** The event that something comes from. */
export interface Origin {
  readonly seq: Integer;
  readonly line: number;
  readonly eventType: EventType;
}

/** Judges what is wrong: strictly, or tolerantly. */
export class Problems {
  readonly #tolerant: boolean;
  readonly #sink: DiagnosticSink;
  /** Payloads that were reported with an event which needed them. */
  readonly #broken: Set<string> = new Set();

  /** Judges as `options` say. */
  constructor(options: ReduceOptions = {}) {
    this.#tolerant = options.tolerant ?? false;
    this.#sink = options.onDiagnostic ?? (() => {});
  }

  /**
   * An event, or what remained to be done for one, cannot be reduced. The caller skips it.
   *
   * @param lost What the graph lacks then; by default the event, whole.
   * @throws {ReplayError} Unless the reduction is tolerant.
   * @throws Whatever `error` is, if it is no fault of the bundle.
   */
  report(
    error: unknown,
    origin: Origin,
    lost: string = EVENTS[origin.eventType].lost,
  ): void {
    const fault = faultAt(error, origin);
    if (!this.#tolerant) throw fault;
    if (fault.cause instanceof PayloadError) {
      this.#broken.add(fault.cause.rawPayloadId);
    }
    this.#sink({
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
   * A payload that no event needed is missing or malformed.
   *
   * @throws {PayloadError} Unless the reduction is tolerant.
   */
  reportPayload(error: unknown): void {
    if (!this.#tolerant || !(error instanceof PayloadError)) throw error;
    if (this.#broken.has(error.rawPayloadId)) return;
    this.#sink({
      code: error.code,
      severity: "loss",
      file: error.file,
      line: null,
      seq: null,
      event_type: null,
      ids: { raw_payload_id: error.rawPayloadId },
      message: error.message,
      lost: "the evidence in the payload; no object of the graph needs it",
    });
  }

  /** All was reduced, but a reader of the graph should know this. */
  note(
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

/** A diagnostic says what is wrong with the payload, not only that it cannot be used. */
function codeOf(fault: ReplayError): Diagnostic["code"] {
  return fault.cause instanceof PayloadError ? fault.cause.code : fault.code;
}

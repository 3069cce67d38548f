/**
 * The order of events that a schema requires: no missing event, no event of another rollout, and
 * none after the end.
 *
 * @module
 */

import { quote, ReplayError, type ReplayErrorCode } from "../../errors.ts";
import type { EventEnvelope } from "../../format/events/event_decoder.ts";
import { subtract } from "../../format/integers.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TraceBundleManifest } from "../../format/manifest.ts";

/** The rules of a schema for the lines of a log. */
export interface LogRules {
  /**
   * Whether `seq` counts 1, 2, 3 without a gap, and every event repeats the schema and the
   * rollout of the manifest. If not, none of this is checked.
   */
  readonly isContiguous: boolean;
  /** Type of the last event of a log; null if the schema has none. */
  readonly closingEvent: string | null;
}

/** The fields of an event, known or not, that are checked, and its line. */
export interface OrderedEvent {
  /** The event, without the fields of its type. */
  readonly event: EventEnvelope & {
    readonly payload: { readonly type: string };
  };
  /** Line of the log, counted from 1. */
  readonly line: number;
}

/** Checks the sequence of the lines of one log. */
export interface LineOrder {
  /** Must be called for every line that is not blank, before it is decoded. */
  beforeLine(line: number): void;
  /** Must be called for every event, in order; also for one of an unknown type. */
  afterEvent(event: OrderedEvent): void;
}

/** Checks one log from its start to its end. */
export class EventOrder implements LineOrder {
  readonly #manifest: Pick<
    TraceBundleManifest,
    "rollout_id" | "schema_version"
  >;
  readonly #closingEvent: string | null;
  #events = 0;
  #completed = false;

  /** Every event must repeat the ids of `manifest`. */
  constructor(
    manifest: Pick<TraceBundleManifest, "rollout_id" | "schema_version">,
    closingEvent: string | null,
  ) {
    this.#manifest = manifest;
    this.#closingEvent = closingEvent;
  }

  /** Returns the order that a schema requires, `undefined` if it requires none. */
  static of(
    rules: LogRules,
    manifest: Pick<TraceBundleManifest, "rollout_id" | "schema_version">,
  ): EventOrder | undefined {
    return rules.isContiguous
      ? new EventOrder(manifest, rules.closingEvent)
      : undefined;
  }

  /** @throws {ReplayError} If the recording was already completed. */
  beforeLine(line: number): void {
    if (!this.#completed) return;
    // Reported once, for callers that continue after it.
    this.#completed = false;
    throw new ReplayError(
      "event_after_completion",
      `trace.jsonl line ${line} follows the completion of the recording`,
    );
  }

  /** @throws {ReplayError} If schema, sequence number or rollout is not the expected one. */
  afterEvent(ordered: OrderedEvent): void {
    const { schema_version, seq, rollout_id, payload } = ordered.event;
    const expected = this.#events + 1;
    // A gap is reported once: the next event is expected after this one.
    this.#events = Number(seq);
    const schema = this.#manifest.schema_version;
    if (schema_version !== schema) {
      const reason = `schema ${schema_version} is not ${schema}`;
      throw contradiction(ordered, "unsupported_schema", reason);
    }
    const foreign = rollout_id !== this.#manifest.rollout_id
      ? { rollout_id }
      : undefined;
    if (seq !== expected) {
      const reason =
        `an event is missing or out of order, expected seq ${expected}`;
      throw contradiction(ordered, "sequence_gap", reason, foreign);
    }
    if (foreign !== undefined) {
      const reason = `event belongs to rollout ${quote(rollout_id)}`;
      throw contradiction(ordered, "foreign_rollout", reason, foreign);
    }
    this.#completed = payload.type === this.#closingEvent;
  }
}

/** Finds missing events where the schema requires no order: its recorder counts them all the same. */
export class GapFinder implements LineOrder {
  #last: Integer = 0;

  /** Any line may follow. */
  beforeLine(): void {}

  /** @throws {ReplayError} If events before this one are missing. */
  afterEvent(ordered: OrderedEvent): void {
    const { seq } = ordered.event;
    const step = subtract(seq, this.#last);
    this.#last = seq;
    if (step === null || step <= 1) return;
    const reason = "events are missing before this one";
    throw contradiction(ordered, "sequence_gap", reason);
  }
}

function contradiction(
  { event, line }: OrderedEvent,
  code: ReplayErrorCode,
  reason: string,
  ids: Readonly<Record<string, string>> = {},
): ReplayError {
  const at = { seq: event.seq, eventType: event.payload.type, line };
  return new ReplayError(code, reason, ids, { at });
}

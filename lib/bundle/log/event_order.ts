/**
 * What schema 2 demands of the sequence of events: nothing missing, foreign, or after the end.
 *
 * Schema 1 demands nothing of the kind.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { ReplayErrorCode } from "../../errors.ts";
import type { DecodedEvent } from "../../format/event.ts";
import type { LineOrder } from "./event_log.ts";

const SCHEMA = 2;

/** Checks one log of schema 2 from its start to its end. */
export class EventOrder implements LineOrder {
  readonly #rolloutId: string;
  #events = 0;
  #completed = false;

  /** Takes the rollout id of the manifest, which every event must repeat. */
  constructor(rolloutId: string) {
    this.#rolloutId = rolloutId;
  }

  /**
   * Must be called for every line that is not blank, before it is decoded.
   *
   * @throws {ReplayError} If the recording was already completed.
   */
  beforeLine(line: number): void {
    if (!this.#completed) return;
    // Told once, for whoever goes on in spite of it.
    this.#completed = false;
    throw new ReplayError(
      "event_after_completion",
      `trace.jsonl line ${line} follows the completion of the recording`,
    );
  }

  /**
   * Must be called for every event, in order.
   *
   * @throws {ReplayError} If schema, sequence number or rollout is not the expected one.
   */
  afterEvent(decoded: DecodedEvent): void {
    const { schema_version, seq, rollout_id, payload } = decoded.event;
    const expected = this.#events + 1;
    // A gap is told once: what follows goes on from there.
    this.#events = Number(seq);
    if (schema_version !== SCHEMA) {
      const reason = `schema ${schema_version} is not ${SCHEMA}`;
      throw contradiction(decoded, "unsupported_schema", reason);
    }
    const foreign = rollout_id !== this.#rolloutId ? { rollout_id } : undefined;
    if (seq !== expected) {
      const reason =
        `an event is missing or out of order, expected seq ${expected}`;
      throw contradiction(decoded, "sequence_gap", reason, foreign);
    }
    if (foreign !== undefined) {
      const reason = `event belongs to rollout ${quote(rollout_id)}`;
      throw contradiction(decoded, "foreign_rollout", reason, foreign);
    }
    this.#completed = payload.type === "recording_completed";
  }
}

function contradiction(
  { event, line }: DecodedEvent,
  code: ReplayErrorCode,
  reason: string,
  ids: Readonly<Record<string, string>> = {},
): ReplayError {
  const at = { seq: event.seq, eventType: event.payload.type, line };
  return new ReplayError(code, reason, ids, { at });
}

/**
 * Checks the order of the events, by sequence number and by clock, and their rollout and schema.
 *
 * Schema 1 requires none of it, so the findings are warnings. {@linkcode Findings} turns them into
 * errors where a replay skips the event.
 *
 * @module
 */

import { quote } from "../errors.ts";
import type { OrderedEvent } from "../bundle/log/event_order.ts";
import type { DecodedEvent } from "../format/event.ts";
import type { Integer } from "../format/vocabulary.ts";
import {
  EVENT_LOG_FILE,
  type TraceBundleManifest,
} from "../format/manifest.ts";
import type { FindingCode, FindingPosition, FindingSink } from "./report.ts";

/** What the events should agree with. */
export type Expected = Pick<
  TraceBundleManifest,
  "schema_version" | "rollout_id" | "trace_id" | "root_thread_id"
>;

/** Compares each event with the one before it and with the manifest. */
export class SequenceCheck {
  readonly #sink: FindingSink;
  #expected: Partial<Expected>;
  #previousSeq: Integer = 0;
  #first: Integer | null = null;
  #last: Integer | null = null;
  #hasTimeBackward = false;

  /** Reports findings to `sink`; `expected` has what is known of the manifest. */
  constructor(sink: FindingSink, expected: Partial<Expected>) {
    this.#sink = sink;
    this.#expected = expected;
  }

  /** Wall clock of the first event in the log and of the last. */
  get span(): {
    readonly first: Integer | null;
    readonly last: Integer | null;
  } {
    return { first: this.#first, last: this.#last };
  }

  /** Whether the wall clock went back. */
  get hasTimeBackward(): boolean {
    return this.#hasTimeBackward;
  }

  /** Must be called for every event, in order. */
  observe(ordered: OrderedEvent): void {
    this.#checkSeq(ordered);
    this.#checkTime(ordered);
    this.#checkOwner(ordered);
  }

  #checkSeq(decoded: OrderedEvent): void {
    const { seq } = decoded.event;
    const previous = this.#previousSeq;
    const next = successor(previous);
    this.#previousSeq = seq;
    if (isSame(seq, next)) return;
    if (next < seq) {
      const missing = isSame(successor(next), seq)
        ? `seq ${next} is missing`
        : `seq ${next} to ${predecessor(seq)} are missing`;
      return this.#report("sequence_gap", decoded, missing);
    }
    if (isSame(seq, previous)) {
      return this.#report(
        "sequence_repeated",
        decoded,
        `seq ${seq} is repeated`,
      );
    }
    const message = `seq ${seq} follows seq ${previous}`;
    this.#report("sequence_backward", decoded, message);
  }

  #checkTime(decoded: OrderedEvent): void {
    const time = decoded.event.wall_time_unix_ms;
    const before = this.#last;
    this.#first ??= time;
    this.#last = time;
    if (before === null || time >= before) return;
    this.#hasTimeBackward = true;
    const message = `the clock went back by ${
      BigInt(before) - BigInt(time)
    } ms`;
    this.#report("time_backward", decoded, message);
  }

  #checkOwner(decoded: OrderedEvent): void {
    const { schema_version, rollout_id } = decoded.event;
    this.#expected.rollout_id ??= rollout_id;
    this.#expected.schema_version ??= schema_version;
    if (rollout_id !== this.#expected.rollout_id) {
      const message = `event belongs to rollout ${quote(rollout_id)}`;
      this.#report("foreign_rollout", decoded, message, { rollout_id });
    }
    const expected = this.#expected.schema_version;
    if (schema_version !== expected) {
      const message = `schema ${schema_version} is not ${expected}`;
      this.#report("unsupported_schema", decoded, message);
    }
  }

  /** Must be called for every event of a known type: compares a start with the manifest. */
  observeRollout(decoded: DecodedEvent): void {
    const { payload } = decoded.event;
    if (payload.type !== "rollout_started") return;
    for (const key of ["trace_id", "root_thread_id"] as const) {
      const expected = this.#expected[key];
      if (expected === undefined || payload[key] === expected) continue;
      const message = `${key} is ${quote(payload[key])}, the manifest has ${
        quote(expected)
      }`;
      this.#report("manifest_mismatch", decoded, message, {
        [key]: payload[key],
      });
    }
  }

  #report(
    code: FindingCode,
    { event, line }: OrderedEvent,
    message: string,
    ids: Readonly<Record<string, string>> = {},
  ): void {
    const place: FindingPosition = {
      file: EVENT_LOG_FILE,
      line,
      seq: event.seq,
      event_type: event.payload.type,
    };
    this.#sink({ code, severity: "warning", ...place, ids, message });
  }
}

function successor(seq: Integer): Integer {
  if (typeof seq === "bigint") return seq + 1n;
  return seq === Number.MAX_SAFE_INTEGER ? BigInt(seq) + 1n : seq + 1;
}

/** Whether two integers have the same value; one may be a number and the other a bigint. */
function isSame(a: Integer, b: Integer): boolean {
  return !(a < b) && !(b < a);
}

function predecessor(seq: Integer): Integer {
  return typeof seq === "bigint" ? seq - 1n : seq - 1;
}

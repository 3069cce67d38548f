/**
 * Watches over the order of the events, by number and by clock, and over whom they belong to.
 *
 * Schema 1 demands none of it, so there it is a warning; where a replay has to skip the event,
 * {@linkcode Findings} makes an error of it.
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
import type { FindingCode, FindingPlace, FindingSink } from "./finding.ts";

/** What the events should agree with. */
export type Expected = Pick<
  TraceBundleManifest,
  "schema_version" | "rollout_id" | "trace_id" | "root_thread_id"
>;

/** Knows where the log is. */
export class OrderWatch {
  readonly #sink: FindingSink;
  #expected: Partial<Expected>;
  #seq: Integer = 0;
  #first: Integer | null = null;
  #last: Integer | null = null;

  /** Tells `sink` what is wrong; `expected` is the manifest, as far as it is known. */
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

  /** Must be called for every event, in order. */
  observe(ordered: OrderedEvent): void {
    this.#checkSeq(ordered);
    this.#checkTime(ordered);
    this.#checkOwner(ordered);
  }

  #checkSeq(decoded: OrderedEvent): void {
    const { seq } = decoded.event;
    const before = this.#seq;
    const next = after(before);
    this.#seq = seq;
    if (same(seq, next)) return;
    if (next < seq) {
      const missing = same(after(next), seq)
        ? `seq ${next} is missing`
        : `seq ${next} to ${preceding(seq)} are missing`;
      return this.#tell("sequence_gap", decoded, missing);
    }
    if (same(seq, before)) {
      return this.#tell("sequence_repeated", decoded, "the seq stands twice");
    }
    const message = `seq ${seq} follows seq ${before}`;
    this.#tell("sequence_backward", decoded, message);
  }

  #checkTime(decoded: OrderedEvent): void {
    const time = decoded.event.wall_time_unix_ms;
    const before = this.#last;
    this.#first ??= time;
    this.#last = time;
    if (before === null || time >= before) return;
    const message = `the clock went back by ${
      BigInt(before) - BigInt(time)
    } ms`;
    this.#tell("time_backward", decoded, message);
  }

  #checkOwner(decoded: OrderedEvent): void {
    const { schema_version, rollout_id } = decoded.event;
    this.#expected.rollout_id ??= rollout_id;
    this.#expected.schema_version ??= schema_version;
    if (rollout_id !== this.#expected.rollout_id) {
      const message = `event belongs to rollout ${quote(rollout_id)}`;
      this.#tell("foreign_rollout", decoded, message, { rollout_id });
    }
    const expected = this.#expected.schema_version;
    if (schema_version !== expected) {
      const message = `schema ${schema_version} is not ${expected}`;
      this.#tell("unsupported_schema", decoded, message);
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
      this.#tell("manifest_mismatch", decoded, message, {
        [key]: payload[key],
      });
    }
  }

  #tell(
    code: FindingCode,
    { event, line }: OrderedEvent,
    message: string,
    ids: Readonly<Record<string, string>> = {},
  ): void {
    const place: FindingPlace = {
      file: EVENT_LOG_FILE,
      line,
      seq: event.seq,
      event_type: event.payload.type,
    };
    this.#sink({ code, severity: "warning", ...place, ids, message });
  }
}

function after(seq: Integer): Integer {
  if (typeof seq === "bigint") return seq + 1n;
  return seq === Number.MAX_SAFE_INTEGER ? BigInt(seq) + 1n : seq + 1;
}

/** Numbers and bigints of the same value are the same. */
function same(a: Integer, b: Integer): boolean {
  return !(a < b) && !(b < a);
}

function preceding(seq: Integer): Integer {
  return typeof seq === "bigint" ? seq - 1n : seq - 1;
}

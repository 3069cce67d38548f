/**
 * The final check of a payload in a shard: that its record is what its reference claims.
 *
 * @module
 */

import { decodeUtf8 } from "../byte_buffer.ts";
import type { JsonReader } from "../json_reader.ts";
import {
  checkJson,
  exceeded,
  overLimit,
  parsing,
  type StorageContext,
} from "./payload_storage.ts";
import { PayloadError, type PayloadLocation } from "../../errors.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import { PrefixComparer } from "../request/common_prefix.ts";

/** Checks records, without the parts of their payloads. */
export class RecordCheck {
  readonly #json: JsonReader;
  readonly #maxBytes: number;
  readonly #skeletons: SkeletonCheck = new SkeletonCheck();

  /** Parses with the JSON reader of `context`, within its limits. */
  constructor({ json, limits }: Pick<StorageContext, "json" | "limits">) {
    this.#json = json;
    this.#maxBytes = limits.payload;
  }

  /**
   * Checks a record.
   *
   * @returns Whether the record is sufficient. If not, the complete text must be checked.
   * @throws {PayloadError} If the record contradicts the reference, is longer than a payload may
   * be, or is not JSON.
   */
  verify(
    ref: RawPayloadRef,
    place: PayloadLocation,
    data: Uint8Array,
  ): boolean {
    const { capture, parts } = ref;
    if (capture !== undefined) {
      checkCapture(capture, place, data);
      return true;
    }
    if (data.length > this.#maxBytes) {
      const max = this.#maxBytes;
      const fault = exceeded("payload", max, "has more bytes than", place);
      throw overLimit(place, fault);
    }
    if (parts !== undefined && this.#skeletons.knows(data, parts.length)) {
      return true;
    }
    const text = { text: () => decodeUtf8(data) };
    return parsing(place, text, () => {
      if (parts !== undefined) {
        const fragments = readFragments(
          place,
          text.text(),
          parts.length,
          this.#json,
        );
        return this.#skeletons.isJson(fragments, data);
      }
      checkJson(text.text(), this.#json);
      return true;
    });
  }
}

function checkCapture(
  capture: NonNullable<RawPayloadRef["capture"]>,
  place: PayloadLocation,
  data: Uint8Array,
): void {
  if (capture.status === "omitted") {
    throw new PayloadError(
      "payload_capture_mismatch",
      place,
      "was omitted, although its reference names a shard",
    );
  }
  const { original_bytes, retained_bytes } = capture;
  const isRight = BigInt(retained_bytes) === BigInt(data.length) &&
    retained_bytes < original_bytes;
  if (isRight) return;
  throw new PayloadError(
    "payload_capture_mismatch",
    place,
    `has ${data.length} bytes, and its reference names ${retained_bytes} of ${original_bytes}`,
  );
}

/**
 * Reads the fragments of a record.
 *
 * @param parts How many parts the payload has; there is one fragment more.
 * @throws {SyntaxError} If the record is not JSON.
 * @throws {PayloadError} If it is no list of so many strings.
 */
export function readFragments(
  place: PayloadLocation,
  text: string,
  parts: number,
  json: JsonReader,
): readonly string[] {
  const value = json.parse(text);
  const fragments = Array.isArray(value)
    ? value.filter((each) => typeof each === "string")
    : [];
  const isRight = Array.isArray(value) && value.length === parts + 1 &&
    fragments.length === value.length;
  if (isRight) return fragments;
  throw new PayloadError(
    "payload_not_json",
    place,
    `is no list of the ${parts + 1} texts around its ${parts} parts`,
  );
}

/** A value whose quotes would end a string around it, and that is no key. */
const PLACEHOLDER = '[""]';

/** The fragments with a placeholder for each part. */
function skeletonOf(fragments: readonly string[]): string {
  return fragments.join(PLACEHOLDER);
}

/** A fragment that is a comma, with the comma before it, as recorders write it. */
const COMMA = ',","';

const encoder = new TextEncoder();

/** The record of a plain list: commas between its parts, and bytes around. */
interface PlainList {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** Checks fragments, and remembers the last ones that were a plain list. */
class SkeletonCheck {
  readonly #comparer: PrefixComparer = new PrefixComparer();
  #last: PlainList | undefined;
  #commas = encoder.encode(COMMA);

  /**
   * Whether a record is known to be JSON around its parts: one that differs from the last list
   * in the number of its parts only, as the prompts of a session nearly always do.
   */
  knows(record: Uint8Array, parts: number): boolean {
    if (this.#last === undefined || parts < 2) return false;
    const { head, tail } = this.#last;
    const tailStart = head.length + COMMA.length * (parts - 1);
    return record.length === tailStart + tail.length &&
      this.#comparer.hasAt(record, 0, head) &&
      this.#comparer.hasAt(record, tailStart, tail) &&
      this.#comparer.hasAt(record, head.length, this.#commasOf(parts - 1));
  }

  /** Whether fragments are JSON; where they are not, it depends on the parts. */
  isJson(fragments: readonly string[], record: Uint8Array): boolean {
    try {
      JSON.parse(skeletonOf(fragments));
    } catch {
      return false;
    }
    this.#remember(fragments, record);
    return true;
  }

  #remember(fragments: readonly string[], record: Uint8Array): void {
    const parts = fragments.length - 1;
    if (parts < 2) return;
    const head = encoder.encode(`[${JSON.stringify(fragments[0])}`);
    const tailStart = head.length + COMMA.length * (parts - 1);
    const isPlain = tailStart < record.length &&
      this.#comparer.hasAt(record, 0, head) &&
      this.#comparer.hasAt(record, head.length, this.#commasOf(parts - 1)) &&
      fragments.slice(1, -1).every((fragment) => fragment === ",");
    if (isPlain) this.#last = { head, tail: record.slice(tailStart) };
  }

  /** As many commas as bytes: to compare them at once is faster than to read each byte. */
  #commasOf(count: number): Uint8Array {
    const length = COMMA.length * count;
    if (length > this.#commas.length) {
      this.#commas = encoder.encode(COMMA.repeat(2 * count));
    }
    return this.#commas.subarray(0, length);
  }
}

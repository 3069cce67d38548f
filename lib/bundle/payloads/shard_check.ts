/**
 * The final check of a payload in a shard: that its record is what its reference claims.
 *
 * @module
 */

import { PayloadError, type PayloadLocation } from "../../errors.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import { decodeUtf8 } from "../byte_buffer.ts";
import type { JsonReader } from "../json_reader.ts";
import { readFragments } from "./part_fragments.ts";
import type { StorageContext } from "./payload_storage.ts";
import { SkeletonCheck } from "./skeleton_check.ts";
import { checkJson, exceeded, overLimit, parsing } from "./payload_text.ts";

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
   * @returns Whether that settles it; where not, the whole text has to be checked.
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

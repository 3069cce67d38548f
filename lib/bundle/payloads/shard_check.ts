/**
 * The final check of a payload in a shard: that its record is what its reference claims.
 *
 * @module
 */

import { PayloadError, type PayloadPlace } from "../../errors.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import { decodeUtf8 } from "../byte_buffer.ts";
import type { JsonReader } from "../json_reader.ts";
import { readFragments, skeletonOf } from "./part_fragments.ts";
import type { StorageContext } from "./payload_storage.ts";
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
  verify(ref: RawPayloadRef, place: PayloadPlace, data: Uint8Array): boolean {
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
    const text = { text: () => decodeUtf8(data) };
    return parsing(place, text, () => {
      if (parts !== undefined) {
        return this.#skeletons.isJson(
          readFragments(place, text.text(), parts.length, this.#json),
        );
      }
      checkJson(text.text(), this.#json);
      return true;
    });
  }
}

function checkCapture(
  capture: NonNullable<RawPayloadRef["capture"]>,
  place: PayloadPlace,
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
 * Checks the fragments of payloads with a placeholder for each part.
 *
 * Every part is one JSON value, which is checked with the part. So the whole text is JSON where
 * the fragments are JSON around a placeholder that is a value and cannot be inside a string.
 */
class SkeletonCheck {
  /** The fragments around a list that was found to be JSON last. */
  #around: { readonly first: string; readonly last: string } | undefined;

  /** Whether the fragments are JSON; no answer to what the parts would change if they are not. */
  isJson(fragments: readonly string[]): boolean {
    const first = fragments[0] ?? "";
    const last = fragments.at(-1) ?? "";
    const isList = fragments.length > 2 && isPlainList(fragments);
    // The prompts of a session differ in the length of their list only, nearly always.
    const known = this.#around;
    if (isList && known?.first === first && known.last === last) return true;
    try {
      JSON.parse(skeletonOf(fragments));
    } catch {
      return false;
    }
    if (isList) this.#around = { first, last };
    return true;
  }
}

/** Whether only commas are between the parts. */
function isPlainList(fragments: readonly string[]): boolean {
  for (let i = fragments.length - 2; i > 0; i--) {
    if (fragments[i] !== ",") return false;
  }
  return true;
}

/**
 * Composes payloads from their parts.
 *
 * A marker, an object with the id of the part, replaces a truncated or omitted part. The text never
 * exceeds the limit of a payload: each fragment is measured before it is copied.
 *
 * @module
 */

import type { PayloadLocation } from "../../errors.ts";
import { PAYLOADS_DIR } from "../../format/manifest.ts";
import { isMissing, type RawPayloadRef } from "../../format/payload.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { ByteBuffer, decodeUtf8 } from "../byte_buffer.ts";
import { shardFile } from "../shard/shard_records.ts";
import { readFragments } from "./record_check.ts";
import {
  checkJson,
  exceeded,
  overLimit,
  parsing,
  type StorageContext,
} from "./payload_storage.ts";

const encoder = new TextEncoder();

/** Composes texts in one buffer. */
export class PartComposer {
  readonly #context: StorageContext;
  readonly #recordOf: (ref: RawPayloadRef) => Uint8Array;
  readonly #text: ByteBuffer = new ByteBuffer();
  /** Sizes of composed texts and of parts, by id. */
  readonly #sizes: Map<string, number> = new Map();

  /** `recordOf` reads the record of a payload; it need be valid until the next call only. */
  constructor(
    context: StorageContext,
    recordOf: (ref: RawPayloadRef) => Uint8Array,
  ) {
    this.#context = context;
    this.#recordOf = recordOf;
  }

  /**
   * The text of a payload that has parts. Valid until the next one is put together.
   *
   * @throws {PayloadError} If a record is missing or malformed, or the text is too long.
   */
  compose(ref: RawPayloadRef): Uint8Array {
    this.#text.length = 0;
    this.#append(ref, ref);
    return this.#text.from(0);
  }

  /**
   * Returns how many bytes {@linkcode compose} returns. Each record is read once: the texts of a
   * session repeat their parts, which are in as many shards as it has.
   *
   * @throws What {@linkcode compose} throws.
   */
  sizeOf(ref: RawPayloadRef): number {
    if (isMissing(ref)) return unavailable(ref).length;
    const { raw_payload_id: id, parts } = ref;
    const known = this.#sizes.get(id);
    if (known !== undefined) return known;
    const record = this.#recordOf(ref);
    let size = record.length;
    if (parts !== undefined) {
      size = 0;
      for (const fragment of this.#fragments(ref, record, parts.length)) {
        size += utf8Length(fragment);
      }
      for (const part of parts) size += this.sizeOf(part);
    }
    this.#requireSize(ref, size);
    this.#sizes.set(id, size);
    return size;
  }

  /**
   * Checks that the text of a payload with parts is one JSON value.
   *
   * @throws {PayloadError} If it is not.
   */
  verify(ref: RawPayloadRef, place: PayloadLocation): void {
    this.compose(ref);
    parsing(place, this.#text, () => {
      checkJson(this.#text.text(), this.#context.json);
    });
  }

  /** Appends the text of `ref`, which is `root` or a part of it at any depth. */
  #append(root: RawPayloadRef, ref: RawPayloadRef): void {
    if (isMissing(ref)) {
      this.#write(root, unavailable(ref));
      return;
    }
    const record = this.#recordOf(ref);
    const { parts } = ref;
    if (parts === undefined) return this.#write(root, record);
    const fragments = this.#fragments(ref, record, parts.length);
    fragments.forEach((fragment, index) => {
      this.#write(root, encoder.encode(fragment));
      const part = parts[index];
      if (part !== undefined) this.#append(root, part);
    });
  }

  #fragments(
    ref: RawPayloadRef,
    record: Uint8Array,
    parts: number,
  ): readonly string[] {
    const place = placeOf(ref);
    const text = { text: () => decodeUtf8(record) };
    return parsing(
      place,
      text,
      () => readFragments(place, text.text(), parts, this.#context.json),
    );
  }

  #write(root: RawPayloadRef, bytes: Uint8Array): void {
    this.#requireSize(root, this.#text.length + bytes.length);
    this.#text.replaceFrom(this.#text.length, bytes);
  }

  #requireSize(root: RawPayloadRef, size: number): void {
    const { payload: max } = this.#context.limits;
    if (size <= max) return;
    const place = placeOf(root);
    const fault = exceeded("payload", max, "has more bytes than", place);
    throw overLimit(place, fault);
  }
}

/** What replaces a part that was not recorded completely. */
function unavailable({ raw_payload_id: id }: RawPayloadRef): Uint8Array {
  return encoder.encode(`{"$trace_unavailable":${JSON.stringify(id)}}`);
}

function placeOf({ raw_payload_id, shard }: RawPayloadRef): PayloadLocation {
  const path = shard === undefined || shard === null
    ? PAYLOADS_DIR
    : shardFile(shard);
  return { raw_payload_id, path };
}

/**
 * The records of a shard: their ids, and where their data is.
 *
 * @module
 */

import { decompressShard, type ShardContent } from "./decompress_shard.ts";
import { ShardError } from "./shard_error.ts";
import { quote } from "../../errors.ts";
import type { Integer } from "../../format/vocabulary.ts";

/** Bytes before an id: its length (u16) and the length of the data (u64), little endian. */
export const RECORD_HEADER = 10;

// A byte order mark belongs to the id.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The records of one shard, found by id. Their data is neither copied nor read. */
export class ShardRecords {
  /** The content of the shard. */
  readonly bytes: Uint8Array;
  /** Whether the shard is complete. */
  readonly isSealed: boolean;
  readonly #places: ReadonlyMap<string, RecordPlace>;

  /**
   * Finds the records. A truncated record at the end of an open shard is ignored.
   *
   * @param maxRecords How many records there may be: each takes some hundred bytes of memory.
   * @throws {ShardError} If there are more, if a sealed shard ends inside a record, if an id is
   * not UTF-8, or if two records have the same id.
   */
  constructor({ bytes, isSealed }: ShardContent, maxRecords = Infinity) {
    this.bytes = bytes;
    this.isSealed = isSealed;
    this.#places = findRecords(bytes, isSealed, maxRecords);
  }

  /** How many records there are. */
  get size(): number {
    return this.#places.size;
  }

  /**
   * The data of a record, which is a part of {@linkcode bytes}; `undefined` when the shard has
   * no such record.
   */
  find(id: string): Uint8Array | undefined {
    const place = this.#places.get(id);
    return place && this.bytes.subarray(place.data, place.end);
  }

  /** The ids, in the order of the records. */
  ids(): IterableIterator<string> {
    return this.#places.keys();
  }
}

/**
 * Reads a shard file.
 *
 * @param file The complete file. It may be released when this returns.
 * @param maxBytes How many bytes the content may have.
 * @throws {ShardError} If the file is malformed, or if the content goes beyond `maxBytes`.
 */
export function readShard(file: Uint8Array, maxBytes: number): ShardRecords {
  return new ShardRecords(decompressShard(file, maxBytes));
}

/** Positions in the content. */
interface RecordPlace {
  /** Where the id starts. */
  readonly id: number;
  /** Where the data starts, and the id ends. */
  readonly data: number;
  /** Where the data ends. */
  readonly end: number;
}

function findRecords(
  bytes: Uint8Array,
  isSealed: boolean,
  maxRecords: number,
): Map<string, RecordPlace> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const places = new Map<string, RecordPlace>();
  for (let at = 0; at < bytes.length;) {
    const place = placeOf(view, at);
    if (place === undefined) {
      if (!isSealed) break;
      throw new ShardError(
        "partial_record",
        "is sealed and ends inside a record",
      );
    }
    const id = decodeId(bytes.subarray(place.id, place.data));
    const count = places.size;
    if (count === maxRecords) {
      const message = `has more than ${maxRecords} records`;
      throw new ShardError("too_many_records", message);
    }
    places.set(id, place);
    if (places.size === count) throw duplicate(id);
    at = place.end;
  }
  return places;
}

/** The record that starts at `at`; `undefined` when the content ends inside it. */
function placeOf(view: DataView, at: number): RecordPlace | undefined {
  const id = at + RECORD_HEADER;
  if (id > view.byteLength) return undefined;
  const data = id + view.getUint16(at, true);
  // Above 2^53 the sum is not exact, but still larger than any content.
  const end = data + view.getUint32(at + 2, true) +
    view.getUint32(at + 6, true) * 2 ** 32;
  return end > view.byteLength ? undefined : { id, data, end };
}

function decodeId(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const message = "has an id that is not UTF-8";
    throw new ShardError("id_not_utf8", message, { cause });
  }
}

function duplicate(id: string): ShardError {
  return new ShardError(
    "duplicate_id",
    `has two records with the id ${quote(id)}`,
  );
}

const MIN_DIGITS = 6;

/**
 * The file of a shard, relative to the bundle: `payloads/000001.zst`.
 *
 * Only a number makes the name, so that no reference can name a file outside the bundle.
 *
 * @param shard The number of the shard, from 0 to 2^64 - 1.
 */
export function shardFile(shard: Integer): string {
  // A number above 2^53 would be printed with an exponent or rounded; a bigint is not.
  const digits = BigInt(shard).toString().padStart(MIN_DIGITS, "0");
  return `payloads/${digits}.zst`;
}

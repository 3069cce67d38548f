/**
 * The decompressed shards of a bundle that were used last, within bounded memory.
 *
 * @module
 */

import {
  LimitError,
  PayloadError,
  type PayloadLocation,
} from "../../errors.ts";
import type { Integer } from "../../format/vocabulary.ts";
import { ByteBuffer } from "../byte_buffer.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { ShardDecompressor } from "../shard/decompress_shard.ts";
import { ShardError } from "../shard/shard_error.ts";
import { shardFile, ShardRecords } from "../shard/shard_records.ts";
import { PayloadPaths } from "./payload_paths.ts";
import type { StorageContext } from "./payload_storage.ts";

/** A recorder begins a new shard after so many bytes. */
const DEFAULT_SHARD_BYTES = 8 * 1024 * 1024;
/**
 * Most bytes that other shards keep when one is read: small ones. Reads lead from one shard to the
 * next, so most often the last one is not needed any more, and its memory serves the next.
 */
const MAX_KEPT_BYTES = DEFAULT_SHARD_BYTES / 2;
/** The same after a shard was needed again: a usual one, and small ones with its pictures. */
const MAX_KEPT_BYTES_AGAIN = DEFAULT_SHARD_BYTES;

/** Reads shards and keeps the last ones. */
export class ShardCache {
  readonly #context: StorageContext;
  readonly #paths: PayloadPaths;
  readonly #onEvict: (shard: string, records: ShardRecords) => void;
  /** By number, the one used last at the end. */
  readonly #shards: Map<string, ShardRecords> = new Map();
  /** Why shards cannot be decompressed, and of which size they were then. */
  readonly #broken: Map<string, { size: number; cause: ShardError }> =
    new Map();
  #bytes = 0;
  readonly #evicted: Set<string> = new Set();
  #maxKept = MAX_KEPT_BYTES;
  readonly #decompressor: ShardDecompressor;
  readonly #compressed: ByteBuffer = new ByteBuffer();

  /**
   * Reads nothing yet.
   *
   * @param onEvict Called with every shard before it is evicted.
   * @param before Read the same shards, which have grown, and is not used any more.
   */
  constructor(
    context: StorageContext,
    onEvict: (shard: string, records: ShardRecords) => void,
    before?: ShardCache,
  ) {
    this.#context = context;
    this.#decompressor = before === undefined
      ? new ShardDecompressor(undefined, context.isGrowing)
      : before.#release();
    this.#paths = new PayloadPaths(context.files);
    this.#onEvict = onEvict;
  }

  /**
   * The records of a shard. Valid until the next shard is read.
   *
   * @param id The payload that is looked for, named in faults.
   * @throws {PayloadError} If the shard cannot be read.
   */
  read(shard: Integer, id: string): ShardRecords {
    const key = String(shard);
    const known = this.#shards.get(key);
    if (known !== undefined) {
      this.#shards.delete(key);
      this.#shards.set(key, known);
      return known;
    }
    if (this.#evicted.has(key)) this.#maxKept = MAX_KEPT_BYTES_AGAIN;
    this.#shrinkTo(this.#maxKept);
    const records = this.#load({ raw_payload_id: id, path: shardFile(shard) });
    this.#shards.set(key, records);
    this.#bytes += records.bytes.length;
    return records;
  }

  /** Evicts every shard. */
  clear(): void {
    for (const [key, records] of this.#shards) this.#evict(key, records);
  }

  /** Forgets every shard, and returns what may decompress into its memory. */
  #release(): ShardDecompressor {
    for (const { bytes } of this.#shards.values()) {
      this.#decompressor.release(bytes);
    }
    this.#shards.clear();
    return this.#decompressor;
  }

  /** {@inheritDoc PayloadPaths.checkFolders} */
  checkFolders(): void {
    this.#paths.checkFolders();
  }

  #shrinkTo(max: number): void {
    for (const [key, records] of this.#shards) {
      if (this.#bytes <= max) return;
      this.#evict(key, records);
    }
  }

  #evict(key: string, records: ShardRecords): void {
    this.#shards.delete(key);
    this.#evicted.add(key);
    this.#bytes -= records.bytes.length;
    this.#onEvict(key, records);
    this.#decompressor.release(records.bytes);
  }

  #load(place: PayloadLocation): ShardRecords {
    const { limits, budget } = this.#context;
    this.#readFile(place);
    const file = this.#compressed.from(0);
    // To find it out again may take as long as it did, for each of its payloads.
    const broken = this.#broken.get(place.path);
    if (broken !== undefined && broken.size === file.length) {
      throw faultOf(place, broken.cause, limits.shard);
    }
    try {
      const content = this.#decompressor.decompress(file, limits.shard);
      budget.spend(content.bytes.length, place.path);
      return new ShardRecords(content, maxRecordsOf(limits));
    } catch (cause) {
      if (cause instanceof ShardError) {
        this.#broken.set(place.path, { size: file.length, cause });
      }
      throw faultOf(place, cause, limits.shard);
    }
  }

  #readFile(place: PayloadLocation): void {
    const { limits } = this.#context;
    using opened = this.#paths.open(place);
    let isComplete: boolean;
    try {
      isComplete = opened.size <= limits.shard &&
        this.#compressed.fill(opened.source, limits.shard);
    } catch (cause) {
      throw new PayloadError("payload_unreadable", place, "cannot be read", {
        cause,
      });
    }
    if (!isComplete) throw overLimit(place, limits.shard);
  }
}

/** Records that nothing names are no payloads, so a low limit on these does not count them. */
export function maxRecordsOf({ payloads }: Limits): number {
  return Math.max(payloads, DEFAULT_LIMITS.payloads);
}

function faultOf(
  place: PayloadLocation,
  cause: unknown,
  allowed: number,
): unknown {
  if (cause instanceof LimitError) {
    return new PayloadError("payload_over_limit", place, cause.reason, {
      cause,
    });
  }
  if (!(cause instanceof ShardError)) return cause;
  if (cause.code === "over_limit") return overLimit(place, allowed);
  if (cause.code === "too_many_records") {
    return new PayloadError(
      "payload_over_limit",
      place,
      `is in a shard that ${cause.message}, the limit payloads`,
      { cause },
    );
  }
  const reason = `is in a shard that ${cause.message}`;
  return new PayloadError("shard_malformed", place, reason, { cause });
}

function overLimit(place: PayloadLocation, allowed: number): PayloadError {
  const what = "is in a shard that has more bytes than";
  const { path: file } = place;
  const cause = new LimitError("shard", allowed, what, { file });
  return new PayloadError("payload_over_limit", place, cause.reason, { cause });
}

/**
 * Writes records into shards: which shard, and what remains readable when a write fails.
 *
 * @module
 */

import { concatBytes } from "../../byte_buffer.ts";
import { ShardEncoder } from "../../shard/shard_encoder.ts";
import { shardFile } from "../../shard/shard_records.ts";
import { MAX_BLOCK } from "../../shard/zstd/frames.ts";
import { attempt, type BundleStore, type ByteBudget } from "../store.ts";

/** A payload on its way to a shard. */
export interface ShardRecord {
  /** Id of the payload. */
  readonly id: string;
  /** Its data. */
  readonly data: Uint8Array;
  /** Whether it is a content value; these never share a shard with others. */
  readonly isContentValue: boolean;
}

/** A shard that takes records. */
interface OpenShard {
  readonly number: number;
  readonly encoder: ShardEncoder;
  readonly isContentValue: boolean;
  /** Bytes of its content that are written. */
  writtenContent: number;
  /** Bytes that the rest takes in the file, at most. */
  pending: number;
  /** Bytes of the complete records of the file; 0 while there is no file. */
  length: number;
  /** Whether the file may have bytes after them. */
  isTorn: boolean;
}

/** A shard that takes no more records, and whose last bytes are not written yet. */
interface UnsealedShard {
  readonly number: number;
  readonly seal: Uint8Array;
  readonly length: number;
  isTorn: boolean;
}

/** Bytes of a record beyond its data, at most; its id has less than 32. */
const MAX_RECORD_OVERHEAD = 42;
/** Bytes of a frame beyond its blocks: the header, the last block, the checksum. */
const FRAME_OVERHEAD = 13;
/** Bytes that complete a frame. */
const SEAL_LENGTH = 7;
const BLOCK_HEADER = 3;
const FRAME_HEADER = FRAME_OVERHEAD - SEAL_LENGTH;

/**
 * Writes the shards of one bundle.
 *
 * A shard whose write failed is truncated to its complete records. If that fails too, or its last
 * bytes cannot be written, no record is taken until it can be completed: a strict reader refuses a
 * bundle in which any shard but the last is incomplete.
 */
export class ShardWriter {
  readonly #store: BundleStore;
  readonly #budget: ByteBudget;
  #count = 0;
  #open: OpenShard | undefined;
  #unsealed: UnsealedShard[] = [];

  /** Counts what it writes in `budget`. */
  constructor(store: BundleStore, budget: ByteBudget) {
    this.#store = store;
    this.#budget = budget;
  }

  /**
   * Writes a record, which is with the operating system when this returns.
   *
   * @returns The number of its shard; `undefined` when the limit of the bundle has no room for it.
   * @throws {Error} If the store throws, or an earlier shard cannot be completed. No file then has
   * a half of the record before others.
   */
  append(record: ShardRecord): number | undefined {
    const number = this.add(record);
    this.flush();
    return number;
  }

  /**
   * Adds a record, which the next {@linkcode flush} writes together with others: a payload of many
   * parts is one write.
   *
   * @returns As {@linkcode append}.
   * @throws {Error} As {@linkcode flush}.
   */
  add(record: ShardRecord): number | undefined {
    const { data, isContentValue } = record;
    if (this.#open !== undefined && !takes(this.#open, record)) this.#close();
    // A record as it is, because the size of a compressed one is not known before.
    const size = rawSize(data.length);
    if (!this.#hasRoom(size)) {
      // Compressed, the shard takes less; what is longer than what is gained then has the chance
      // to be short enough when it is compressed alone.
      this.#close();
      if (!this.#hasRoom(size)) return this.#appendAlone(record);
    }
    if (this.#open?.isTorn === true) this.#repair(this.#open);
    return this.#open === undefined
      ? this.#begin(record, isContentValue)
      : this.#extend(this.#open, record);
  }

  /**
   * Writes the records that were added, which are with the operating system when this returns.
   *
   * @throws {Error} If the store throws. None of the records that were added since the last write is
   * in the bundle then.
   */
  flush(): void {
    const shard = this.#open;
    if (shard === undefined || shard.pending === 0) return;
    const bytes = shard.encoder.bytesFrom(shard.writtenContent);
    const file = shardFile(shard.number);
    const isNew = shard.length === 0;
    try {
      if (isNew) this.#store.createFile(file, bytes);
      else this.#store.append(file, bytes);
    } catch (error) {
      this.#forgetPending(shard);
      if (isNew) this.#open = undefined;
      else {
        shard.isTorn = true;
        // When this fails as well, the next record tries again, or begins another shard.
        attempt(() => this.#cut(shard));
      }
      throw error;
    }
    this.#budget.add(bytes.length - shard.pending);
    shard.pending = 0;
    shard.writtenContent = shard.encoder.length;
    shard.length += bytes.length;
  }

  /** Forgets the records that were added since the last write: what they belong to is not written. */
  discard(): void {
    const shard = this.#open;
    if (shard === undefined || shard.pending === 0) return;
    this.#forgetPending(shard);
    if (shard.length === 0) this.#open = undefined;
  }

  #forgetPending(shard: OpenShard): void {
    shard.encoder.truncate(shard.writtenContent);
    const seal = shard.length === 0 ? SEAL_LENGTH : 0;
    this.#budget.add(-shard.pending - seal);
    shard.pending = 0;
  }

  /**
   * Completes every shard. The next record begins another one.
   *
   * @throws {Error} If the store throws. What is not complete then is tried again next time.
   */
  seal(): void {
    this.#close();
    this.#requireSealed();
  }

  /** Completes every shard that takes no more records. */
  #requireSealed(): void {
    this.#sealAll();
    const [left] = this.#unsealed;
    if (left !== undefined) {
      throw new Error(`cannot complete "${shardFile(left.number)}"`);
    }
  }

  #hasRoom(size: number): boolean {
    const frame = this.#open === undefined ? FRAME_OVERHEAD : 0;
    return this.#budget.hasRoomForPayload(size + frame);
  }

  #begin({ id, data }: ShardRecord, isContentValue: boolean): number {
    this.#requireSealed();
    const number = ++this.#count;
    const encoder = new ShardEncoder();
    encoder.add(id, data);
    const pending = rawSize(data.length) + FRAME_HEADER;
    this.#budget.add(pending + SEAL_LENGTH);
    this.#open = {
      number,
      encoder,
      isContentValue,
      pending,
      writtenContent: 0,
      length: 0,
      isTorn: false,
    };
    return number;
  }

  #extend(shard: OpenShard, { id, data }: ShardRecord): number {
    shard.encoder.add(id, data);
    const size = rawSize(data.length);
    shard.pending += size;
    this.#budget.add(size);
    return shard.number;
  }

  /** A shard of its own, which is written only when it fits. */
  #appendAlone({ id, data }: ShardRecord): number | undefined {
    const encoder = new ShardEncoder();
    const open = encoder.append(id, data);
    const file = encoder.compressed() ?? concatBytes([open, encoder.seal()]);
    if (!this.#budget.hasRoomForPayload(file.length)) return undefined;
    this.#requireSealed();
    const number = ++this.#count;
    this.#store.createFile(shardFile(number), file);
    this.#budget.add(file.length);
    return number;
  }

  #repair(shard: OpenShard): void {
    if (!attempt(() => this.#cut(shard))) this.#leave(shard);
  }

  #cut(shard: OpenShard | UnsealedShard): void {
    this.#store.truncate(shardFile(shard.number), shard.length);
    shard.isTorn = false;
  }

  /** Takes no more records into the open shard, and completes it if that can be done. */
  #close(): void {
    this.flush();
    const shard = this.#open;
    if (shard === undefined) return;
    if (this.#completeLater(shard) || this.#replace(shard)) {
      this.#open = undefined;
    } else {
      this.#leave(shard);
      this.#sealAll();
    }
  }

  /** Has the store complete the shard, unless a limit asks how long it is then. */
  #completeLater({ number, encoder, isTorn }: OpenShard): boolean {
    const store = this.#store;
    if (!store.completeShard || isTorn || this.#budget.max !== Infinity) {
      return false;
    }
    // When the store throws here it has failed for good, and the content has no use any more.
    store.completeShard(shardFile(number), encoder.release());
    return true;
  }

  /** Puts a compressed and complete file in the place of the shard, where that saves space. */
  #replace({ number, encoder, length }: OpenShard): boolean {
    const { replaceFile } = this.#store;
    const file = replaceFile && encoder.compressed();
    if (file === undefined) return false;
    const isReplaced = attempt(() =>
      this.#store.replaceFile?.(shardFile(number), file)
    );
    if (isReplaced) this.#budget.add(file.length - length - SEAL_LENGTH);
    return isReplaced;
  }

  #leave({ number, encoder, length, isTorn }: OpenShard): void {
    this.#unsealed.push({ number, seal: encoder.seal(), length, isTorn });
    this.#open = undefined;
  }

  #sealAll(): void {
    this.#unsealed = this.#unsealed.filter((shard) =>
      !attempt(() => this.#seal(shard))
    );
  }

  #seal(shard: UnsealedShard): void {
    if (shard.isTorn) this.#cut(shard);
    shard.isTorn = true;
    this.#store.append(shardFile(shard.number), shard.seal);
  }
}

function takes(shard: OpenShard, record: ShardRecord): boolean {
  return shard.isContentValue === record.isContentValue &&
    shard.encoder.hasRoom(record.id, record.data);
}

/** Bytes that a record with so many bytes of data takes in a shard, at most. */
function rawSize(length: number): number {
  const content = length + MAX_RECORD_OVERHEAD;
  return content + BLOCK_HEADER * Math.ceil(content / MAX_BLOCK);
}

/**
 * Writes records into shards: which shard, and what remains readable when a write fails.
 *
 * @module
 */

import { concatBytes } from "../../byte_buffer.ts";
import { ShardEncoder } from "../../shard/shard_encoder.ts";
import { shardFile } from "../../shard/shard_records.ts";
import { MAX_BLOCK } from "../../shard/zstd/frames.ts";
import { AppendedFile } from "../appended_file.ts";
import type { BundleStore, ByteBudget } from "../store.ts";

/** A payload on its way to a shard. */
export interface ShardRecord {
  /** Id of the payload. */
  readonly id: string;
  /** Its data, which is copied. */
  readonly data: Uint8Array;
  /** Whether it is a content value; these never share a shard with others. */
  readonly isContentValue: boolean;
}

/** A shard that takes records. */
interface OpenShard {
  readonly file: AppendedFile;
  readonly number: number;
  readonly encoder: ShardEncoder;
  readonly isContentValue: boolean;
  /** Bytes that the records which were added take in the file, at most. */
  pending: number;
}

/** Bytes of a record beyond its data, at most; its id has less than 32. */
const MAX_RECORD_OVERHEAD = 42;
/** Bytes of a frame beyond its blocks: the header, the last block, the checksum. */
const FRAME_OVERHEAD = 13;
/** Bytes that complete a frame. */
const SEAL_LENGTH = 7;
const BLOCK_HEADER = 3;

/**
 * Writes the shards of one bundle.
 *
 * What was written of records that could not be written completely is removed before anything else
 * is written. No shard begins before the one before is complete: a strict reader refuses a bundle in
 * which any shard but the last is incomplete.
 */
export class ShardWriter {
  readonly #store: BundleStore;
  readonly #budget: ByteBudget;
  #count = 0;
  #open: OpenShard | undefined;
  /** Takes no more records, and lacks its last bytes. */
  #unsealed:
    | { readonly file: AppendedFile; readonly seal: Uint8Array }
    | undefined;

  /** Counts what it writes in `budget`. */
  constructor(store: BundleStore, budget: ByteBudget) {
    this.#store = store;
    this.#budget = budget;
  }

  /**
   * Adds a record, which the next {@linkcode flush} writes together with others: the payloads of an
   * event, with all their parts, are one write.
   *
   * @returns The number of its shard; `undefined` when the limit of the bundle has no room for it.
   * @throws {Error} If a shard before it cannot be completed.
   */
  add(record: ShardRecord): number | undefined {
    if (this.#open !== undefined && !takes(this.#open, record)) this.seal();
    // A record as it is, because the size of a compressed one is not known before.
    const size = rawSize(record.data.length);
    if (!this.#hasRoom(size)) {
      // What is added may be less than it was counted for. A record that is longer than what is left
      // has the chance to be short enough when it is compressed.
      this.seal();
      if (!this.#hasRoom(size)) return this.#addAlone(record);
    }
    const shard = this.#open ??= this.#begin(record.isContentValue);
    shard.encoder.add(record.id, record.data);
    shard.pending += size;
    this.#budget.add(size);
    return shard.number;
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
    const { encoder, file, pending } = shard;
    shard.pending = 0;
    let length = 0;
    try {
      const bytes = encoder.take();
      file.append(bytes);
      length = bytes.length;
    } catch (error) {
      encoder.forgetTaken();
      throw error;
    } finally {
      this.#budget.add(length - pending);
    }
  }

  /** Forgets the records that were added since the last write: what they belong to is not written. */
  discard(): void {
    const shard = this.#open;
    if (shard === undefined) return;
    shard.encoder.forgetAdded();
    this.#budget.add(-shard.pending);
    shard.pending = 0;
    if (!shard.file.exists) this.#forgetOpen();
  }

  /**
   * Completes every shard. The next record begins another one.
   *
   * @throws {Error} If the store throws. What is not complete then is tried again next time.
   */
  seal(): void {
    this.flush();
    if (this.#open?.file.exists === false) this.#forgetOpen();
    else if (this.#open !== undefined) {
      const { file, encoder } = this.#open;
      this.#unsealed = { file, seal: encoder.seal() };
      this.#open = undefined;
    }
    if (this.#unsealed === undefined) return;
    const { file, seal } = this.#unsealed;
    file.append(seal);
    this.#unsealed = undefined;
  }

  /** Forgets the open shard, which has no file. */
  #forgetOpen(): void {
    this.#open = undefined;
    this.#count -= 1;
    this.#budget.add(-SEAL_LENGTH);
  }

  #hasRoom(size: number): boolean {
    const frame = this.#open === undefined ? FRAME_OVERHEAD : 0;
    return this.#budget.hasRoomForPayload(size + frame);
  }

  #begin(isContentValue: boolean): OpenShard {
    this.seal();
    this.#budget.add(FRAME_OVERHEAD);
    const number = ++this.#count;
    return {
      file: new AppendedFile(this.#store, shardFile(number)),
      number,
      encoder: new ShardEncoder(),
      isContentValue,
      pending: FRAME_OVERHEAD - SEAL_LENGTH,
    };
  }

  /** A shard of its own, which is written only when it fits. */
  #addAlone({ id, data }: ShardRecord): number | undefined {
    const encoder = new ShardEncoder();
    encoder.add(id, data);
    const bytes = concatBytes([encoder.take(), encoder.seal()]);
    if (!this.#budget.hasRoomForPayload(bytes.length)) return undefined;
    this.#store.createFile(shardFile(this.#count + 1), bytes);
    this.#budget.add(bytes.length);
    return ++this.#count;
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

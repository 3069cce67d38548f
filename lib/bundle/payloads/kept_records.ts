/**
 * Small payloads, kept for what reads them again: records of shards, and files.
 *
 * The reducer and the questions about its graph read the same payloads. To read a record decompresses
 * the 8 MB of its shard; to read a file takes six calls of the system, which check that it is in the
 * bundle. Nearly all bytes are those of requests; the other payloads of a long session fit in here.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";

/** The records of a shard. */
export interface FoundRecords {
  /** The ids of all records. */
  ids(): Iterable<string>;
  /** The data of a record; `undefined` if there is none. */
  find(id: string): Uint8Array | undefined;
}

/** Longer payloads are requests. */
const MAX_RECORD_BYTES = 16 * 1024;
/** Most bytes that are kept. */
const MAX_BYTES = 8 * 1024 * 1024;
/** About the memory for the id and the place of a payload. */
const BYTES_PER_RECORD = 160;

/** Where the data of a record begins and ends. */
type Place = readonly [start: number, end: number];

const NONE: ReadonlyMap<string, Place> = new Map();
const NOTHING = new Uint8Array(0);

/** Keeps payloads until there is no more room. */
export class KeptRecords {
  readonly #shards: Map<string, ReadonlyMap<string, Place>> = new Map();
  /** Bytes of each file that was read, by its path. */
  readonly #sizes: Map<string, number> = new Map();
  /** Where the content of each file begins that is kept. */
  readonly #starts: Map<string, number> = new Map();
  readonly #maxBytes: number;
  #storage = NOTHING;
  #used = 0;
  #room: number;

  /** Keeps about `maxBytes` at most. */
  constructor(maxBytes: number = MAX_BYTES) {
    this.#maxBytes = maxBytes;
    this.#room = maxBytes;
  }

  /** Copies the small records of a shard: all of them, or none if these are too many. */
  keep(shard: string, records: FoundRecords): void {
    if (this.#shards.has(shard)) return;
    this.#shards.set(shard, NONE);
    const small: [id: string, data: Uint8Array][] = [];
    let needed = 0;
    for (const id of records.ids()) {
      const data = records.find(id);
      if (data === undefined || data.length > MAX_RECORD_BYTES) continue;
      needed += data.length + BYTES_PER_RECORD;
      if (needed > this.#room) return;
      small.push([id, data]);
    }
    this.#room -= needed;
    this.#shards.set(
      shard,
      new Map(small.map(([id, data]) => [id, this.#copy(data)])),
    );
  }

  /** Notes how many bytes a file has, and copies it if it is small and there is room. */
  keepFile(path: string, data: Uint8Array): void {
    if (this.#sizes.has(path)) return;
    this.#sizes.set(path, data.length);
    const needed = data.length + BYTES_PER_RECORD;
    if (data.length > MAX_RECORD_BYTES || needed > this.#room) return;
    this.#room -= needed;
    const [start] = this.#copy(data);
    this.#starts.set(path, start);
  }

  #copy(data: Uint8Array): Place {
    // All at once: memory is taken only for what is written.
    if (this.#used === 0) this.#storage = new Uint8Array(this.#maxBytes);
    const start = this.#used;
    this.#storage.set(data, start);
    return [start, this.#used += data.length];
  }

  /** The data of a record; `undefined` if it is not kept. */
  find(shard: Integer, id: string): Uint8Array | undefined {
    const place = this.#shards.get(String(shard))?.get(id);
    return place && this.#storage.subarray(...place);
  }

  /** The content of a file; `undefined` if it is not kept. */
  findFile(path: string): Uint8Array | undefined {
    const start = this.#starts.get(path);
    return start === undefined
      ? undefined
      : this.#storage.subarray(start, start + (this.#sizes.get(path) ?? 0));
  }

  /** How many bytes a file has; `undefined` if it was not read. */
  sizeOfFile(path: string): number | undefined {
    return this.#sizes.get(path);
  }
}

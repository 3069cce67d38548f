/**
 * The payloads of a generated bundle: a file each, or records of shards.
 *
 * @module
 */

import { join } from "@std/path";
import { ShardEncoder } from "../../../../lib/bundle/shard/shard_encoder.ts";
import { shardFile } from "../../../../lib/bundle/shard/shard_name.ts";
import type { RawPayloadRef } from "../../../../lib/format/payload.ts";
import { joined } from "../zstd_frames.ts";

/** Where a payload is stored, as its reference names it. */
export type PayloadPlace = Pick<RawPayloadRef, "path" | "shard">;

/** Writes payloads below the folder of a bundle. */
export interface PayloadWriter {
  /** Writes the n-th payload, counted from 1. */
  write(n: number, id: string, pieces: readonly Uint8Array[]): PayloadPlace;
  /** Writes what is left. */
  close(): void;
}

/** Writes each payload to a file of its own. */
export class FilePayloadWriter implements PayloadWriter {
  readonly #dir: string;

  /** Writes below `dir`, which has a folder for payloads. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** {@inheritDoc PayloadWriter.write} */
  write(
    n: number,
    _id: string,
    pieces: readonly Uint8Array[],
  ): PayloadPlace {
    const path = `payloads/${n}.json`;
    using file = Deno.openSync(join(this.#dir, path), {
      write: true,
      createNew: true,
    });
    for (const piece of pieces) writeAll(file, piece);
    return { path };
  }

  /** {@inheritDoc PayloadWriter.close} */
  close(): void {}
}

/** Writes payloads as records of sealed shards, which Codex fills one after the other. */
export class ShardPayloadWriter implements PayloadWriter {
  readonly #dir: string;
  #shard = 1;
  #encoder: ShardEncoder = new ShardEncoder();
  /** What an encoder returns for the end of an open file, for shards too small to compress. */
  #open: Uint8Array[] = [];

  /** Writes below `dir`, which has a folder for payloads. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** {@inheritDoc PayloadWriter.write} */
  write(
    _n: number,
    id: string,
    pieces: readonly Uint8Array[],
  ): PayloadPlace {
    const data = joined(pieces);
    if (!this.#encoder.hasRoom(id, data)) this.#finish();
    this.#open.push(this.#encoder.append(id, data));
    return { shard: this.#shard };
  }

  /** {@inheritDoc PayloadWriter.close} */
  close(): void {
    if (this.#open.length > 0) this.#finish();
  }

  #finish(): void {
    const bytes = this.#encoder.compressed() ??
      joined([...this.#open, this.#encoder.seal()]);
    const path = join(this.#dir, shardFile(this.#shard));
    Deno.writeFileSync(path, bytes, { createNew: true });
    this.#shard++;
    this.#encoder = new ShardEncoder();
    this.#open = [];
  }
}

/** Writes all of `bytes`. */
export function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
}

/**
 * Payload shards of schema 3, written for tests without any code of the library.
 *
 * @module
 */

import { join } from "@std/path";
import {
  type FrameForm,
  joined,
  skippableFrame,
  unpackFrames,
  zstdFrame,
} from "./zstd_frames.ts";

/** One record of a shard; text means its UTF-8 bytes. */
export interface ShardRecord {
  /** The id of the payload. */
  id: string | Uint8Array;
  /** The data of the payload. */
  data: string | Uint8Array;
}

/** The form of a shard file. */
export interface ShardForm extends FrameForm {
  /** False for an open shard, whose last frame does not end; true by default. */
  sealed?: boolean;
  /** How many frames the content is spread over, cut anywhere; 1 by default. */
  frames?: number;
  /** True for frames between the others that decoders skip; false by default. */
  skippable?: boolean;
  /** Bytes of content behind the last record, such as a part of a record. */
  tail?: Uint8Array;
}

/** The number of a shard: an integer of 64 bits without sign. */
export type ShardNumber = number | bigint | string;

const encoder = new TextEncoder();

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? encoder.encode(value) : value;
}

/** The file of a shard, relative to the bundle. */
export function shardPath(shard: ShardNumber): string {
  return `payloads/${String(shard).padStart(6, "0")}.zst`;
}

/** The decompressed content of a shard. */
export function shardContent(records: Iterable<ShardRecord>): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const record of records) {
    const [id, data] = [bytesOf(record.id), bytesOf(record.data)];
    const lengths = new DataView(new ArrayBuffer(10));
    lengths.setUint16(0, id.length, true);
    lengths.setBigUint64(2, BigInt(data.length), true);
    pieces.push(new Uint8Array(lengths.buffer), id, data);
  }
  return joined(pieces);
}

/** The file of a shard with these records. */
export function shardBytes(
  records: Iterable<ShardRecord>,
  form: ShardForm = {},
): Uint8Array {
  const content = joined([
    shardContent(records),
    form.tail ?? new Uint8Array(),
  ]);
  const count = form.frames ?? 1;
  const frames: Uint8Array[] = [];
  for (let n = 0; n < count; n++) {
    const from = Math.floor((content.length * n) / count);
    const to = Math.floor((content.length * (n + 1)) / count);
    const ended = n < count - 1 || form.sealed !== false;
    frames.push(zstdFrame(content.subarray(from, to), { ...form, ended }));
    if (form.skippable === true && ended) {
      frames.push(skippableFrame(encoder.encode("skipped")));
    }
  }
  return joined(frames);
}

/** Writes shards below the bundle in `dir`, by their numbers. */
export function writeShards(
  dir: string,
  shards: Iterable<readonly [ShardNumber, readonly ShardRecord[], ShardForm?]>,
): void {
  Deno.mkdirSync(join(dir, "payloads"), { recursive: true });
  for (const [number, records, form] of shards) {
    const bytes = shardBytes(records, form);
    Deno.writeFileSync(join(dir, shardPath(number)), bytes);
  }
}

/** The records of a shard file, a record that is truncated left out. */
export function readShard(
  bytes: Uint8Array,
): { records: { id: string; data: Uint8Array }[]; sealed: boolean } {
  const { content, sealed } = unpackFrames(bytes);
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const records: { id: string; data: Uint8Array }[] = [];
  for (let at = 0; at + 10 <= content.length;) {
    const idLength = view.getUint16(at, true);
    const dataLength = Number(view.getBigUint64(at + 2, true));
    const idEnd = at + 10 + idLength;
    if (idEnd + dataLength > content.length) break;
    records.push({
      id: new TextDecoder().decode(content.subarray(at + 10, idEnd)),
      data: content.slice(idEnd, idEnd + dataLength),
    });
    at = idEnd + dataLength;
  }
  return { records, sealed };
}

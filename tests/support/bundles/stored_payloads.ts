/**
 * The payloads of a recorded bundle, read without our reader: from files or from shards.
 *
 * @module
 */

import type { RawPayloadRef } from "../../../lib/format/payload.ts";
import { readShard, shardPath } from "./shards.ts";

/** Whether a value of an event is a payload reference. */
export function isPayloadRef(value: unknown): value is RawPayloadRef {
  return typeof value === "object" && value !== null &&
    "raw_payload_id" in value;
}

/** Reads payloads by their references. */
export class StoredPayloads {
  readonly #read: (name: string) => Uint8Array | undefined;
  readonly #shards = new Map<number, Map<string, Uint8Array>>();

  /** `read` returns a file of the bundle. */
  constructor(read: (name: string) => Uint8Array | undefined) {
    this.#read = read;
  }

  /** The complete text of a payload, that of its parts included. */
  text(ref: RawPayloadRef): string {
    const data = this.data(ref);
    if (ref.parts === undefined) return data;
    const [first, ...others]: string[] = JSON.parse(data);
    const texts = ref.parts.map((part, i) => this.text(part) + others[i]);
    return first + texts.join("");
  }

  /** What is stored under the id of a payload; its fragments when it has parts. */
  data(ref: RawPayloadRef): string {
    const bytes = ref.path === undefined
      ? this.records(Number(ref.shard)).get(ref.raw_payload_id)
      : this.#read(ref.path);
    if (bytes === undefined) {
      throw new Error(`${ref.raw_payload_id} is missing`);
    }
    return new TextDecoder().decode(bytes);
  }

  /** The records of a shard, in their order. */
  records(shard: number): ReadonlyMap<string, Uint8Array> {
    const file = this.#read(shardPath(shard));
    if (file === undefined) throw new Error(`shard ${shard} is missing`);
    const known = this.#shards.get(shard) ??
      new Map(readShard(file).records.map(({ id, data }) => [id, data]));
    this.#shards.set(shard, known);
    return known;
  }
}

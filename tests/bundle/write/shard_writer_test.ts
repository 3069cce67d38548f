/**
 * Records on their way to shards: which shard takes them, and what remains when a write fails.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { ShardEncoder } from "../../../lib/bundle/shard/shard_encoder.ts";
import { readShard } from "../../../lib/bundle/shard/shard_records.ts";
import {
  type BundleStore,
  ByteBudget,
  MemoryStore,
} from "../../../lib/bundle/write/store.ts";
import { ShardWriter } from "../../../lib/bundle/write/shards/shard_writer.ts";

const MIB = 1024 * 1024;

/** A store whose next operations can be made to fail, appends after half of them. */
class BreakableStore extends MemoryStore {
  /** Names of the operations that fail, each once for every time that it is in the list. */
  broken: string[] = [];
  /** Operations that were done, failed ones too. */
  done: string[] = [];

  override createFile(name: string, content: Uint8Array): void {
    this.#look("create");
    super.createFile(name, content);
  }

  override replaceFile(name: string, content: Uint8Array): void {
    this.#look("replace");
    super.replaceFile(name, content);
  }

  override append(name: string, content: Uint8Array): void {
    this.#look("append", () => {
      super.append(name, content.subarray(0, content.length / 2));
    });
    super.append(name, content);
  }

  override truncate(name: string, length: number): void {
    this.#look("truncate");
    super.truncate(name, length);
  }

  #look(operation: string, damage: () => void = () => {}): void {
    this.done.push(operation);
    const at = this.broken.indexOf(operation);
    if (at < 0) return;
    this.broken.splice(at, 1);
    damage();
    throw new Error(`${operation} failed`);
  }
}

/** A writer into memory, which numbers its records. */
function shards(store: BundleStore = new MemoryStore()) {
  const writer = new ShardWriter(store, new ByteBudget());
  let count = 0;
  const append = (content: string | number, isContentValue = false) => {
    const data = typeof content === "string"
      ? new TextEncoder().encode(content)
      : new Uint8Array(content);
    return writer.append({ id: `id:${++count}`, data, isContentValue });
  };
  return { writer, append };
}

/** The records of a shard, and whether it is complete. */
function shard(store: MemoryStore, number: number) {
  const name = `payloads/${String(number).padStart(6, "0")}.zst`;
  const records = readShard(store.bytes(name) ?? new Uint8Array(), 64 * MIB);
  const ids = [...records.ids()];
  const data = ids.map((id) => new TextDecoder().decode(records.find(id)));
  return { ids, data, isSealed: records.isSealed };
}

/** Older releases of Deno have no zstd; their shards are not compressed. */
function canCompress(): boolean {
  const encoder = new ShardEncoder();
  encoder.append("zeros", new Uint8Array(100_000));
  return encoder.compressed() !== undefined;
}

function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

Deno.test("ShardWriter has a record in the file when append returns", () => {
  const store = new MemoryStore();
  const { writer, append } = shards(store);
  assertEquals(append("one"), 1);
  assertEquals(shard(store, 1), {
    ids: ["id:1"],
    data: ["one"],
    isSealed: false,
  });
  assertEquals(append("two"), 1);
  assertEquals(shard(store, 1).data, ["one", "two"]);
  writer.seal();
  assertEquals(shard(store, 1).isSealed, true);
  assertEquals(append("three"), 2);
  assertEquals(shard(store, 2).data, ["three"]);
});

Deno.test("ShardWriter begins another shard for a record that does not fit, and seals the one before", () => {
  const store = new MemoryStore();
  const { writer, append } = shards(store);
  const numbers = [5, 3, 1, 9, 1, 7].map((mib) => append(mib * MIB - 60));
  assertEquals(numbers, [1, 1, 2, 3, 4, 4]);
  writer.seal();
  assert([1, 2, 3, 4].every((number) => shard(store, number).isSealed));
  // Zeros, which are compressed once a shard is complete.
  const size = store.bytes("payloads/000001.zst")?.length ?? 0;
  assertEquals(size < 16 * 1024, canCompress());
});

Deno.test("ShardWriter keeps content values apart", () => {
  const { append } = shards();
  const numbers = [false, true, true, false, false, true].map((
    isContentValue,
  ) => append("x", isContentValue));
  assertEquals(numbers, [1, 2, 2, 3, 3, 4]);
});

Deno.test("ShardWriter removes half a record before it writes another", () => {
  const store = new BreakableStore();
  const { writer, append } = shards(store);
  append("one");
  store.broken = ["append"];
  assertThrows(() => append("two"), Error, "append failed");
  assertEquals(append("three"), 1);
  store.broken = ["append", "truncate"];
  assertThrows(() => append("four"), Error, "append failed");
  assertEquals(append("five"), 1);
  writer.seal();
  assertEquals(shard(store, 1), {
    ids: ["id:1", "id:3", "id:5"],
    data: ["one", "three", "five"],
    isSealed: true,
  });
});

Deno.test("ShardWriter takes no record until a shard that it cannot repair is complete", () => {
  const store = new BreakableStore();
  const { writer, append } = shards(store);
  append("one");
  store.broken = ["append", "truncate", "truncate", "truncate"];
  assertThrows(() => append("two"), Error, "append failed");
  assertThrows(
    () => append("three"),
    Error,
    'cannot complete "payloads/000001',
  );
  // The half record at its end is ignored, because the shard is open, and the last one.
  assertEquals(shard(store, 1), {
    ids: ["id:1"],
    data: ["one"],
    isSealed: false,
  });
  assertEquals(append("four"), 2);
  assertEquals(shard(store, 1).isSealed, true);
  writer.seal();
  assertEquals(shard(store, 2).isSealed, true);
});

Deno.test("ShardWriter uses no name twice when a file could not be made", () => {
  const store = new BreakableStore();
  const { append } = shards(store);
  store.broken = ["create"];
  assertThrows(() => append("one"), Error, "create failed");
  assertEquals(append("two"), 2);
});

Deno.test("ShardWriter completes a shard as it is when it cannot be replaced", () => {
  const store = new BreakableStore();
  const { writer, append } = shards(store);
  append(32 * 1024);
  store.broken = ["replace", "append", "append"];
  assertThrows(() => append("value", true), Error, "cannot complete");
  assertEquals(append("value", true), 2);
  writer.seal();
  assertEquals(shard(store, 1).isSealed, true);
  assert((store.bytes("payloads/000001.zst")?.length ?? 0) > 32 * 1024);
});

Deno.test("ShardWriter works with stores that cannot replace files", () => {
  const memory = new MemoryStore();
  const store: BundleStore = {
    directory: undefined,
    makeDirectory: (name) => memory.makeDirectory(name),
    createFile: (name, content) => memory.createFile(name, content),
    append: (name, content) => memory.append(name, content),
    truncate: (name, length) => memory.truncate(name, length),
    remove: (name) => memory.remove(name),
    releaseHandles: () => {},
  };
  const { writer, append } = shards(store);
  append(32 * 1024);
  writer.seal();
  assertEquals(shard(memory, 1).isSealed, true);
});

Deno.test("ShardWriter leaves out what has no room, and takes what is compressed to less", () => {
  const store = new MemoryStore();
  const limited = new ShardWriter(store, new ByteBudget(64 * 1024));
  const put = (id: string, data: Uint8Array) =>
    limited.append({ id, data, isContentValue: false });
  assertEquals(put("small", noise(10_000)), 1);
  // More than the limit as it is, almost nothing when compressed.
  const zeros = put("zeros", new Uint8Array(200_000));
  assertEquals(zeros, canCompress() ? 2 : undefined);
  assertEquals(put("noise", noise(60_000)), undefined);
  const last = put("small again", noise(10_000));
  limited.seal();
  const size = store.names().reduce(
    (sum, name) => sum + (store.bytes(name)?.length ?? 0),
    0,
  );
  assert(size < 64 * 1024);
  const written = [1, ...zeros === undefined ? [] : [zeros], last ?? 0];
  assertEquals(written.map((number) => shard(store, number).ids), [
    ["small"],
    ...zeros === undefined ? [] : [["zeros"]],
    ["small again"],
  ]);
});

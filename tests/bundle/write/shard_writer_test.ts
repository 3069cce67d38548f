/**
 * Records on their way to shards: which shard takes them, and what remains when a write fails.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { readShard } from "../../../lib/bundle/shard/shard_records.ts";
import {
  type BundleStore,
  ByteBudget,
  MemoryStore,
} from "../../../lib/bundle/write/store.ts";
import {
  type ShardRecord,
  ShardWriter,
} from "../../../lib/bundle/write/shards/shard_writer.ts";
import { CAN_COMPRESS } from "../../support/bundles/zstd_frames.ts";

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

/** Writes one record. */
function write(writer: ShardWriter, record: ShardRecord): number | undefined {
  const number = writer.add(record);
  writer.flush();
  return number;
}

/** A writer into memory, which numbers its records. */
function shards(store: BundleStore = new MemoryStore()) {
  const writer = new ShardWriter(store, new ByteBudget());
  let count = 0;
  const append = (content: string | number, isContentValue = false) => {
    const data = typeof content === "string"
      ? new TextEncoder().encode(content)
      : new Uint8Array(content);
    return write(writer, { id: `id:${++count}`, data, isContentValue });
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

function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

Deno.test("ShardWriter has a record in the file when flush returns", () => {
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
  // Zeros.
  const size = store.bytes("payloads/000001.zst")?.length ?? 0;
  assertEquals(size < 16 * 1024, CAN_COMPRESS);
});

Deno.test("ShardWriter keeps content values apart", () => {
  const { append } = shards();
  const numbers = [false, true, true, false, false, true].map((
    isContentValue,
  ) => append("x", isContentValue));
  assertEquals(numbers, [1, 2, 2, 3, 3, 4]);
});

Deno.test("ShardWriter removes half a record before it writes another", () => {
  for (const length of [3, 30_000]) {
    const store = new BreakableStore();
    const { writer, append } = shards(store);
    const content = (digit: number) => String(digit).repeat(length);
    assertEquals(append(content(1)), 1);
    store.broken = ["append"];
    assertThrows(() => append(content(2)), Error, "append failed");
    assertEquals(shard(store, 1).ids, ["id:1"]);
    assertEquals(append(content(3)), 1);
    assertEquals(append(content(4)), 1);
    store.broken = ["append", "truncate", "append"];
    for (const digit of [5, 6]) {
      assertThrows(() => append(content(digit)), Error, "append failed");
    }
    assertEquals(append(content(7)), 1);
    writer.seal();
    assertEquals(shard(store, 1), {
      ids: [1, 3, 4, 7].map((n) => `id:${n}`),
      data: [1, 3, 4, 7].map(content),
      isSealed: true,
    });
  }
});

Deno.test("ShardWriter completes a shard whose last record could not be written", () => {
  for (const length of [3, 30_000]) {
    const store = new BreakableStore();
    const { writer, append } = shards(store);
    append("1".repeat(length));
    store.broken = ["append"];
    assertThrows(() => append("2".repeat(length)), Error, "append failed");
    writer.seal();
    const { ids, isSealed } = shard(store, 1);
    assertEquals([ids, isSealed], [["id:1"], true]);
  }
});

Deno.test("ShardWriter takes no record until a shard that it cannot repair is", () => {
  const store = new BreakableStore();
  const { writer, append } = shards(store);
  append("one");
  store.broken = ["append", "truncate", "truncate", "truncate"];
  assertThrows(() => append("two"), Error, "append failed");
  // The half record at its end is ignored, because the shard is open, and the last one.
  assertEquals(shard(store, 1).ids, ["id:1"]);
  for (const content of ["three", "four"]) {
    assertThrows(() => append(content), Error, "truncate failed");
  }
  assertEquals(append("five"), 1);
  assertEquals(shard(store, 1).data, ["one", "five"]);
  writer.seal();
  assertEquals(shard(store, 1).isSealed, true);
});

Deno.test("ShardWriter begins no shard before the one before it is complete", () => {
  const store = new BreakableStore();
  const { writer, append } = shards(store);
  append(32 * 1024);
  store.broken = ["append", "truncate", "append"];
  assertThrows(() => append("value", true), Error, "append failed");
  assertThrows(() => append("value", true), Error, "append failed");
  assertEquals(store.names(), ["payloads/000001.zst"]);
  assertEquals(append("value", true), 2);
  assertEquals(shard(store, 1).isSealed, true);
  writer.seal();
  assertEquals(shard(store, 2).data, ["value"]);
});

Deno.test("ShardWriter leaves no gap in the numbers when a file could not be made", () => {
  const store = new BreakableStore();
  const { append } = shards(store);
  store.broken = ["create"];
  assertThrows(() => append("one"), Error, "create failed");
  assertEquals(append("two"), 1);
  assertEquals(shard(store, 1).data, ["two"]);
  const other = new BreakableStore();
  const { writer, append: appendTo } = shards(other);
  other.broken = ["create"];
  assertThrows(() => appendTo("one"), Error, "create failed");
  writer.seal();
  assertEquals(other.names(), []);
  assertEquals(appendTo("two", true), 1);
});

Deno.test("ShardWriter writes nothing of records that are discarded", () => {
  const store = new BreakableStore();
  const { writer, append } = shards(store);
  const data = new Uint8Array(9);
  writer.add({ id: "lost", data, isContentValue: false });
  writer.discard();
  writer.seal();
  assertEquals(store.names(), []);
  assertEquals(append("one"), 1);
  writer.add({ id: "lost", data, isContentValue: false });
  writer.discard();
  writer.seal();
  assertEquals(shard(store, 1).ids, ["id:1"]);
});

Deno.test("ShardWriter leaves out what has no room, and takes what is compressed to less", () => {
  const store = new MemoryStore();
  const limited = new ShardWriter(store, new ByteBudget(64 * 1024));
  const put = (id: string, data: Uint8Array) =>
    write(limited, { id, data, isContentValue: false });
  assertEquals(put("small", noise(10_000)), 1);
  // More than the limit as it is, almost nothing when compressed.
  const zeros = put("zeros", new Uint8Array(200_000));
  assertEquals(zeros, CAN_COMPRESS ? 2 : undefined);
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

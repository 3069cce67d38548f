/**
 * The shards that are written: readable after each record, and sealed at the end only.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  MAX_SHARD_CONTENT,
  ShardEncoder,
} from "../../../lib/bundle/shard/shard_encoder.ts";
import { readShard } from "../../../lib/bundle/shard/shard_records.ts";
import { bytes, utf8 } from "./zstd_blocks.ts";
import { CAN_COMPRESS, xxh64 } from "../../support/bundles/zstd_frames.ts";

const LIMIT = 64 * 1024 * 1024;

/** Adds one record, and returns the bytes for it. */
function append(
  encoder: ShardEncoder,
  id: string,
  data: Uint8Array,
): Uint8Array {
  encoder.add(id, data);
  return encoder.take();
}

function read(file: Uint8Array): [ids: string[], isSealed: boolean] {
  const records = readShard(file, LIMIT);
  return [[...records.ids()], records.isSealed];
}

Deno.test("ShardEncoder writes the bytes that Codex writes, without compression", () => {
  const encoder = new ShardEncoder();
  const first = "01 00 02 00 00 00 00 00 00 00 61 7b 7d";
  const second = "01 00 01 00 00 00 00 00 00 00 62 31";
  assertEquals(
    append(encoder, "a", utf8("{}")),
    bytes("28 b5 2f fd 04 68", "68 00 00", first),
  );
  assertEquals(append(encoder, "b", utf8("1")), bytes("60 00 00", second));
  assertEquals(encoder.length, 25);
  const checksum = new Uint8Array(4);
  const hash = BigInt.asUintN(32, xxh64(bytes(first, second)));
  new DataView(checksum.buffer).setUint32(0, Number(hash), true);
  assertEquals(encoder.seal(), bytes("01 00 00", checksum));
});

Deno.test("ShardEncoder makes an open shard with each record, and a sealed one at the end", () => {
  const encoder = new ShardEncoder();
  let file: Uint8Array = new Uint8Array();
  const ids: string[] = [];
  for (const length of [0, 5, 9000, 131_072, 300_000]) {
    const id = `raw_payload:${ids.length + 1}`;
    ids.push(id);
    const before = file.length;
    const noise = crypto.getRandomValues(new Uint8Array(Math.min(length, 64)));
    const data = new Uint8Array(length).fill(65);
    data.set(noise);
    file = bytes(file, append(encoder, id, data));
    assertEquals(read(file), [ids, false]);
    // The process may end while it writes, also between two frames.
    for (const cut of [before + 1, before + 7, file.length - 1]) {
      assertEquals(read(file.subarray(0, cut))[0], ids.slice(0, -1));
    }
  }
  file = bytes(file, encoder.seal());
  assertEquals(read(file), [ids, true]);
  assertEquals(readShard(file, LIMIT).find("raw_payload:5")?.length, 300_000);
});

Deno.test({
  name: "ShardEncoder compresses what follows the first records",
  ignore: !CAN_COMPRESS,
  fn: () => {
    const encoder = new ShardEncoder();
    const small = append(encoder, "small", utf8("{}"));
    const data = utf8(JSON.stringify("text ".repeat(10_000)));
    const ids = ["a", "b", "c"];
    const rest = ids.map((id) => append(encoder, id, data));
    const file = bytes(small, ...rest, encoder.seal());
    assert(file.length < 1000);
    // Two frames: the records before there was enough to compress are raw.
    const [second = small] = rest;
    assertEquals(second.subarray(0, 3), bytes("01 00 00"));
    assertEquals(second.subarray(7, 13), bytes("28 b5 2f fd 04 68"));
    assertEquals(read(file), [["small", ...ids], true]);
    assertEquals(readShard(file, LIMIT).find("c"), data);
  },
});

Deno.test("ShardEncoder takes content of any kind, written in pieces of any length", () => {
  const encoder = new ShardEncoder();
  const records = [20_000, 1, 200_000, 70_000].map((length) => {
    const data = new Uint8Array(length);
    for (let at = 0; at < length; at += 65_536) {
      crypto.getRandomValues(data.subarray(at, at + 65_536));
    }
    return data;
  });
  const pieces = records.map((data, i) => append(encoder, `id:${i}`, data));
  const file = bytes(...pieces, encoder.seal());
  const shard = readShard(file, LIMIT);
  assertEquals(records.map((_, i) => shard.find(`id:${i}`)), records);
  assert(shard.isSealed);
});

Deno.test("ShardEncoder forgets records that are not written", () => {
  const encoder = new ShardEncoder();
  encoder.add("lost", utf8("1"));
  encoder.forgetAdded();
  const first = append(encoder, "a", utf8("1"));
  const { length } = encoder;
  for (const id of ["lost", "lost too"]) encoder.add(id, utf8("2"));
  encoder.forgetAdded();
  assertEquals(encoder.length, length);
  const file = bytes(first, append(encoder, "c", utf8("3")), encoder.seal());
  assertEquals(read(file), [["a", "c"], true]);
});

Deno.test("ShardEncoder returns the bytes of several records at once", () => {
  const encoder = new ShardEncoder();
  const ids = ["a", "é", "x".repeat(200_000)].map((id) => id.slice(0, 60_000));
  for (const id of ids) encoder.add(id, utf8("1"));
  const file = bytes(encoder.take(), encoder.seal());
  assertEquals(read(file), [ids, true]);
});

Deno.test("ShardEncoder has room for 8 MiB, and for one record of any length", () => {
  const encoder = new ShardEncoder();
  const long = new Uint8Array(MAX_SHARD_CONTENT + 1);
  assert(encoder.hasRoom("a", long));
  append(encoder, "a", new Uint8Array(MAX_SHARD_CONTENT - 11 - 12));
  assert(encoder.hasRoom("é", new Uint8Array(0)));
  assert(!encoder.hasRoom("é", new Uint8Array(1)));
  assert(!encoder.hasRoom("éa", new Uint8Array(0)));
});

Deno.test("ShardEncoder refuses an id that is too long for a record", () => {
  const encoder = new ShardEncoder();
  append(encoder, "é".repeat(0x7fff), utf8("1"));
  const { length } = encoder;
  assertThrows(() => encoder.add("é".repeat(0x8000), utf8("1")), RangeError);
  assertEquals(encoder.length, length);
});

Deno.test("ShardEncoder seals a shard without records", () => {
  assertEquals(read(new ShardEncoder().seal()), [[], true]);
});

Deno.test("ShardEncoder continues after bytes that could not be written, in another frame", () => {
  const encoder = new ShardEncoder();
  const data = (n: number) => utf8(`${n}`.repeat(n < 3 ? 9 : 20_000));
  const pieces: Uint8Array[] = [];
  // Some of the small ones are lost, one that begins compression, and two after one another.
  const lost = new Set([0, 2, 3, 5, 6]);
  for (let n = 0; n < 9; n++) {
    const piece = append(encoder, `id:${n}`, data(n));
    if (lost.has(n)) encoder.forgetTaken();
    else pieces.push(piece);
  }
  const kept = [1, 4, 7, 8];
  const file = bytes(...pieces, encoder.seal());
  assertEquals(read(file), [kept.map((n) => `id:${n}`), true]);
  const shard = readShard(file, LIMIT);
  assertEquals(kept.map((n) => shard.find(`id:${n}`)), kept.map(data));
  const other = new ShardEncoder();
  const first = append(other, "a", data(4));
  append(other, "lost", data(4));
  other.forgetTaken();
  assertEquals(read(bytes(first, other.seal())), [["a"], true]);
});

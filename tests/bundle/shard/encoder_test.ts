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

function read(file: Uint8Array): [ids: string[], isSealed: boolean] {
  const records = readShard(file, LIMIT);
  return [[...records.ids()], records.isSealed];
}

Deno.test("ShardEncoder writes the bytes that Codex writes, without compression", () => {
  const encoder = new ShardEncoder();
  const first = "01 00 02 00 00 00 00 00 00 00 61 7b 7d";
  const second = "01 00 01 00 00 00 00 00 00 00 62 31";
  assertEquals(
    encoder.append("a", utf8("{}")),
    bytes("28 b5 2f fd 04 68", "68 00 00", first),
  );
  assertEquals(encoder.append("b", utf8("1")), bytes("60 00 00", second));
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
  for (const length of [0, 5, 131_072, 300_000]) {
    const id = `raw_payload:${ids.length + 1}`;
    ids.push(id);
    const before = file.length;
    file = bytes(file, encoder.append(id, new Uint8Array(length).fill(65)));
    assertEquals(read(file), [ids, false]);
    // The process may end while it writes.
    for (const cut of [before + 1, before + 7, file.length - 1]) {
      assertEquals(read(file.subarray(0, cut)), [ids.slice(0, -1), false]);
    }
  }
  file = bytes(file, encoder.seal());
  assertEquals(read(file), [ids, true]);
  assertEquals(readShard(file, LIMIT).find("raw_payload:4")?.length, 300_000);
});

Deno.test({
  name: "ShardEncoder compresses the complete shard",
  ignore: !CAN_COMPRESS,
  fn: () => {
    const encoder = new ShardEncoder();
    const data = utf8(JSON.stringify("text ".repeat(10_000)));
    const ids = ["a", "b", "c"];
    for (const id of ids) encoder.append(id, data);
    const file = encoder.compressed() ?? new Uint8Array();
    assert(file.length < data.length);
    assertEquals(file.subarray(0, 6), bytes("28 b5 2f fd 04 68"));
    assertEquals(read(file), [ids, true]);
    assertEquals(readShard(file, LIMIT).find("c"), data);
  },
});

Deno.test("ShardEncoder leaves a shard as it is where compression saves nothing", () => {
  const small = new ShardEncoder();
  small.append("a", utf8("{}"));
  assertEquals(small.compressed(), undefined);
  const random = new ShardEncoder();
  random.append("a", crypto.getRandomValues(new Uint8Array(40_000)));
  assertEquals(random.compressed(), undefined);
});

Deno.test("ShardEncoder forgets records that could not be written", () => {
  const encoder = new ShardEncoder();
  encoder.append("lost", utf8("1"));
  encoder.truncate(0);
  const first = encoder.append("a", utf8("1"));
  const { length } = encoder;
  for (const id of ["lost", "lost too"]) encoder.add(id, utf8("2"));
  encoder.truncate(length);
  const file = bytes(first, encoder.append("c", utf8("3")), encoder.seal());
  assertEquals(read(file), [["a", "c"], true]);
});

Deno.test("ShardEncoder returns the bytes of several records at once", () => {
  const encoder = new ShardEncoder();
  const ids = ["a", "é", "x".repeat(200_000)].map((id) => id.slice(0, 60_000));
  for (const id of ids) encoder.add(id, utf8("1"));
  const file = bytes(encoder.bytesFrom(0), encoder.seal());
  assertEquals(read(file), [ids, true]);
});

Deno.test("ShardEncoder has room for 8 MiB, and for one record of any length", () => {
  const encoder = new ShardEncoder();
  const long = new Uint8Array(MAX_SHARD_CONTENT + 1);
  assert(encoder.hasRoom("a", long));
  encoder.append("a", new Uint8Array(MAX_SHARD_CONTENT - 11 - 12));
  assert(encoder.hasRoom("é", new Uint8Array(0)));
  assert(!encoder.hasRoom("é", new Uint8Array(1)));
  assert(!encoder.hasRoom("éa", new Uint8Array(0)));
});

Deno.test("ShardEncoder refuses an id that is too long for a record", () => {
  const encoder = new ShardEncoder();
  encoder.append("é".repeat(0x7fff), utf8("1"));
  const { length } = encoder;
  assertThrows(() => encoder.append("é".repeat(0x8000), utf8("1")), RangeError);
  assertEquals(encoder.length, length);
});

Deno.test("ShardEncoder seals a shard without records", () => {
  assertEquals(read(new ShardEncoder().seal()), [[], true]);
});

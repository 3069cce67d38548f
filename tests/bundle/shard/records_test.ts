/**
 * Records of a shard: which count, and what Codex 0.171.0 refuses; the names of shard files.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import {
  ShardError,
  type ShardErrorCode,
} from "../../../lib/bundle/shard/shard_error.ts";
import {
  readShard,
  shardFile,
  ShardRecords,
} from "../../../lib/bundle/shard/shard_records.ts";
import { shardBytes, shardContent } from "../../support/bundles/shards.ts";
import { bytes, ENOUGH, errorCode, utf8 } from "./zstd_blocks.ts";
import { startWork } from "../../support/work_cost.ts";
import { slowTest } from "../../support/cases.ts";

const ONE = { id: "raw_payload:1", data: "{}" };
const TWO = { id: "raw_payload:2", data: "[1]" };

function recordsOf(
  content: Uint8Array,
  isSealed: boolean,
): Record<string, string> {
  const records = new ShardRecords({ bytes: content, isSealed });
  return Object.fromEntries(
    [...records.ids()].map((id) => [
      id,
      new TextDecoder().decode(records.find(id)),
    ]),
  );
}

function assertRefused(content: Uint8Array, code: ShardErrorCode): void {
  for (const isSealed of code === "partial_record" ? [true] : [true, false]) {
    const error = assertThrows(() => recordsOf(content, isSealed), ShardError);
    assertEquals(error.code, code);
  }
}

Deno.test("ShardRecords finds the data of each record in place", () => {
  const content = shardContent([ONE, TWO]);
  const records = new ShardRecords({ bytes: content, isSealed: true });
  assertEquals([...records.ids()], [ONE.id, TWO.id]);
  assertEquals(records.size, 2);
  assertEquals(records.find(TWO.id), utf8("[1]"));
  assertEquals(records.find(TWO.id)?.buffer, content.buffer);
  assertEquals(records.find("raw_payload:3"), undefined);
});

Deno.test("ShardRecords finds no record in no content", () => {
  assertEquals(recordsOf(new Uint8Array(), true), {});
  assertEquals(recordsOf(new Uint8Array(), false), {});
});

Deno.test("ShardRecords ignores a record truncated at any byte of an open shard", () => {
  const content = shardContent([ONE, TWO]);
  const first = shardContent([ONE]).length;
  for (let cut = first + 1; cut < content.length; cut++) {
    const part = content.subarray(0, cut);
    assertEquals(recordsOf(part, false), { [ONE.id]: "{}" });
    assertRefused(part, "partial_record");
  }
  assertEquals(recordsOf(content.subarray(0, first), true), { [ONE.id]: "{}" });
});

for (
  const length of [
    "00 00 00 00 01 00 00 00", // 2^32
    "00 00 00 00 00 00 20 00", // 2^53
    "ff ff ff ff ff ff ff ff",
  ]
) {
  Deno.test(`ShardRecords takes a length of ${length} for a record that is truncated`, () => {
    const content = bytes(shardContent([ONE]), "01 00", length, "41 42");
    assertEquals(recordsOf(content, false), { [ONE.id]: "{}" });
    assertRefused(content, "partial_record");
  });
}

Deno.test("ShardRecords accepts ids and data of any length", () => {
  const long = "x".repeat(0xffff);
  const content = shardContent([
    { id: "", data: "" },
    { id: "é", data: "1" },
    { id: long, data: "2" },
    { id: "A", data: new Uint8Array([0xff]) },
  ]);
  const found = { "": "", "é": "1", [long]: "2", A: "\ufffd" };
  assertEquals(recordsOf(content, true), found);
});

Deno.test("ShardRecords keeps a byte order mark in an id", () => {
  const content = shardContent([
    { id: "\ufeffA", data: "1" },
    { id: "A", data: "2" },
  ]);
  assertEquals(recordsOf(content, true), { "\ufeffA": "1", A: "2" });
});

Deno.test("ShardRecords refuses two records with one id", () => {
  assertRefused(shardContent([ONE, TWO, ONE]), "duplicate_id");
  const empty = { id: "", data: "" };
  assertRefused(shardContent([empty, empty]), "duplicate_id");
});

Deno.test("ShardRecords ignores the second record with an id when it is truncated", () => {
  const content = shardContent([ONE, ONE]);
  const part = content.subarray(0, content.length - 1);
  assertEquals(recordsOf(part, false), { [ONE.id]: "{}" });
});

for (const id of ["ff 41", "ed a0 80", "c3"]) {
  Deno.test(`ShardRecords refuses the id ${id}, which is not UTF-8`, () => {
    assertRefused(
      shardContent([ONE, { id: bytes(id), data: "1" }]),
      "id_not_utf8",
    );
  });
}

Deno.test("ShardRecords ignores an id that is not UTF-8 in a record that is truncated", () => {
  const content = shardContent([{ id: bytes("ff"), data: "12" }]);
  assertEquals(recordsOf(content.subarray(0, -1), false), {});
});

Deno.test("readShard() reads the records of a file", () => {
  for (const frames of [1, 3]) {
    const sealed = readShard(shardBytes([ONE, TWO], { frames }), ENOUGH);
    assertEquals([sealed.isSealed, sealed.size], [true, 2]);
    const form = { frames, sealed: false };
    const open = readShard(shardBytes([ONE, TWO], form), ENOUGH);
    assertEquals([open.isSealed, open.size], [false, 2]);
  }
});

slowTest("readShard() reads 200,000 records soon", () => {
  const records = Array.from({ length: 200_000 }, (_, i) => ({
    id: `raw_payload:${i}`,
    data: String(i),
  }));
  const file = shardBytes(records, { coding: "plain" });
  const worked = startWork();
  const shard = readShard(file, 64 * ENOUGH);
  assertEquals(worked() < 5000, true);
  assertEquals(shard.find("raw_payload:199999"), utf8("199999"));
});

Deno.test("shardFile() pads the number to six digits", () => {
  assertEquals(shardFile(0), "payloads/000000.zst");
  assertEquals(shardFile(1), "payloads/000001.zst");
  assertEquals(shardFile(1234567), "payloads/1234567.zst");
  const max = 18446744073709551615n;
  assertEquals(shardFile(max), "payloads/18446744073709551615.zst");
});

Deno.test("ShardRecords refuses more records than it may have", () => {
  const content = { bytes: shardContent([ONE, TWO]), isSealed: true };
  assertEquals(new ShardRecords(content, 2).size, 2);
  assertEquals(
    errorCode(() => new ShardRecords(content, 1)),
    "too_many_records",
  );
});

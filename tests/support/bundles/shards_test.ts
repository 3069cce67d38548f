/**
 * The helpers that write shards for tests, and what random bundles of schema 3 make of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { bundleFiles, payloadRefs } from "./random/bundle.ts";
import { Obj } from "./random/items/json_text.ts";
import { randomBundle } from "./random/mod.ts";
import { Shrinker } from "../../reduce/reference/shrink.ts";
import { readShard, shardBytes, type ShardForm, shardPath } from "./shards.ts";
import { CAN_COMPRESS, xxh64 } from "./zstd_frames.ts";

const FORMS: readonly ShardForm[] = [
  {},
  { coding: "plain" },
  { coding: "plain", blockBytes: 7 },
  { checksum: false, contentSize: true },
  { frames: 3, skippable: true, emptyLastBlock: true },
];

const RECORDS = ["a", "b", "c"].map((id) => ({ id, data: id.repeat(300) }));

Deno.test("xxh64() returns the published values", () => {
  const hash = (text: string) => xxh64(new TextEncoder().encode(text));
  assertEquals(hash(""), 0xef46db3751d8e999n);
  assertEquals(hash("a"), 0xd24ec4f1a98c6e5bn);
  const long = "Nobody inspects the spammish repetition";
  assertEquals(hash(long), 0xfbcea83c8a378bf1n);
});

Deno.test("shardPath() pads to six digits", () => {
  assertEquals(shardPath(0), "payloads/000000.zst");
  assertEquals(shardPath(2n ** 64n - 1n), `payloads/${2n ** 64n - 1n}.zst`);
});

Deno.test("readShard() reads what shardBytes() writes in every form", () => {
  for (const form of FORMS) {
    for (const sealed of [true, false]) {
      const shard = readShard(shardBytes(RECORDS, { ...form, sealed }));
      assertEquals(shard.sealed, sealed);
      assertEquals(shard.records.map(({ id }) => id), ["a", "b", "c"]);
      const texts = shard.records.map(({ data }) =>
        new TextDecoder().decode(data)
      );
      assertEquals(texts, RECORDS.map(({ data }) => data));
    }
  }
});

Deno.test("readShard() leaves out a record that is truncated", () => {
  const tail = Uint8Array.of(1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0x64, 0x5b);
  const shard = readShard(shardBytes(RECORDS, { sealed: false, tail }));
  assertEquals(shard.records.length, RECORDS.length);
});

Deno.test("randomBundle() stores every payload that a reference of schema 3 names", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const options = { mutated: 0, laidOut: 0 };
    const bundle = randomBundle(seed, 3, options);
    const ids = new Set(payloadRefs(bundle.events).map(({ id }) => id));
    for (const id of ids) {
      assert(bundle.payloads.has(id), `seed ${seed}: ${id}`);
    }
    const shards = [...bundleFiles(bundle).keys()].filter((name) =>
      name.endsWith(".zst")
    );
    assert(shards.length > 0, `seed ${seed}`);
  }
});

Deno.test("Shrinker puts parts in place and keeps what is looked for", async () => {
  const bundle = randomBundle(11, 3, { mutated: 0, laidOut: 0 });
  const holds = (events: typeof bundle.events) =>
    events.some((event) =>
      event instanceof Obj && event.get("payload") instanceof Obj &&
      payloadRefs(event).length > 0
    );
  const shrinker = new Shrinker(
    (candidate) => Promise.resolve(holds(candidate.events)),
    CAN_COMPRESS ? 600 : 200,
  );
  const small = await shrinker.shrink(bundle);
  assertEquals(small.events.length, 1);
  assertEquals(payloadRefs(small.events).length, 1);
});

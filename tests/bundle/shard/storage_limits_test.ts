/**
 * Limits on shards: held before memory is taken.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { Limits } from "../../../lib/bundle/limits.ts";
import { LimitError, PayloadError } from "../../../lib/errors.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { replayTolerantly, ShardBundle } from "./shard_bundle.ts";
import { shardContent } from "../../support/bundles/shards.ts";
import { memoryTaken, startWork } from "../../support/work_cost.ts";

const FILE = "payloads/000001.zst";
const MEGABYTE = 1024 * 1024;

/** The limit that a strict replay is refused by. */
function limitOf(bundle: ShardBundle, limits: Partial<Limits>): LimitError {
  const error = assertThrows(() => bundle.replay(limits), PayloadError);
  assertEquals(error.code, "payload_over_limit");
  const { cause } = error;
  assert(cause instanceof LimitError);
  return cause;
}

Deno.test("the limit on shards holds for their content, exactly", () => {
  const bundle = new ShardBundle();
  const record = { id: "p", data: JSON.stringify("x".repeat(5000)) };
  bundle.observe(bundle.put(record.id, record.data));
  // Blocks of one repeated byte, so that the file is smaller than its content.
  bundle.shard(1).form = { coding: "plain", blockBytes: 100 };
  const { length } = shardContent([record]);
  bundle.replay({ shard: length });
  const { limit, allowed, file } = limitOf(bundle, { shard: length - 1 });
  assertEquals([limit, allowed, file], ["shard", length - 1, FILE]);
});

Deno.test("the limit on shards holds for their files, before they are read", () => {
  const bundle = new ShardBundle();
  bundle.observe(bundle.put("p", "1"));
  bundle.inFolder((dir) => {
    // A gigabyte that takes no room on most disks.
    using file = Deno.openSync(join(dir, FILE), { write: true });
    file.truncateSync(2 ** 30);
    const worked = startWork();
    const error = assertThrows(() => replayBundle(dir), PayloadError);
    assertEquals(error.code, "payload_over_limit");
    assert(worked() < 2_000);
  });
});

Deno.test("a small shard with huge content is refused before memory is taken", () => {
  const bundle = new ShardBundle();
  bundle.observe(bundle.put("p", "1"));
  // Blocks of one repeated byte: 4 bytes each for 128 KiB.
  const blocks = 16_384;
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x68];
  const bomb = new Uint8Array(header.length + 4 * blocks);
  bomb.set(header);
  const size = 128 * 1024;
  for (let n = 0; n < blocks; n++) {
    const isLast = n === blocks - 1 ? 1 : 0;
    const word = (size << 3) | (1 << 1) | isLast;
    bomb.set([word & 0xff, (word >> 8) & 0xff, word >> 16, 0x20], 6 + 4 * n);
  }
  bundle.inFolder((dir) => {
    Deno.writeFileSync(join(dir, FILE), bomb);
    const before = memoryTaken();
    const error = assertThrows(() => replayBundle(dir), PayloadError);
    assertEquals(error.code, "payload_over_limit");
    const grown = (memoryTaken() - before) / MEGABYTE;
    assert(grown < 500, `${grown} MiB`);
    const { diagnostics } = replayTolerantly(dir, { shard: MEGABYTE });
    assertEquals(diagnostics.map(({ code }) => code), ["payload_over_limit"]);
  });
});

Deno.test("the limit on a bundle counts the content of shards", () => {
  const bundle = new ShardBundle();
  const record = { id: "p", data: JSON.stringify("x".repeat(50_000)) };
  bundle.observe(bundle.put(record.id, record.data));
  const log = bundle.lines.join("\n").length + 1;
  const content = shardContent([record]).length;
  bundle.replay({ bundle: log + content });
  const { limit, file } = limitOf(bundle, { bundle: log + content - 1 });
  assertEquals([limit, file], ["bundle", FILE]);
});

Deno.test("a record that only the final check reads counts as a payload", () => {
  const bundle = new ShardBundle();
  const data = JSON.stringify("x".repeat(5000));
  bundle.observe(bundle.put("p", data));
  bundle.replay({ payload: data.length });
  const { limit } = limitOf(bundle, { payload: data.length - 1 });
  assertEquals(limit, "payload");
});

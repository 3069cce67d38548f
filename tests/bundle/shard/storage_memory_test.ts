/**
 * Shards in memory: how often each is read, and what serves the next one.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { JsonReader } from "../../../lib/bundle/json_reader.ts";
import {
  DEFAULT_LIMITS,
  limitsWith,
  ReadBudget,
} from "../../../lib/bundle/limits.ts";
import { ShardCache } from "../../../lib/bundle/payloads/shard_cache.ts";
import { ShardDecompressor } from "../../../lib/bundle/shard/decompress_shard.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { checkBundle } from "../../../lib/check/check.ts";
import { PayloadError } from "../../../lib/errors.ts";
import type { RawPayloadRef } from "../../../lib/format/payload.ts";
import { replayBundle } from "../../../lib/replay.ts";
import {
  countOpens,
  payloadFault,
  replayTolerantly,
  ShardBundle,
} from "./shard_bundle.ts";
import { shardContent } from "../../support/bundles/shards.ts";
import { CAN_COMPRESS } from "../../support/bundles/zstd_frames.ts";
import { slowTest } from "../../support/cases.ts";

const MEGABYTE = 1024 * 1024;

/** The size of a shard that Codex fills. */
const SHARD_BYTES = 8 * MEGABYTE;

/** As many full shards, with a request each that the reducer reads, and payloads that it does not. */
function fullShards(count: number): {
  bundle: ShardBundle;
  content: number;
  unread: RawPayloadRef[];
} {
  const bundle = new ShardBundle();
  const unread: RawPayloadRef[] = [];
  let content = 0;
  for (let shard = 1; shard <= count; shard++) {
    const padding = JSON.stringify("x".repeat(SHARD_BYTES / 2));
    for (const name of ["a", "b"]) {
      unread.push(bundle.put(`${name}${shard}`, padding, { shard }));
    }
    bundle.shard(shard).form = { coding: "plain", checksum: false };
    content += shardContent(bundle.shard(shard).records).length;
  }
  return { bundle, content, unread };
}

slowTest("shards of 40 MiB are each read once by the final check", () => {
  const { bundle, content, unread } = fullShards(5);
  // Named in turns, so that memory would hold two of them at a time.
  const inTurns = [...unread.filter((_, i) => i % 2 === 0), ...unread];
  bundle.observe(...inTurns).completion();
  const log = bundle.lines.join("\n").length + 1;
  bundle.inFolder((dir) => {
    const opens = countOpens(() => replayBundle(dir));
    assertEquals([...opens.values()], [1, 1, 1, 1, 1]);
    // Every byte of every shard counts once.
    const limits = { bundle: log + content };
    replayBundle(dir, { limits });
    const less = { bundle: log + content - 1 };
    assertThrows(() => replayBundle(dir, { limits: less }), PayloadError);
    assertEquals(replayTolerantly(dir).counters.bytesRead, 0);
  });
});

Deno.test("payloads that are needed later are checked with their shard", () => {
  // A shard that Codex fills is within the limits.
  assert(DEFAULT_LIMITS.shard > SHARD_BYTES);
  const { bundle, unread } = fullShards(4);
  // Two records with parts, whose fragments are parsed whenever they are checked.
  const parts = [1, 2].map((shard) =>
    bundle.compose(`p${shard}`, ["[", "]"], [
      bundle.put(`part${shard}`, "1", { shard }),
    ], { shard })
  );
  const fragments = JSON.stringify(["[", "]"]).length;
  bundle.observe(...parts, ...unread).completion();
  bundle.inFolder((dir) => {
    let counters = { charactersParsed: 0 };
    const opens = countOpens(() =>
      replayBundle(dir, { onCounters: (found) => void (counters = found) })
    );
    assertEquals([...opens.values()], [1, 1, 1, 1]);
    assertEquals(counters.charactersParsed, 2 * fragments);
  });
});

Deno.test("shards that the reducer needs one after the other are read once", () => {
  const bundle = new ShardBundle();
  const count = 5;
  for (let shard = 1; shard <= count; shard++) {
    const padding = JSON.stringify("x".repeat(SHARD_BYTES));
    bundle.observe(bundle.put(`padding${shard}`, padding, { shard }));
    for (const n of [1, 2, 3]) {
      const id = `${shard}:${n}`;
      const input = [{ type: "message", role: "user", content: [] }];
      bundle.event({
        type: "inference_started",
        inference_call_id: id,
        thread_id: "00000000-0000-0000-0000-00000000000a",
        codex_turn_id: "turn",
        model: "m",
        provider_name: "p",
        request_payload: bundle.put(`r${id}`, JSON.stringify({ input }), {
          shard,
          kind: { type: "inference_request" },
        }),
        prepared_prompt_payload: bundle.put(`q${id}`, "{}", {
          shard,
          kind: { type: "prepared_prompt" },
        }),
      });
    }
    bundle.shard(shard).form = { coding: "plain", checksum: false };
  }
  bundle.completion();
  bundle.inFolder((dir) => {
    const opens = countOpens(() => replayBundle(dir));
    assertEquals([...opens.values()], Array(count).fill(1));
  });
});

/** Two shards almost as large as Codex fills them, and a payload of each. */
function twoShards(): {
  bundle: ShardBundle;
  refs: readonly [RawPayloadRef, RawPayloadRef];
} {
  const bundle = new ShardBundle();
  const padding = JSON.stringify("x".repeat(SHARD_BYTES - 1000));
  const put = (shard: number): RawPayloadRef => {
    bundle.put(`padding${shard}`, padding, { shard });
    bundle.shard(shard).form = { coding: "plain", checksum: false };
    return bundle.put(`p${shard}`, String(shard), { shard });
  };
  return { bundle, refs: [put(1), put(2)] };
}

Deno.test("the memory of a shard serves the next one, and the shard is read again", () => {
  const { bundle, refs: [one, two] } = twoShards();
  bundle.inFolder((dir) => {
    const limits = DEFAULT_LIMITS;
    const cache = new ShardCache({
      files: new DiskFiles(dir),
      limits,
      budget: new ReadBudget(limits),
      json: new JsonReader(limits),
      isGrowing: false,
    }, () => {});
    const read = ({ shard, raw_payload_id }: RawPayloadRef) =>
      cache.read(shard ?? 0, raw_payload_id).bytes;
    const [first, second, again] = [read(one), read(two), read(one)];
    assertEquals(first.length, 0);
    assertEquals(second.length, again.length);
  });
});

Deno.test("a shard that cannot be decompressed is decompressed once, whatever is in it", () => {
  const bundle = new ShardBundle();
  const refs = Array.from(
    { length: 20 },
    (_, i) => bundle.put(`p${i}`, JSON.stringify("x".repeat(500))),
  );
  const real = ShardDecompressor.prototype.decompress;
  let count = 0;
  ShardDecompressor.prototype.decompress = function (...args) {
    count++;
    return real.apply(this, args);
  };
  try {
    bundle.read((payloads) => {
      for (const ref of refs) {
        const error = assertThrows(() => payloads.open(ref), PayloadError);
        assertEquals(error.code, "payload_over_limit");
        assertEquals(error.rawPayloadId, ref.raw_payload_id);
      }
    }, { limits: limitsWith({ shard: 5000 }) });
  } finally {
    ShardDecompressor.prototype.decompress = real;
  }
  // A file that is not compressed is itself too long, and is refused before.
  assertEquals(count, CAN_COMPRESS ? 1 : 0);
});

Deno.test("two shards that are needed in turns are read three times together", () => {
  const { bundle, refs: [one, two] } = twoShards();
  bundle.read((payloads) => {
    const opens = countOpens(() => {
      for (let turn = 0; turn < 10; turn++) {
        for (const ref of [one, two]) {
          assertEquals(`${payloads.open(ref).value}`, `${ref.shard}`);
        }
      }
    });
    assertEquals([...opens.values()], [2, 1]);
  });
});

slowTest(
  "parts that alternate between shards are limited by the bytes of the bundle",
  () => {
    const bundle = new ShardBundle();
    const parts: RawPayloadRef[] = [];
    for (let shard = 1; shard <= 3; shard++) {
      bundle.put(`padding${shard}`, JSON.stringify("x".repeat(SHARD_BYTES)), {
        shard,
      });
      parts.push(bundle.put(`part${shard}`, "1", { shard }));
      bundle.shard(shard).form = { coding: "plain", checksum: false };
    }
    const all = Array.from({ length: 3000 }, (_, n) => parts[n % 3]).filter(
      (part) => part !== undefined,
    );
    const ref = bundle.compose("p", ["[", ...Array(2999).fill(","), "]"], all, {
      shard: 4,
    });
    const limits = limitsWith({ bundle: 100 * MEGABYTE });
    const [code] = bundle.read(
      (payloads) => payloadFault(() => payloads.open(ref)),
      { limits },
    );
    assertEquals(code, "payload_over_limit");
    // The final check reads the fragments alone.
    bundle.observe(ref).completion();
    bundle.replay(limits);
  },
);

Deno.test("a check does not read shards again that the reduction read", () => {
  const { bundle, unread } = fullShards(3);
  bundle.observe(...unread).completion();
  bundle.inFolder((dir) => {
    const opens = countOpens(() => checkBundle(dir));
    assertEquals([...opens.values()], [1, 1, 1]);
  });
});

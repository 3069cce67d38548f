/**
 * The files of shards: what is no regular file inside the bundle, what is too large, and how often
 * each is read.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { JsonReader } from "../../../lib/bundle/json_reader.ts";
import {
  DEFAULT_LIMITS,
  type Limits,
  limitsWith,
  ReadBudget,
} from "../../../lib/bundle/limits.ts";
import { ShardCache } from "../../../lib/bundle/payloads/shard_cache.ts";
import { ShardDecompressor } from "../../../lib/bundle/shard/decompress_shard.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { checkBundle } from "../../../lib/check/check.ts";
import {
  BundleFormatError,
  LimitError,
  PayloadError,
} from "../../../lib/errors.ts";
import type { RawPayloadRef } from "../../../lib/format/payload.ts";
import { replayBundle } from "../../../lib/replay.ts";
import {
  countOpens,
  payloadFault,
  replayTolerantly,
  ShardBundle,
  shardRefTo,
} from "./shard_bundle.ts";
import { shardBytes, shardContent } from "../../support/bundles/shards.ts";
import { memoryTaken, startWork } from "../../support/work_cost.ts";
import { CAN_COMPRESS } from "../../support/bundles/zstd_frames.ts";
import { slowTest } from "../../support/cases.ts";

const FILE = "payloads/000001.zst";
const MEGABYTE = 1024 * 1024;
const UNIX = Deno.build.os !== "windows";

/** A bundle with a payload in shard 1, whose file `put` makes in place of the shard. */
function replaced(
  put: (file: string, dir: string) => void,
  use: (dir: string) => void,
): void {
  const bundle = new ShardBundle();
  bundle.observe(bundle.put("p", '"inside"'));
  bundle.inFolder((dir) => {
    const file = join(dir, FILE);
    Deno.removeSync(file);
    put(file, dir);
    use(dir);
  });
}

function assertRefused(dir: string, code: string): void {
  assertEquals(payloadFault(() => replayBundle(dir)), [code, "p", FILE]);
  assertEquals(replayTolerantly(dir).diagnostics.map(({ code }) => code), [
    code,
  ]);
  assertEquals(checkBundle(dir).reduction.refused_by?.code, code);
}

/** Shards that lead elsewhere, by the code that they are refused with. */
const ELSEWHERE: readonly (readonly [
  what: string,
  code: string,
  put: (file: string, dir: string) => void,
])[] = [
  ["a folder", "payload_not_regular", (file) => Deno.mkdirSync(file)],
  [
    "a link to a file outside",
    "payload_path_refused",
    (file, dir) => {
      const outside = `${dir}/../outside.zst`;
      Deno.writeFileSync(outside, shardBytes([{ id: "p", data: "1" }]));
      Deno.symlinkSync("../../outside.zst", file);
    },
  ],
  [
    "a link to a device",
    "payload_path_refused",
    (file) => Deno.symlinkSync("/dev/zero", file),
  ],
  [
    "a link that leads nowhere",
    "payload_unreadable",
    (file) => Deno.symlinkSync("nowhere.zst", file),
  ],
  [
    "a link to itself",
    "payload_unreadable",
    (file) => Deno.symlinkSync("000001.zst", file),
  ],
];

for (const [what, code, put] of ELSEWHERE) {
  Deno.test({
    name: `a shard is a regular file inside the bundle: ${what}`,
    ignore: !UNIX,
    fn: () => replaced(put, (dir) => assertRefused(dir, code)),
  });
}

Deno.test({
  name: "a shard that is a pipe is refused, and not waited for",
  ignore: !UNIX,
  fn: () => {
    replaced((file) => {
      const made = new Deno.Command("mkfifo", { args: [file] }).outputSync();
      assert(made.success);
    }, (dir) => assertRefused(dir, "payload_not_regular"));
  },
});

Deno.test({
  name: "a shard that is a link to another shard of the bundle is read",
  ignore: !UNIX,
  fn: () => {
    replaced((file, dir) => {
      const other = join(dir, "payloads", "000007.zst");
      Deno.writeFileSync(other, shardBytes([{ id: "p", data: "1" }]));
      Deno.symlinkSync("000007.zst", file);
    }, (dir) => assertEquals(replayTolerantly(dir).diagnostics, []));
  },
});

Deno.test({
  name: "a folder of shards that leads outside is refused",
  ignore: !UNIX,
  fn: () => {
    const bundle = new ShardBundle();
    bundle.observe(bundle.put("p", "1"));
    bundle.inFolder((dir) => {
      Deno.renameSync(join(dir, "payloads"), join(dir, "..", "outside"));
      Deno.symlinkSync("../outside", join(dir, "payloads"));
      assertRefused(dir, "payload_path_refused");
    });
  },
});

Deno.test("a folder of shards that is replaced while it is read ends the reading", () => {
  const bundle = new ShardBundle();
  bundle.observe(bundle.put("p", "1", { shard: 1 }));
  bundle.observe(bundle.put("q", "1", { shard: 2 }));
  bundle.inFolder((dir) => {
    const open = Deno.openSync;
    let replacedOnce = false;
    Deno.openSync = (path, options) => {
      const file = open(path, options);
      if (`${path}`.endsWith("000001.zst") && !replacedOnce) {
        replacedOnce = true;
        const folder = join(dir, "payloads");
        Deno.renameSync(folder, join(dir, "..", "moved"));
        Deno.mkdirSync(folder);
        const bytes = shardBytes([{ id: "q", data: '"another"' }]);
        Deno.writeFileSync(join(folder, "000002.zst"), bytes);
      }
      return file;
    };
    try {
      assertThrows(() => replayBundle(dir), BundleFormatError, "replaced");
    } finally {
      Deno.openSync = open;
    }
    assert(replacedOnce);
  });
});

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

Deno.test("a reference to a shard beside the bundle's names none", () => {
  const bundle = new ShardBundle();
  bundle.put("p", "1");
  // Numbers alone make a name: nothing else is a reference.
  for (const shard of ["1", "../1", -1, 1.5, [1], { n: 1 }, true, 2n ** 64n]) {
    const bad = new ShardBundle();
    bad.observe({ ...shardRefTo("p"), shard });
    const error = assertThrows(() => bad.replay(), BundleFormatError);
    assertEquals(error.path, "payload.event_payload.shard", `${shard}`);
  }
  assert(DEFAULT_LIMITS.shard > SHARD_BYTES);
});

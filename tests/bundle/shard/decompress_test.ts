/**
 * From the bytes of a shard to its content: complete, truncated, damaged, and too long.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { constants, createZstdCompress } from "node:zlib";
import {
  decompressShard,
  ShardDecompressor,
} from "../../../lib/bundle/shard/decompress_shard.ts";
import { RuntimeDecoder } from "../../../lib/bundle/shard/runtime_zstd.ts";
import { Xxh64 } from "../../../lib/bundle/shard/zstd/xxh64.ts";
import { CORPUS } from "../../support/cases.ts";
import {
  assertRefused,
  block,
  bytes,
  contentOf,
  ENOUGH,
  errorCode,
  HEADER,
  LAST,
  OWN,
  RUNTIME,
  utf8,
} from "./zstd_blocks.ts";
import {
  CAN_COMPRESS,
  joined,
  xxh64,
  zstdFrame,
} from "../../support/bundles/zstd_frames.ts";
import { startWork } from "../../support/work_cost.ts";

/** Lines of words that no two lines share, so that every kind of code occurs. */
function sampleLines(count: number): string[] {
  let seed = 1;
  const next = (below: number): number => {
    seed = seed * 48271 % 2147483647;
    return seed % below;
  };
  return Array.from({ length: count }, (_, i) => {
    let words = "";
    for (let word = 0; word < 40; word++) {
      const length = 2 + next(7);
      for (let letter = 0; letter < length; letter++) {
        words += "etaoinshrdlu"[Math.min(next(12), next(12))];
      }
      words += " ";
    }
    return `{"n":${i},"t":"${words}"}`;
  });
}

/** `sampleLines(6)` by zstd 1.5.7, level 19, flushed after each line. */
const SAMPLE = Uint8Array.fromBase64(
  "KLUv/QRopAQAFhAkEsAXOnRbyoVoG/loFfVbka55AiIAHAAdAJMTRIQT2qwxk0ls7y/FSLgW7A" +
    "Y9Cw/RCzAAHBAQDAAEMASmfz2JvGZEovFDXM1r5tsuWtVUax8sx5m9C+92RY4hoyul/keC73qO" +
    "9li5pHtfmNrJczKC40dGRAYHwKSoXCvVGjLXTnp3ISPKpmO+9LVih/CvMly/AHwEALIPIRLAJR" +
    "3AbSkXUi/ORwOY0KZ1uRMFwGjEKoKfogktztPc9+9cHhE9i8cgMVNf9VqaZ4zrk3+gOyHcb46N" +
    "vO7OKuY83VSIYsZYtzVc9SIdo37UqBi/KdnwkmqYvXoGE1P06KsHqsyfTvm1ol+HXOQ7MYS/u3" +
    "d29WNlJ4PtPVi5qrEBAYAAhAIAxRGFYKBwxAQABtAiEbAlOZCtZLwf9+E5ydHMJAMqHQAcABwA" +
    "JofTJ9C8/iQeDhXXLWKiWrh4Cg8z/64R2qyVCwSjmhz9UmFNXXHQkw11cDspgSsWK5TDqu9lG/" +
    "oD8iaKOZGiR7LLZyY5P8qJtvsK+XIJDzNkaIQ/CQOA+J5T6xU0fNCGrBLiUxYft4iDbnlc+Khh" +
    "zcf+AQMArkYszCVcKwjMAwCSzBoSsCXpkFv5GMnC8fA5SeHUylhEA8DsMzTrQipHXYEmdp55nU" +
    "ynXGPtboiJXdYjTMEHIYgiDxSzKHJBeviUXq/Ryi70ySyU0uHBy7qIqIgPToJ2htwOtnZLoTQ3" +
    "OcZcNITFLCtOyIXkhIubQAMAATIMgeGJa1kBZAQAwo8gENClAyuSlJW0KuePgKkShLcFsPLDcH" +
    "dtsB53rTXnWVFPg3bhwPGmWte0fx7c3Vbmbt7dHEybf0ZiJA7JV9bEDU/DTrR1rS06aRdv6JJ4" +
    "9nhn5gwP5kjOjB2NQR5NTflhp7tkA7tBanW+YRRnJoK5otcGGpR79xDxHiEIL5Mp+ccGAQIAMN" +
    "K9DBDcBACGUCQR0GU4K5KUsxyElz+CJpMQpwUdAB4AHwBjuTxWoYSOZDuJbsiSJ4g5lmSe+s+V" +
    "8c5rZcpbgR9KVtJBwf6KcifQ4q8ohFf7qxLGJmjPetmlNTKhBfs7MzJDPlbNFhk4D/WsDG4oCm" +
    "FiPkVJsQ6V+IR/YgEDwOZda0FoNCY7k6Ez+AkiZIG9ctWRkL2edhb9wHMCAgAwonAtIAEAAHUO" +
    "BAQ=",
);

/** Pieces compressed as Codex does it: a flush after each, and an empty block at the end. */
async function compressed(
  pieces: readonly string[],
  level: number,
): Promise<Uint8Array> {
  const stream = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_windowLog]: 23,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  const chunks: Uint8Array[] = [];
  stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  for (const piece of pieces) {
    await new Promise((done) => stream.write(piece, done));
    await new Promise<void>((done) =>
      stream.flush(constants.ZSTD_e_flush, () => done())
    );
  }
  await new Promise((done) => stream.on("end", done).end());
  return joined(chunks);
}

Deno.test("decompressShard() decodes Huffman codes and sequences", () => {
  assertEquals(contentOf(SAMPLE, OWN), [sampleLines(6).join(""), true]);
});

Deno.test("decompressShard() returns the complete blocks of a shard cut at any byte", () => {
  const lines = sampleLines(6);
  const ends = lines.map((_, i) => lines.slice(0, i + 1).join(""));
  const found = new Set<string>();
  for (let cut = 0; cut < SAMPLE.length; cut++) {
    const [text, isSealed] = contentOf(SAMPLE.subarray(0, cut));
    assertEquals(isSealed, false);
    found.add(text);
  }
  assertEquals([...found], ["", ...ends]);
});

Deno.test("a shard that grows is decompressed by the runtime as without it", () => {
  const byRuntime = new ShardDecompressor(0, true);
  const raw = bytes(HEADER, block("rle", "61", { size: 9 }), SAMPLE.slice(6));
  const files = [SAMPLE, bytes(SAMPLE, HEADER, block("raw", "66 67 68")), raw];
  for (const file of files) {
    for (let cut = 0; cut <= file.length; cut++) {
      const open = file.subarray(0, cut);
      assertEquals(
        errorCode(() => byRuntime.decompress(open, ENOUGH)),
        errorCode(() => decompressShard(open, ENOUGH, OWN)),
        `${cut}`,
      );
    }
  }
});

Deno.test("decompressShard() refuses every wrong checksum", () => {
  for (let i = 1; i <= 4; i++) {
    const wrong = SAMPLE.slice();
    wrong[wrong.length - i] = (wrong[wrong.length - i] ?? 0) ^ 1;
    assertRefused(wrong, "wrong_checksum");
    const content = () => decompressShard(wrong, ENOUGH, RUNTIME);
    assertEquals(errorCode(content), "wrong_checksum");
  }
});

Deno.test("decompressShard() never takes a damaged shard for a good one", () => {
  const full = sampleLines(6).join("");
  for (let i = 0; i < SAMPLE.length; i++) {
    const damaged = SAMPLE.slice();
    damaged[i] = (damaged[i] ?? 0) ^ 1 << i % 8;
    try {
      const [text, isSealed] = contentOf(damaged, OWN);
      assert(!isSealed || text === full, `byte ${i}`);
    } catch (error) {
      assert(error instanceof Error && error.name === "ShardError", `${error}`);
    }
  }
});

Deno.test({
  name:
    "decompressShard() returns with and without the runtime what was compressed",
  ignore: !CAN_COMPRESS,
  fn: async () => {
    for (const level of [-7, 1, 3, 6, 12, 19]) {
      for (const group of [1, 8, 64]) {
        const lines = sampleLines(4 * group);
        const pieces = [0, 1, 2, 3].map((i) =>
          lines.slice(i * group, (i + 1) * group).join("\n")
        );
        const file = await compressed(pieces, level);
        assertEquals(contentOf(file, OWN), [pieces.join(""), true]);
        assertEquals(contentOf(file, RUNTIME), [pieces.join(""), true]);
      }
    }
  },
});

Deno.test("decompressShard() joins frames of the runtime with others", () => {
  const frames = ["abc", "", "de"].map((text) => zstdFrame(utf8(text)));
  const file = bytes(...frames, HEADER, block("raw", "66"));
  assertEquals(contentOf(file, RUNTIME), ["abcdef", false]);
  assertEquals(contentOf(file, OWN), ["abcdef", false]);
});

const shards = shardsOfCorpus();
Deno.test({
  name: shards.length > 0
    ? "decompressShard() returns the same with and without the runtime for the corpus"
    : "decompressShard() returns the same with and without the runtime for the corpus (skipped: ROLLOUT_TRACE_CORPUS names no folder)",
  ignore: shards.length === 0,
  fn: () => {
    for (const path of shards) {
      const file = Deno.readFileSync(path);
      const own = decompressShard(file, ENOUGH, OWN);
      assertEquals(decompressShard(file, ENOUGH, RUNTIME), own, path);
    }
  },
});

function shardsOfCorpus(): string[] {
  try {
    return [...walkSync(CORPUS, { exts: [".zst"] })].map(({ path }) => path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test("decompressShard() refuses soon what decompresses to a gigabyte", () => {
  const gigabyte = 8192;
  const bombs = [
    block("rle", "00", { size: 131072 }),
    block("compressed", "0d 00 20 00 00"),
  ];
  for (const bomb of bombs) {
    const blocks = Array<Uint8Array>(gigabyte).fill(bomb);
    const file = bytes(HEADER, ...blocks, LAST);
    for (const path of [OWN, RUNTIME]) {
      const worked = startWork();
      assertEquals(errorCode(() => contentOf(file, path)), "over_limit");
      assert(worked() < 5000);
    }
  }
});

Deno.test("decompressShard() refuses soon a block whose sequences never end", () => {
  const count = 30000;
  const sequences = new Uint8Array(2 * count + 1).fill(0xff);
  const worked = startWork();
  const data = bytes("09 61 f5 30 54 00 00 34", sequences);
  assertRefused(
    bytes(HEADER, block("compressed", data)),
    "corrupt",
    "too long",
  );
  assert(worked() < 5000);
});

Deno.test("decompressShard() accepts content up to the limit, and no more", () => {
  const file = bytes(
    HEADER,
    block("raw", "61 62"),
    block("compressed", "29 7a 00"),
  );
  assertEquals(decompressShard(file, 7).bytes, utf8("abzzzzz"));
  assertEquals(errorCode(() => decompressShard(file, 6)), "over_limit");
  const sealed = bytes(file, LAST);
  assertEquals(
    errorCode(() => decompressShard(sealed, 6, RUNTIME)),
    "over_limit",
  );
});

Deno.test("decompressShard() keeps neither the file nor unused storage", () => {
  const file = bytes(
    HEADER,
    block("raw", "61"),
    block("compressed", "29 7a 00"),
  );
  const { bytes: content } = decompressShard(file, ENOUGH);
  file.fill(0);
  assertEquals(content, utf8("azzzzz"));
  assertEquals(content.buffer.byteLength, content.length);
});

Deno.test("Xxh64 hashes pieces of any length like one piece", () => {
  const text = utf8(sampleLines(1).join("").slice(0, 200));
  for (let length = 0; length <= text.length; length++) {
    const full = text.subarray(0, length);
    for (const step of [1, 7, 32, 45, 200]) {
      const hash = new Xxh64();
      for (let at = 0; at < length; at += step) {
        hash.update(full.subarray(at, at + step));
      }
      assertEquals(hash.digest(), xxh64(full));
    }
  }
});

Deno.test("Xxh64 hashes megabytes, which it does by machine words, like few bytes", () => {
  const all = Uint8Array.from({ length: 1_100_003 }, (_, at) => at * 7919 >> 3);
  // A place that is no multiple of eight bytes, and a piece before it.
  for (const before of [0, 13]) {
    const hash = new Xxh64();
    hash.update(all.subarray(1, 1 + before));
    hash.update(all.subarray(1 + before));
    assertEquals(hash.digest(), xxh64(all.subarray(1)));
  }
});

Deno.test("ShardDecompressor uses released memory again, and nothing else can", () => {
  const text = "a".repeat(8 * ENOUGH);
  for (const path of [OWN, RUNTIME]) {
    const shards = new ShardDecompressor(path);
    const decompress = (text: string) =>
      shards.decompress(zstdFrame(utf8(text)), 64 * ENOUGH).bytes;
    const first = decompress(text);
    const storage = first.buffer.byteLength;
    shards.release(first);
    assertEquals(first.length, 0);
    const next = decompress(text.slice(1));
    assert(new TextDecoder().decode(next) === text.slice(1));
    if (path === RUNTIME && CAN_COMPRESS) {
      assertEquals(next.buffer.byteLength, storage);
    }
    shards.release(next);
    const small = decompress("bc");
    assertEquals([small, small.buffer.byteLength], [utf8("bc"), 2]);
  }
});

Deno.test({
  name: "RuntimeDecoder decompresses, also after a malformed frame",
  ignore: !CAN_COMPRESS,
  fn: () => {
    const text = utf8(sampleLines(6).join(""));
    const damaged = SAMPLE.slice();
    damaged[SAMPLE.length - 1] = 1 ^ (SAMPLE.at(-1) ?? 0);
    const runtime = new RuntimeDecoder();
    for (const frame of [SAMPLE, damaged, SAMPLE, zstdFrame(text)]) {
      const pieces: Uint8Array[] = [];
      let storage = new Uint8Array(0);
      const isDone = runtime.decompress(frame, {
        free: () => storage = new Uint8Array(1000),
        take: (length) => void pieces.push(storage.subarray(0, length)),
      });
      assertEquals(isDone, frame !== damaged);
      if (isDone) assertEquals(joined(pieces), text);
    }
  },
});

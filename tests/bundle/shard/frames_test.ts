/**
 * Frames and blocks of a shard: what is accepted, what is open, and what is refused. Every case
 * has the outcome that Codex 0.171.0 has for it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { readFrame } from "../../../lib/bundle/shard/zstd/frames.ts";
import {
  assertRefused,
  block,
  bytes,
  contentOf,
  HEADER,
  LAST,
  utf8,
} from "./zstd_blocks.ts";

const ABC = block("raw", utf8("abc"));
const ABC_LAST = block("raw", utf8("abc"), { isLast: true });
const COMPLETE = bytes(HEADER, ABC_LAST);
const MAX_BLOCK = 131072;

Deno.test("readFrame() returns where a frame ends, and what its header declares", () => {
  const file = bytes("50 2a 4d 18 02 00 00 00 41 42", COMPLETE, HEADER, ABC);
  const skippable = { end: 10, isComplete: true, header: undefined };
  assertEquals(readFrame(file, 0), skippable);
  const header = {
    blocks: 16,
    windowSize: 8 * 1024 * 1024,
    maxBlock: MAX_BLOCK,
    contentSize: undefined,
    hasChecksum: false,
  };
  assertEquals(readFrame(file, 10), { end: 22, isComplete: true, header });
  const open = { end: 34, isComplete: false };
  assertEquals(readFrame(file, 22), {
    ...open,
    header: { ...header, blocks: 28 },
  });
});

const SEALED: readonly (readonly [name: string, file: Uint8Array])[] = [
  ["a raw block that is the last", COMPLETE],
  ["an empty block that is the last", bytes(HEADER, ABC, LAST)],
  [
    "empty blocks",
    bytes(HEADER, "00 00 00", ABC, "02 00 00 41 04 00 00", LAST),
  ],
  ["an unused bit in the descriptor", bytes("28 b5 2f fd 10 68", ABC, LAST)],
  ["dictionary 0", bytes("28 b5 2f fd 03 68 00 00 00 00", ABC, LAST)],
  ["a size and no window", bytes("28 b5 2f fd 20 03", ABC, LAST)],
  ["a window and a size", bytes("28 b5 2f fd 80 68 03 00 00 00", ABC, LAST)],
  [
    "the size for unknown",
    bytes("28 b5 2f fd c0 68", "ff ".repeat(8), ABC, LAST),
  ],
  ["an empty frame", bytes(COMPLETE, "28 b5 2f fd 20 00", LAST)],
  [
    "two frames",
    bytes(
      HEADER,
      block("raw", "61"),
      LAST,
      HEADER,
      block("raw", "62 63"),
      LAST,
    ),
  ],
  ["a skippable frame before", bytes("5f 2a 4d 18 01 00 00 00 00", COMPLETE)],
  ["a skippable frame behind", bytes(COMPLETE, "50 2a 4d 18 00 00 00 00")],
];

for (const [name, file] of SEALED) {
  Deno.test(`decompressShard() accepts ${name}`, () => {
    assertEquals(contentOf(file), ["abc", true]);
  });
}

const OPEN: readonly (readonly [name: string, rest: string])[] = [
  ["no block", ""],
  ["a part of a block header", "01 00"],
  ["an RLE block without its byte", "1a 00 00"],
  ["an RLE block that is too long, without its byte", "0a 00 10"],
  ["a compressed block that is truncated", "14 00 00 00"],
];

for (const [name, rest] of OPEN) {
  Deno.test(`decompressShard() finds a shard open that ends with ${name}`, () => {
    assertEquals(contentOf(bytes(HEADER, ABC, rest)), ["abc", false]);
  });
}

const OPEN_BEHIND: readonly string[] = [
  ..."28, 28 b5 2f, 28 b5 2f fd, 28 b5 2f fd 08, 28 b5 2f fd cb 68".split(", "),
  ..."28 b5 2f fd 02 68 07, 28 b5 2f fd c0 69 00 00 00 00".split(", "),
  ..."50, 5f 2a, 50 2a 4d 18, 50 2a 4d 18 02 00 00 00 11".split(", "),
  "50 2a 4d 18 ff ff ff ff 11",
];

for (const rest of OPEN_BEHIND) {
  Deno.test(`decompressShard() finds a shard open that ends with the incomplete frame ${rest}`, () => {
    assertEquals(contentOf(bytes(COMPLETE, rest)), ["abc", false]);
  });
}

Deno.test("decompressShard() finds an empty file open", () => {
  assertEquals(contentOf(new Uint8Array()), ["", false]);
});

Deno.test("decompressShard() takes what is there of a raw block", () => {
  const cut = block("raw", utf8("de"), { size: 9 });
  assertEquals(contentOf(bytes(HEADER, ABC, cut)), ["abcde", false]);
});

Deno.test("decompressShard() finds a shard open whose checksum is truncated", () => {
  const checked = "28 b5 2f fd 04 68";
  assertEquals(contentOf(bytes(checked, ABC_LAST, "00 00")), ["abc", false]);
});

for (
  const rest of ["00", "28 00", "0a", "60", "5f 2b", "27 b5 2f fd", "41 42"]
) {
  Deno.test(`decompressShard() refuses ${rest} behind the last frame`, () => {
    const message = "no zstd frame begins at byte 12";
    assertRefused(bytes(COMPLETE, rest), "corrupt", message);
    assertRefused(bytes(rest), "corrupt", "no zstd frame begins at byte 0");
  });
}

Deno.test("decompressShard() refuses a dictionary", () => {
  const file = bytes("28 b5 2f fd 01 68 07", ABC, LAST);
  assertRefused(file, "dictionary_required");
  assertRefused(file.subarray(0, 7), "dictionary_required");
});

Deno.test("decompressShard() refuses a window of more than 8 MiB", () => {
  const message = "a window of 9437184 bytes";
  assertRefused(bytes("28 b5 2f fd 00 69"), "window_too_large", message);
  // Without a window, the size of the content counts.
  const size = "28 b5 2f fd a0 01 00 80 00";
  assertRefused(bytes(size, ABC, LAST), "window_too_large");
  const allowed = bytes("28 b5 2f fd a0 00 00 80 00", ABC);
  assertEquals(contentOf(allowed), ["abc", false]);
});

Deno.test("decompressShard() refuses a reserved bit and a reserved block", () => {
  const reserved = bytes("28 b5 2f fd 08 68", ABC, LAST);
  assertRefused(reserved, "corrupt", "reserved bit");
  assertRefused(bytes(HEADER, ABC, "06 00 00"), "corrupt", "reserved type");
});

Deno.test("decompressShard() refuses a block that is longer than its frame allows", () => {
  const max = new Uint8Array(MAX_BLOCK);
  assertEquals(contentOf(bytes(HEADER, block("raw", max), LAST))[1], true);
  const size = MAX_BLOCK + 1;
  const message = `a block of ${size} bytes`;
  const raw = block("raw", "", { size });
  assertRefused(bytes(HEADER, raw), "corrupt", message);
  const compressed = block("compressed", "", { size });
  assertRefused(bytes(HEADER, compressed), "corrupt", message);
  const rle = block("rle", "41", { size });
  assertRefused(bytes(HEADER, rle), "corrupt", message);
  const small = bytes("28 b5 2f fd 00 00", block("raw", max.subarray(0, 1025)));
  assertRefused(small, "corrupt", "a frame that allows 1024");
});

Deno.test("decompressShard() refuses another size than the header declares", () => {
  const tooMuch = bytes("28 b5 2f fd 80 68 02 00 00 00", ABC);
  assertRefused(tooMuch, "corrupt", "more bytes than its header states");
  const tooLittle = bytes("28 b5 2f fd 80 68 04 00 00 00", ABC);
  assertEquals(contentOf(tooLittle), ["abc", false]);
  assertRefused(
    bytes(
      "28 b5 2f fd 80 68 05 00 00 00",
      ABC,
      block("raw", "64", { isLast: true }),
    ),
    "corrupt",
    "fewer bytes than its header states",
  );
});

Deno.test("decompressShard() does not compare sizes after an empty last block, as the reference", () => {
  const tooLittle = bytes("28 b5 2f fd 80 68 04 00 00 00", ABC, LAST);
  assertEquals(contentOf(tooLittle), ["abc", true]);
});

/**
 * Compressed blocks, each made by hand for one rule of the format.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  assertRefused,
  block,
  bytes,
  contentOf,
  errorCode,
  HEADER,
  LAST,
  OWN,
  RUNTIME,
} from "./zstd_blocks.ts";

/** Three raw literals `abc`, and one sequence. */
const ABC = "18 61 62 63 01";

const DECODED:
  readonly (readonly [name: string, blocks: string[], text: string])[] = [
    ["raw literals", ["18 61 62 63 00"], "abc"],
    ["raw literals of two and three bytes of header", [
      "34 00 61 62 63 00",
      "3c 00 00 64 65 66 00",
    ], "abcdef"],
    ["literals of one byte", ["29 7a 00"], "zzzzz"],
    ["a new offset", [`${ABC} 54 03 02 00 06`], "abcabc"],
    [
      "literals behind the sequence",
      ["28 61 62 63 64 65 01 54 03 02 00 06"],
      "abcabcde",
    ],
    [
      "a repeated table",
      [`${ABC} 54 03 02 00 06`, "18 64 65 66 01 fc 06"],
      "abcabcdefdef",
    ],
    ["the most recent offset", [`${ABC} 54 03 00 00 01`], "abcccc"],
    ["the second offset, without literals", [
      "20 61 62 63 64 00",
      "00 01 54 00 00 00 01",
    ], "abcdabc"],
    [
      "a repetition that overlaps itself",
      [`${ABC} 54 03 00 24 07`],
      `ab${"c".repeat(47)}`,
    ],
  ];

for (const [name, blocks, text] of DECODED) {
  Deno.test(`decompressShard() decodes ${name}`, () => {
    const file = bytes(
      HEADER,
      ...blocks.map((data) => block("compressed", data)),
      LAST,
    );
    assertEquals(contentOf(file, OWN), [text, true]);
    assertEquals(contentOf(file, RUNTIME), [text, true]);
  });
}

const REFUSED: readonly (readonly [message: string, data: string])[] = [
  ["the count of sequences is missing", "18 61 62 63"],
  ["bytes behind the last sequence", "18 61 62 63 00 00"],
  ["literals are truncated", "20 61 62"],
  ["a Huffman table is missing", "13 40 00 01 00"],
  ["four streams of too few literals", "56 00 02 80 10 00 00 00 00 00 00 00"],
  ["a table of sequences is missing", `${ABC} fc 06`],
  ["the modes of sequences are malformed", `${ABC} 55 03 02 00 06`],
  ["the code of a sequence is malformed", `${ABC} 54 24 02 00 06`],
  ["too few literals", `${ABC} 54 04 02 00 06`],
  ["refers to bytes before the window", `${ABC} 54 03 05 00 20`],
  ["refers to bytes before the window", "00 01 54 00 01 00 03"],
  ["the sequences are truncated", `${ABC} 54 03 02 00 02`],
  ["bits behind the last sequence", `${ABC} 54 03 02 00 0c`],
  ["does not end with a 1 bit", `${ABC} 54 03 02 00 00`],
  ["a block is too long", "1d 00 20 61 00"],
];

for (const [message, data] of REFUSED) {
  Deno.test(`decompressShard() refuses a block: ${message} (${data})`, () => {
    const file = bytes(HEADER, block("compressed", data), LAST);
    assertRefused(file, "corrupt", message);
    assertEquals(errorCode(() => contentOf(file, RUNTIME)), "corrupt");
  });
}

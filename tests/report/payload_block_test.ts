/**
 * Payloads as bytes of the page: the same texts as if they were decoded and printed one by one.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import type { PayloadReader } from "../../lib/query/session/session.ts";
import { inertJson } from "../../lib/report/html/inert_json.ts";
import { PayloadBlocks } from "../../lib/report/html/payload_block.ts";
import { payloadsIn } from "../../lib/report/report_blocks.ts";

/** Reads these contents by the numbers in their paths; null cannot be read. */
function readerOf(contents: readonly (Uint8Array | null)[]): PayloadReader {
  return {
    bytes({ path = "" }: RawPayloadRef) {
      const content = contents[Number.parseInt(path)];
      if (content === null || content === undefined) throw new Error(path);
      return content;
    },
  } as PayloadReader;
}

function refsOf(contents: readonly unknown[], name: string): RawPayloadRef[] {
  return contents.map((_, i) => ({
    raw_payload_id: name + i,
    kind: { type: "tool_result" },
    path: `${i}.json`,
  }));
}

const BLOCKS = new PayloadBlocks();

function printed(
  contents: readonly (Uint8Array | null)[],
  name = "raw_payload:",
): { text: string; expected: [string, string][] } {
  const refs = refsOf(contents, name);
  const reader = readerOf(contents);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const text = decoder.decode(BLOCKS.block(refs, reader));
  return { text, expected: payloadsIn(refs, reader) };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test("a block of ASCII has every payload as JSON prints it", () => {
  const all = Uint8Array.from({ length: 0x80 }, (_, byte) => byte);
  const contents = [all, utf8(""), null, utf8('{"a": "</script>\\n & b"}')];
  const { text, expected } = printed(contents);
  assertEquals(text, inertJson(expected));
  assertEquals(expected.length, 3);
  assertEquals(printed([]).text, "[]");
});

Deno.test("a block of anything has every payload as JSON prints it", () => {
  const content = fc.oneof(
    fc.uint8Array(),
    fc.string({ unit: fc.constantFrom(...'a<&"\\\n\0é漢😀\u2028') }).map(utf8),
    fc.string().map(utf8),
    fc.constant(null),
  );
  fc.assert(fc.property(fc.array(content), fc.string(), (contents, name) => {
    const { text, expected } = printed(contents, name);
    assertEquals(text, inertJson(expected));
  }));
});

Deno.test("what is not UTF-8 is replaced as a decoder replaces it", () => {
  const lines = "a line\n".repeat(200);
  const faults = [
    ...[[0x80], [0xc1, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80]],
    ...[[0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]],
    ...[[0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc3], [0xf5, 0x80, 0x80, 0x80]],
  ];
  for (const fault of faults) {
    const { text, expected } = printed([
      Uint8Array.of(...fault, ...utf8(lines)),
      Uint8Array.of(...utf8(lines), ...fault),
    ]);
    assertEquals(text, inertJson(expected), String(fault));
    assert(expected.every(([, each]) => each.includes("\ufffd")));
  }
  const { text, expected } = printed([utf8(`\ufeff${lines}`)]);
  assertEquals(text, inertJson(expected));
});

Deno.test("few characters beyond ASCII in a block are escaped, many are not", () => {
  const code = utf8("let a = 1;\n".repeat(40));
  for (const few of ["“a”", "é", "😀", "\u2028", "漢字\ud7ff\ue000"]) {
    const { text, expected } = printed([code, utf8(few), code]);
    assert(/^[\x20-\x7e]+$/.test(text), text);
    assertEquals(text, inertJson(expected));
  }
  for (let length = 1; length < 60; length++) {
    for (const many of ["漢", "é", "😀"]) {
      const { text, expected } = printed([code, utf8(many.repeat(length))]);
      assertEquals(text, inertJson(expected));
    }
  }
});

Deno.test("long payloads follow each other in memory that is used again", () => {
  const long = utf8(`${"<".repeat(100_000)}é${"x".repeat(100_001)}😀`);
  for (const contents of [[long, long], [utf8("a")], [long, utf8("é"), long]]) {
    const { text, expected } = printed(contents);
    assertEquals(text, inertJson(expected));
  }
});

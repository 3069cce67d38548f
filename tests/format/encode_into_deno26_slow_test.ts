/**
 * Texts of Latin letters beyond ASCII, often enough that the engine compiles what handles them:
 * then `TextEncoder.encodeInto()` of Deno 2.6 reports wrongly how much of them it read.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { summarizeJson } from "../../lib/format/json/json_print.ts";
import { StateOutput } from "../../lib/graph/view/state_output.ts";

const OFTEN = 100_000;

/** A text in the engine's plainest form, as parsing returns it. */
function plain(text: string): string {
  const parsed: string = JSON.parse(JSON.stringify(text));
  return parsed;
}

function bytesOf(texts: readonly string[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  const out = new StateOutput((chunk) => void chunks.push(chunk.slice()));
  for (const text of texts) out.text(text);
  out.end();
  return new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
}

Deno.test("summarizeJson() cuts by bytes however often it is called", () => {
  // [text, what is left of it]
  const cases: [string, string | undefined][] = [
    ["é" + "x".repeat(168), undefined],
    ["é".repeat(120), undefined],
    ["é".repeat(121), "é".repeat(120)],
    ["x" + "é".repeat(120), "x" + "é".repeat(119)],
    ["é".repeat(200), "é".repeat(120)],
    ["x".repeat(240), undefined],
    ["x".repeat(241), "x".repeat(240)],
    ["xx" + "漢".repeat(80), "xx" + "漢".repeat(79)],
    ["x".repeat(239) + "🌍", "x".repeat(239)],
    ["x".repeat(236) + "🌍", undefined],
    ["x".repeat(237) + "🌍🌍", "x".repeat(237)],
  ];
  for (const [text, left] of cases) {
    const expected = left === undefined ? text : `${left}...`;
    const given = plain(text);
    for (let i = 0; i < OFTEN; i++) {
      const found = summarizeJson(given);
      if (found !== expected) assertEquals(found, expected, `call ${i}`);
    }
  }
});

Deno.test("StateOutput returns every byte of long texts, however often", () => {
  const encoder = new TextEncoder();
  // Texts of many lengths, so that some do not fit into what is left of the buffer.
  const words = [1, 7, 1000, 16_000, 90_000, 200_000].flatMap((length) =>
    ["é", "x", "漢", "🌍", "aé"].map((word) => plain(word.repeat(length)))
  );
  for (let round = 0; round < 3; round++) {
    const texts = words.flatMap((word, i) => [word, plain("ü".repeat(i))]);
    assertEquals(
      bytesOf(texts).length,
      encoder.encode(texts.join("")).length,
    );
  }
  const letters = Array.from({ length: OFTEN }, () => plain("ü".repeat(170)));
  const found = bytesOf(letters);
  const expected = encoder.encode(letters.join(""));
  assertEquals(found.length, expected.length);
  assertEquals(found.every((byte, i) => byte === expected[i]), true);
});

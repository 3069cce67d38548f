/**
 * Texts in rows: nothing is lost, nothing leaves the page, also where characters are wide.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../../support/random_seed.ts";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { widthOf } from "../../../lib/cli/text/fit.ts";
import { foldedLines } from "../../../lib/cli/text/folded.ts";
import { styleFor } from "../../../lib/cli/text/style.ts";
import { loadUnicode } from "../../../lib/cli/text/wrap/unicode.ts";
import { wrapPlain } from "../../../lib/cli/text/wrap/wrap_plain.ts";
import { chopped, wrappedRows } from "../../../lib/cli/text/wrap/wrap_rows.ts";
import { escapeControls } from "../../../lib/text/escape.ts";

await loadUnicode();

const escaped = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom(
      ..."ab éß漢字がﾊ한…⏎ー、（Ω",
      "🧑‍🚀",
      "e\u0301",
      "\u3099",
    ),
    maxLength: 200,
  }),
).map((text) => escapeControls(text));

Deno.test("chopped() loses nothing and keeps to the columns", () => {
  fc.assert(fc.property(
    escaped,
    fc.integer({ min: 4, max: 60 }),
    fc.integer({ min: 4, max: 60 }),
    (text, first, rest) => {
      const rows = chopped(text, first, rest);
      assertEquals(rows.join(""), text);
      for (const [at, row] of rows.entries()) {
        assert(stringWidth(row) <= (at === 0 ? first : rest), row);
      }
    },
  ));
});

Deno.test("wrappedRows() loses nothing but spaces and keeps to the columns", () => {
  fc.assert(fc.property(
    escaped,
    fc.integer({ min: 4, max: 60 }),
    (text, width) => {
      const rows = wrappedRows(text, width);
      const bare = (each: string) => each.replaceAll(/\s/g, "");
      assertEquals(bare(rows.join("")), bare(text));
      for (const row of rows) assert(stringWidth(row) <= width, row);
    },
  ));
});

Deno.test("wrappedRows() breaks between words where it can", () => {
  assertEquals(wrappedRows("one two three", 8), ["one two", "three"]);
  assertEquals(wrappedRows("  indented text", 10), ["  indented", "text"]);
  assertEquals(wrappedRows("abcdefghij", 4), ["abcd", "efgh", "ij"]);
  assertEquals(wrappedRows("漢字漢字", 5), ["漢字", "漢字"]);
  assertEquals(wrappedRows("", 5), [""]);
});

function folded(text: string, full = false): string[] {
  const render = { width: 40, style: styleFor(false) };
  return [...foldedLines(text, { render, width: 40, full })];
}

Deno.test("foldedLines() folds what is long and prints how much", () => {
  const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`);
  const text = lines.join("\n");
  const shown = folded(text);
  const hidden = lines.slice(10, 96);
  assertEquals(shown, [
    ...lines.slice(0, 10),
    `… 86 more lines, ${hidden.join("\n").length + 1} bytes: --full`,
    ...lines.slice(96),
  ]);
  assertEquals(folded(text, true), lines);
  assertEquals(folded(`${text}\n`), shown);
});

Deno.test("foldedLines() cuts a line that has no end", () => {
  const shown = folded("x".repeat(10_000));
  assertEquals(shown.slice(0, 6), Array(6).fill("x".repeat(40)));
  assertEquals(shown.slice(6), ["… 9.5 KiB more of this line: --full"]);
  assertEquals(folded("x".repeat(10_000), true).join("").length, 10_000);
});

Deno.test("foldedLines() shows short texts as they are", () => {
  assertEquals(folded(""), []);
  assertEquals(folded("\n"), []);
  assertEquals(folded("a\r\n\tb\n\nc"), ["a", "    b", "", "c"]);
});

Deno.test("widthOf() measures each character as the package does that measures all texts", () => {
  const others: string[] = [];
  for (let code = 0x20; code < 0x3000; code++) {
    const character = String.fromCharCode(code);
    const text = `a${character}${character}1${character}`;
    if (widthOf(text) !== stringWidth(text)) others.push(code.toString(16));
  }
  assertEquals(others, []);
});

Deno.test("wrapPlain() wraps as the package does that wraps all texts", () => {
  const plain = fc.string({
    unit: fc.constantFrom(..."  abcdéжί…│“”–—•€→✓"),
    maxLength: 120,
  });
  fc.assert(
    fc.property(
      plain,
      fc.integer({ min: 1, max: 30 }),
      (text, width) =>
        assertEquals(
          wrapPlain(text, width),
          wrapAnsi(text, width, { hard: true, trim: false }).split("\n"),
        ),
    ),
  );
});

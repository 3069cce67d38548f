/**
 * Tables keep to the width, however little of it there is.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../../support/random_seed.ts";
import { barLine } from "../../../lib/cli/text/bars.ts";
import { columnLines } from "../../../lib/cli/text/columns.ts";
import { fieldLines } from "../../../lib/cli/text/fields.ts";
import {
  cut,
  cutStart,
  widthOf,
  widthUpTo,
} from "../../../lib/cli/text/fit.ts";
import { styleFor } from "../../../lib/cli/text/style.ts";
import { loadUnicode } from "../../../lib/cli/text/wrap/unicode.ts";
import { wrappedRows } from "../../../lib/cli/text/wrap/wrap_rows.ts";
import { escapeControls } from "../../../lib/text/escape.ts";
import { startWork } from "../../support/work_cost.ts";
import { slowTest } from "../../support/cases.ts";

await loadUnicode();

Deno.test("a table is no wider than asked, whatever is in it", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 40 }).map(
    escapeControls,
  );
  const rows = fc.array(fc.tuple(cell, cell, cell), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(rows, fc.integer({ min: 10, max: 140 }), (rows, width) => {
      const columns = [{ shrinkable: true }, {}, { align: "right" as const }];
      const lines = columnLines({ columns, rows, width, indent: 2 });
      assertEquals(lines.length, rows.length);
      for (const line of lines) assert(widthOf(line) <= width, line);
    }),
  );
});

Deno.test("the shrinkable column is cut before any other", () => {
  const rows = [["a name that is rather long", "another that is long"]];
  assertEquals(
    columnLines({ columns: [{ shrinkable: true }, {}], rows, width: 50 }),
    ["a name that is rather long  another that is long"],
  );
  assertEquals(
    columnLines({ columns: [{ shrinkable: true }, {}], rows, width: 40 }),
    ["a name that is ra…  another that is long"],
  );
  assertEquals(
    columnLines({ columns: [{ shrinkable: true }, {}], rows, width: 20 }),
    ["a name …  another t…"],
  );
});

Deno.test("what is cut, at either end, is as wide as it may be", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 60 }).map(
    escapeControls,
  );
  const mixed = fc.tuple(fc.string({ maxLength: 60 }).map(escapeControls), text)
    .map(([plain, any]) => plain + any);
  fc.assert(
    fc.property(mixed, fc.integer({ min: 1, max: 60 }), (text, most) => {
      const width = widthOf(text);
      assertEquals(widthUpTo(text, most), Math.min(width, most));
      for (const piece of [cut(text, most), cutStart(text, most)]) {
        if (width <= most) assertEquals(piece, text);
        else assert(widthOf(piece) <= most && piece.includes("…"), piece);
      }
    }),
  );
  assertEquals([cut("abcdef", 3), cutStart("abcdef", 3)], ["ab…", "…ef"]);
  assertEquals([cut("漢字漢字", 4), cutStart("漢字漢字", 4)], ["漢…", "…字"]);
});

slowTest("time of a table grows with its rows, not with their square", () => {
  const rows = Array.from({ length: 12_000 }, (_, at) => `row ${at}`);
  const fields = ["a", "b", "c", "d", "e", "f", "g", "h"].map((title) => ({
    title,
    cell: (row: string) => row,
  }));
  const render = { width: 80, style: styleFor(false) };
  const worked = startWork();
  const lines = fieldLines(fields, rows, render);
  assertEquals(lines.length, rows.length + 1);
  assertEquals(lines[1]?.split(/ {2,}/).length, fields.length);
  assertEquals(lines.at(-1)?.split(/ {2,}/).length, fields.length);
  assert(worked() < 8_000);
});

Deno.test("more values and rows than a call takes arguments are no problem", () => {
  const many = Array.from({ length: 300_000 }, (_, at) => at + 1);
  assertEquals(barLine(many, 4), "▂▄▆█");
  assertEquals(wrappedRows("x".repeat(300_000), 1).length, 300_000);
});

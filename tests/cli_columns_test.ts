/**
 * Tables keep to the width, however little of it there is.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { columnLines } from "../lib/cli/text/columns.ts";
import { widthOf } from "../lib/cli/text/fit.ts";
import { visible } from "../lib/cli/visible.ts";

Deno.test("a table is no wider than asked, whatever stands in it", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 40 }).map(visible);
  const rows = fc.array(fc.tuple(cell, cell, cell), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(rows, fc.integer({ min: 10, max: 140 }), (rows, width) => {
      const columns = [{ gives: true }, {}, { align: "right" as const }];
      const lines = columnLines({ columns, rows, width, indent: 2 });
      assertEquals(lines.length, rows.length);
      for (const line of lines) assert(widthOf(line) <= width, line);
    }),
  );
});

Deno.test("the column that gives is cut before any other", () => {
  const rows = [["a name that is rather long", "another that is long"]];
  assertEquals(
    columnLines({ columns: [{ gives: true }, {}], rows, width: 50 }),
    ["a name that is rather long  another that is long"],
  );
  assertEquals(
    columnLines({ columns: [{ gives: true }, {}], rows, width: 40 }),
    ["a name that is ra…  another that is long"],
  );
  assertEquals(
    columnLines({ columns: [{ gives: true }, {}], rows, width: 20 }),
    ["a name …  another t…"],
  );
});

/**
 * The packages for texts of all languages are loaded when a line needs them, and nothing is
 * printed twice.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { printLines } from "../../../lib/cli/shared/print.ts";
import { cut, widthOf } from "../../../lib/cli/text/fit.ts";
import { recordedIo } from "../../support/cli.ts";

Deno.test("printLines() prints each line once, also when one needs what is not loaded", async () => {
  const plain = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
  let asked = 0;
  const lines = function* () {
    asked++;
    yield* plain;
    yield cut("漢字漢字", 5);
    yield `${widthOf("🧑‍🚀")}`;
  };
  const expected = `${[...plain, "漢字…", "2"].join("\n")}\n`;
  for (const times of [2, 3]) {
    const io = recordedIo();
    await printLines(io, lines);
    assertEquals(io.stdout === expected, true);
    assertEquals(asked, times);
  }
});

Deno.test("printLines() passes other errors on", async () => {
  const lines = () => {
    throw new RangeError("a fault");
  };
  await assertRejects(() => printLines(recordedIo(), lines), RangeError);
});

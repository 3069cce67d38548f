/**
 * The packages for texts of all languages are loaded when a line needs them, and nothing is
 * printed twice.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { printLines } from "../../../lib/cli/shared/print.ts";
import { recordedIo } from "../../support/cli.ts";
import { PROJECT } from "../../support/paths.ts";
import { run } from "../../support/processes.ts";

/** Prints many plain lines and two that need the packages, twice; returns how often it was asked. */
const PRINT_TWICE = `
import { printLines } from "./lib/cli/shared/print.ts";
import { cut, widthOf } from "./lib/cli/text/fit.ts";
import { recordedIo } from "./tests/support/cli.ts";

const plain = Array.from({ length: 20_000 }, (_, at) => "line " + at);
let asked = 0;
const lines = function* () {
  asked++;
  yield* plain;
  yield cut("漢字漢字", 5);
  yield String(widthOf("🧑‍🚀"));
};
const expected = [...plain, "漢字…", "2"].join("\\n") + "\\n";
for (let time = 0; time < 2; time++) {
  const io = recordedIo();
  await printLines(io, lines);
  console.log(io.stdout === expected, asked);
}
`;

// In a process of its own: what is loaded stays loaded.
Deno.test("printLines() prints each line once, also when one needs what is not loaded", () => {
  const args = ["eval", "--config", join(PROJECT, "deno.json"), PRINT_TWICE];
  const { stdout, stderr } = run(Deno.execPath(), args, { cwd: PROJECT });
  assertEquals(stdout, "true 2\ntrue 3\n", stderr);
});

Deno.test("printLines() passes other errors on", async () => {
  const lines = () => {
    throw new RangeError("a fault");
  };
  await assertRejects(() => printLines(recordedIo(), lines), RangeError);
});

/**
 * Questions about very many of anything, very deep chains and rings: they are answered in time
 * that grows with the bundle, and nothing runs out of stack.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../lib/cli/command.ts";
import { runProgram } from "../../lib/cli/program.ts";
import { ASK_CROWDS } from "./scale_bundles.ts";
import { recordedIo } from "../support/cli.ts";
import { crowded } from "./repeated_ids_bundles.ts";
import { startWork } from "../support/work_cost.ts";

const MANY = 1_000;
/** Many times what any takes, also on a busy machine; a loop in a loop takes longer still. */
const MAX_MS = 60_000;

/** Asks, and reports how long that took. */
async function ask(args: readonly string[]): Promise<number> {
  const io = recordedIo();
  const worked = startWork();
  const code = await runProgram(args, io);
  const result = `${args.join(" ")}: exit code ${code}\n${io.stderr}`;
  assert(code === EXIT.ok || code === EXIT.partial, result);
  assert(!io.stderr.includes("unexpected "), result);
  if (args.includes("--json")) JSON.parse(io.stdout);
  return worked();
}

async function inCrowd(
  name: string,
  many: number,
  test: (bundle: string, folder: string) => Promise<void>,
): Promise<void> {
  const crowd = ASK_CROWDS[name];
  assert(crowd !== undefined, name);
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    const place = join(folder, "bundle");
    await test(crowded(crowd, 2, many).writeTo(place), folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

for (const name of Object.keys(ASK_CROWDS)) {
  Deno.test(`questions about very many are answered: ${name}`, () =>
    inCrowd(name, MANY, async (bundle, folder) => {
      for (
        const args of [
          ["show", bundle, "--json"],
          ["timeline", bundle],
          ["explain", bundle, "thread:1"],
          ["report", bundle, "-o", join(folder, "report.html")],
        ]
      ) {
        const ms = await ask(args);
        assert(ms < MAX_MS, `${args.join(" ")}: ${ms} ms`);
      }
    }));
}

Deno.test("a report of many cells or many agents takes time in proportion to them", async () => {
  for (const name of ["cells with a call each", "agents that one spawned"]) {
    await inCrowd(name, 6_000, async (bundle, folder) => {
      const file = join(folder, "report.html");
      const ms = await ask(["report", bundle, "--payloads=none", "-o", file]);
      assert(ms < MAX_MS, `${name}: ${ms} ms`);
    });
  }
});

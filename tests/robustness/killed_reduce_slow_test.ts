/**
 * `reduce`, killed at any moment: its output is complete or absent.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { writeBenchBundle } from "../support/bundles/long/long_bundle.ts";
import { MAIN } from "../support/paths.ts";
import { Prng } from "../support/bundles/random/prng.ts";
import { FIRST_SEED } from "../support/random_seed.ts";

const KILLS = 12;
/** So much output that writing it takes a while. */
const SHAPE = { calls: 120, tools: 3, outBytes: 4000, images: 1 } as const;

async function reduce(
  bundle: string,
  output: string,
  killAfterMs = 60_000,
): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-write", MAIN],
      ...["reduce", bundle, "-o", output],
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // It ended by itself a moment ago.
      if (!(error instanceof TypeError)) throw error;
    }
  }, killAfterMs);
  const { success } = await child.status;
  clearTimeout(timer);
  return success;
}

Deno.test("reduce, killed while it works, leaves the output absent, or as it was, or complete", async () => {
  const folder = Deno.makeTempDirSync();
  const p = new Prng(FIRST_SEED);
  try {
    const bundle = join(folder, "bundle");
    writeBenchBundle(bundle, SHAPE);
    const output = join(folder, "state.json");
    const started = performance.now();
    assert(await reduce(bundle, output));
    const full = performance.now() - started;
    const complete = Deno.readTextFileSync(output);
    assert(complete.length > 1_000_000, `${complete.length} bytes`);
    for (let kill = 0; kill < KILLS; kill++) {
      const before = kill % 2 === 0 ? undefined : "what was there";
      Deno.removeSync(output);
      if (before !== undefined) Deno.writeTextFileSync(output, before);
      // Writing is last: most kills go there.
      const at = full * (0.4 + 0.6 * p.int(1000) / 1000);
      const done = await reduce(bundle, output, at);
      const after = existsSync(output)
        ? Deno.readTextFileSync(output)
        : undefined;
      const isComplete = after === complete;
      const where =
        `seed ${FIRST_SEED}, kill ${kill}, ${after?.length} characters`;
      assert(isComplete || (!done && after === before), where);
      if (after === undefined) Deno.writeTextFileSync(output, "");
    }
    assertEquals(await reduce(bundle, output), true);
    assertEquals(Deno.readTextFileSync(output) === complete, true);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

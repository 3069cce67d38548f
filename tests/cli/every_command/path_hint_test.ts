/**
 * What the program reports about a path that is no bundle, and of the bundles that may be meant.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { renderOptionsFor } from "../../../lib/cli/text/render_options.ts";
import { parseArgs } from "../../../lib/cli/args/parse_args.ts";
import { QUERY_FLAGS } from "../../../lib/cli/catalog/common_flags.ts";
import { printed, upstreamBundle } from "../commands/command_golden.ts";
import { putBundle } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

const SHELL = join(TESTDATA, "upstream", "0.164.0-shell");
const QUESTIONS = ["show", "timeline", "transcript", "context", "stats"];

async function inPlace(
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("questions name the only bundle below a folder, quoted for the shell", async () => {
  await inPlace(async (folder) => {
    const scenario = join(folder, "a scenario");
    Deno.mkdirSync(scenario);
    putBundle(scenario, "bundle", SHELL);
    const { code, stderr } = await printed(["show", scenario]);
    assertEquals(code, EXIT.failed);
    assert(
      stderr.includes(`hint: did you mean '${join(scenario, "bundle")}'?`),
      stderr,
    );
  });
});

Deno.test("questions lead to list where several bundles are below a folder", async () => {
  await inPlace(async (folder) => {
    putBundle(folder, "one", SHELL);
    putBundle(folder, "two", SHELL);
    for (const command of QUESTIONS.filter((name) => name !== "stats")) {
      const { code, stderr } = await printed([command, folder]);
      assertEquals(code, EXIT.failed);
      assert(stderr.includes(`rollout-trace list ${folder}`), stderr);
    }
    assertEquals((await printed(["list", folder])).code, EXIT.ok);
  });
});

Deno.test("stats prints that bundles are below a folder only where a folder was named", async () => {
  const named = ["0.164.0-shell", "0.169.0-hello"].map(upstreamBundle);
  const several = await printed(["stats", ...named]);
  assert(several.stdout.includes("2 bundles · "), several.stdout);
  assert(!several.stdout.includes(" below "), several.stdout);
  await inPlace(async (folder) => {
    putBundle(folder, "one", SHELL);
    putBundle(folder, "two", SHELL);
    const { stdout } = await printed(["stats", folder, "--width", "200"]);
    assert(stdout.includes(`2 bundles below ${folder}`), stdout);
  });
});

Deno.test("stats --csv prints once what a row is counted by", async () => {
  const bundle = upstreamBundle("0.164.0-shell");
  const titles = async (...args: string[]) =>
    (await printed(["stats", bundle, "--csv", ...args])).stdout.split(",")
      .slice(0, 2);
  assertEquals(await titles("--by", "bundle"), ["group", "bundles"]);
  assertEquals(await titles("--by", "turn"), ["group", "bundle"]);
  assertEquals(
    await titles("--by", "bundle", "--columns", "bundle,calls"),
    ["group", "bundle"],
  );
});

Deno.test("a terminal that reports no columns is taken to have 80", async () => {
  const { flags } = await parseArgs([], { operands: [], flags: QUERY_FLAGS });
  const width = (columns: number | undefined) =>
    renderOptionsFor(flags, { columns, color: false, isTerminal: true })
      .width;
  assertEquals([undefined, 0, 20, 80, 5000].map(width), [80, 80, 40, 80, 1000]);
});

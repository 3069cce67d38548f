/**
 * Every question with exactly the permission its help names, and without it.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { TESTDATA } from "../../support/paths.ts";
import { type Ended, runMain } from "../../support/processes.ts";

const ROOT = join(TESTDATA, "upstream");
const BUNDLE = join(ROOT, "0.169.0-agents_v2", "bundle");

/** Every question, after the word the place; what each may read. */
const QUESTIONS: readonly (readonly [string, string, ...string[]])[] = [
  ["show", BUNDLE],
  ["timeline", BUNDLE],
  ["transcript", BUNDLE],
  ["context", BUNDLE],
  ["explain", BUNDLE, "call:1"],
  ["payload", BUNDLE, "payload:1"],
  ["diff", BUNDLE, "call:2"],
  ["search", BUNDLE, "child"],
  ["stats", BUNDLE],
  ["list", BUNDLE],
  ["stats", join(TESTDATA, "broken")],
  ["list", ROOT],
];

/** Runs a question where a configuration exists that may not be read, and is malformed. */
function askIn(
  folder: string,
  permissions: readonly string[],
  args: readonly string[],
): Ended {
  Deno.writeTextFileSync(join(folder, "rollout-trace.jsonc"), "no config");
  return runMain(permissions, args, { cwd: folder });
}

function inFolder(test: (folder: string) => void): void {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

for (const args of QUESTIONS) {
  const [question, place] = args;
  const what = `${question} ${place.slice(TESTDATA.length + 1)}`;
  Deno.test(`${what} needs to read that, and nothing else`, () =>
    inFolder((folder) => {
      const given = askIn(folder, [`--allow-read=${place}`], args);
      assert(
        given.code === EXIT.ok || given.code === EXIT.partial,
        given.stderr,
      );
      assert(given.stdout.length > 100);
      assert(!/rollout-trace\.jsonc|allow-env/.test(given.stderr));
      const refused = askIn(folder, [], args);
      assertEquals(refused.code, EXIT.usage);
      assertEquals(refused.stdout, "");
      assertStringIncludes(refused.stderr, `add --allow-read=${place}`);
    }));
}

Deno.test("report needs to read the bundle and to write the file, and nothing else", () =>
  inFolder((folder) => {
    const file = join(folder, "report.html");
    const args = ["report", BUNDLE, "-o", file];
    const read = `--allow-read=${BUNDLE}`;
    const write = `--allow-write=${file}`;
    for (const [given, missing] of [[read, write], [write, read]] as const) {
      const refused = askIn(folder, [given], args);
      assertEquals(refused.code, EXIT.usage);
      assertStringIncludes(refused.stderr, `add ${missing}`);
    }
    const { code, stdout } = askIn(folder, [read, write], args);
    assertEquals(code, EXIT.ok);
    assertEquals(stdout.trim(), file);
    assertStringIncludes(Deno.readTextFileSync(file), "</html>");
  }));

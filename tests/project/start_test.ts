/**
 * What every start loads: everything that `reduce` needs, and no package from outside. And that
 * the engine compiles it once.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { GOOD_STATE, inFolder, putBundle } from "../support/cli.ts";
import { slowTest } from "../support/cases.ts";
import { PROJECT } from "../support/paths.ts";
import { runMain } from "../support/processes.ts";

const ROOTS = ["lib/cli/program.ts", "lib/cli/commands/reduce/reduce.ts"];
/** More than there are, by little: a change that loads more should show what it costs. */
const MAX_MODULES = 190;
/** Folders of code that `reduce` does not use. */
const UNUSED = [
  "lib/bundle/write/",
  "lib/check/",
  "lib/query/",
  "lib/record/",
  "lib/report/",
];

/** What a module loads at once: neither types nor what it imports when it needs it. */
function loadedBy(path: string): string[] {
  const code = Deno.readTextFileSync(join(PROJECT, path))
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^(?:import|export) type\b[^;]*;/gm, "");
  const found = code.matchAll(
    /^(?:import|export)\b[^;"']*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"/gm,
  );
  return Array.from(found, ([, from, bare]) => from ?? bare ?? "");
}

Deno.test("reduce loads few modules, and none from outside", () => {
  const loaded = new Set(ROOTS);
  const outside: string[] = [];
  for (const path of loaded) {
    for (const specifier of loadedBy(path)) {
      if (specifier.startsWith(".")) {
        loaded.add(join(path, "..", specifier).replaceAll("\\", "/"));
      } else outside.push(`${path} loads ${specifier}`);
    }
  }
  assertEquals(outside, []);
  assert(
    loaded.has("lib/replay.ts") && loaded.has("lib/graph/view/state_json.ts"),
  );
  assert(loaded.size <= MAX_MODULES, `${loaded.size} modules`);
  const isUnused = (path: string) =>
    UNUSED.some((folder) => path.startsWith(folder));
  assertEquals([...loaded].filter(isUnused), []);
});

slowTest(
  "what the engine compiled at the first start is there at the second",
  () => {
    inFolder((cwd) => {
      putBundle(cwd, "bundle");
      const env = { DENO_DIR: join(cwd, "deno") };
      const reduce = () =>
        runMain(
          ["--allow-read", "--allow-write", "--log-level=debug"],
          ["reduce", "bundle", "-o", "state.json"],
          { cwd, env },
        );
      const compiled = ({ stderr }: { stderr: string }) =>
        Array.from(
          stderr.matchAll(/code cache hit for ES module: \S*\/(\w+\.\w+),/g),
          ([, name]) => name,
        );
      assertEquals(compiled(reduce()), []);
      const again = new Set(compiled(reduce()));
      const expected = ["main.ts", "program.ts", "reduce.ts", "replay.ts"];
      assertEquals(expected.filter((name) => !again.has(name)), []);
      const state = Deno.readTextFileSync(join(cwd, "state.json"));
      assertEquals(state, GOOD_STATE);
    });
  },
);

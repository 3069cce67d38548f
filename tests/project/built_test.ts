/**
 * The program that `main.ts` runs is the one that the sources make, and it is found at once.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { relative } from "@std/path";
import { MAIN, PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import { BUILDER, buildProgram, committedFiles } from "../tools/build.ts";

const isBuilder = Deno.version.deno === BUILDER;

Deno.test({
  name: `the built program is up to date${
    isBuilder ? "" : ` (skipped: Deno ${BUILDER} builds it)`
  }`,
  ignore: !isBuilder,
  fn: () => {
    const made = buildProgram();
    const committed = committedFiles();
    const stale = [...made.keys(), ...committed.keys()].filter((name) =>
      made.get(name) !== committed.get(name)
    );
    assertEquals(stale, [], "run `deno task build`");
    const bytes = [...made.values()].join("").length;
    assert(bytes < 900_000, `${bytes} bytes are committed and loaded`);
  },
});

/** A module of the graph of `deno info --json`. */
interface Module {
  specifier: string;
  dependencies?: { code?: { specifier: string }; isDynamic?: boolean }[];
}

Deno.test("deno finds few files when it starts the program, none of a package", () => {
  const { stdout } = run(Deno.execPath(), ["info", "--json", MAIN]);
  const { modules }: { modules: Module[] } = JSON.parse(stdout);
  const byName = new Map(
    modules.map((module) => [nameOf(module.specifier), module]),
  );
  assertEquals(reachedFrom("main.ts", byName, false), ["main.ts"]);
  assertEquals(reachedFrom("lib/built/program.js", byName, false), [
    "lib/built/program.js",
    "lib/built/shared_1.js",
  ]);
  const found = reachedFrom("main.ts", byName, true);
  assert(found.includes("lib/built/answering.js"), found.join());
  assert(found.includes("lib/report/page_asset.ts"), found.join());
  assertEquals(found.filter((name) => name.startsWith("npm:")), []);
  const files = found.filter((name) => !name.startsWith("node:"));
  assert(files.length <= 9, files.join());
});

/** What a module loads at once, or may load as well when a command asks for it. */
function reachedFrom(
  start: string,
  modules: ReadonlyMap<string, Module>,
  withDynamic: boolean,
): string[] {
  const reached = new Set([start]);
  for (const name of reached) {
    for (const { code, isDynamic } of modules.get(name)?.dependencies ?? []) {
      if (code === undefined || (isDynamic && !withDynamic)) continue;
      reached.add(nameOf(code.specifier));
    }
  }
  return [...reached].sort();
}

function nameOf(specifier: string): string {
  return specifier.startsWith("file:")
    ? relative(PROJECT, new URL(specifier).pathname).replaceAll("\\", "/")
    : specifier;
}

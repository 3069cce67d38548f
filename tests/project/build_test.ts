/**
 * What `deno task build` makes: files of which each command needs a part, and no package. And that
 * the program names the task to run when nothing was built.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { copySync } from "@std/fs";
import { basename, fromFileUrl, join } from "@std/path";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { VERSION } from "../../lib/cli/version.ts";
import { BUNDLED_PROGRAM, PROJECT, TESTDATA } from "../support/paths.ts";
import { run } from "../support/processes.ts";

/** A module of the graph of `deno info --json`. */
interface Module {
  specifier: string;
  dependencies?: { code?: { specifier: string }; isDynamic?: boolean }[];
}

/** Characters of the code that `main.js` and a question load; more than there are, by little. */
const MAX_START = 280_000;
const MAX_QUESTION = 520_000;

Deno.test("the bundled program needs no package, and a question loads its own code only", () => {
  const main = join(BUNDLED_PROGRAM, "main.js");
  const { stdout } = run(Deno.execPath(), ["info", "--json", main]);
  const { modules }: { modules: Module[] } = JSON.parse(stdout);
  const byName = new Map(
    modules.map((module) => [nameOf(module.specifier), module]),
  );
  const start = reachedFrom("main.js", byName, false);
  assert(sizeOf(start) < MAX_START, `${sizeOf(start)} bytes`);
  const found = reachedFrom("main.js", byName, true);
  assertEquals(found.filter((name) => name.startsWith("npm:")), []);
  assert(found.includes("page.js"), found.join());
  for (const { name } of COMMANDS) {
    if (name === "reduce") continue;
    const loaded = reachedFrom(`${name}.js`, byName, false);
    const bytes = sizeOf([...new Set([...start, ...loaded])]);
    assert(loaded.length > 1 && bytes < MAX_QUESTION, `${name}: ${bytes}`);
    assert(!loaded.includes("unicode_packages.js"), name);
    assert(!loaded.some((file) => file.startsWith("node:")), loaded.join());
  }
});

function sizeOf(files: readonly string[]): number {
  return files.map((name) => Deno.statSync(join(BUNDLED_PROGRAM, name)).size)
    .reduce((sum, size) => sum + size, 0);
}

Deno.test("the bundled program is small, and names the licences of what it contains", () => {
  const sizes = Array.from(
    Deno.readDirSync(BUNDLED_PROGRAM),
    ({ name }) => Deno.statSync(join(BUNDLED_PROGRAM, name)).size,
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  assert(bytes < 1_450_000, `${bytes} bytes are compiled`);
  const licences = Deno.readTextFileSync(join(BUNDLED_PROGRAM, "LICENSES.txt"));
  for (const name of ["diff", "re2js", "cli-table3", "cli-progress"]) {
    assert(licences.includes(`## ${name} `), `no licence of ${name}`);
  }
});

/** Runs `main.ts` of a checkout in which nothing was built, after a change of its sources. */
function runUnbuilt(args: readonly string[], change: (root: string) => void) {
  const root = Deno.makeTempDirSync();
  try {
    const { imports } = JSON.parse(
      Deno.readTextFileSync(join(PROJECT, "deno.json")),
    );
    Deno.writeTextFileSync(
      join(root, "deno.json"),
      JSON.stringify({ imports, nodeModulesDir: "none" }),
    );
    for (const name of ["lib", "main.ts", "deno.lock"]) {
      copySync(join(PROJECT, name), join(root, name));
    }
    change(root);
    const grants = [`--allow-read=${TESTDATA}`, `--allow-write=${root}`];
    return run(Deno.execPath(), ["run", ...grants, "main.ts", ...args], {
      cwd: root,
    });
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("without a build, report names the task to run, and every other command runs", () => {
  const bundle = join(TESTDATA, "upstream", "0.128.0-hello", "bundle");
  const report = runUnbuilt(["report", bundle, "-o", "page.html"], () => {});
  assertEquals(report, {
    code: 2,
    stdout: "",
    stderr: "error: the page of the report is not built\n" +
      "hint: run deno task build\n",
  });
  const show = runUnbuilt(["show", bundle], () => {});
  assertEquals({ code: show.code, stderr: show.stderr }, {
    code: 0,
    stderr: "",
  });
});

Deno.test("main.ts runs the sources as they are", () => {
  const { stdout } = runUnbuilt(["--version"], (root) => {
    const path = join(root, "lib", "cli", "version.ts");
    const code = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, code.replace(VERSION, "99.9.9"));
  });
  assertEquals(stdout, "rollout-trace 99.9.9\n");
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
    ? basename(fromFileUrl(specifier))
    : specifier;
}

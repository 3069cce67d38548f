/**
 * Makes `dist/`: the page of the report, and the program bundled into the few files that
 * `deno task compile` compiles. `deno task build`.
 *
 * `main.ts` runs the sources and needs the page alone. The bundle is for the compiled program:
 * made of the sources, it takes 153 ms of CPU for a bundle of a few requests, and 47 ms like this.
 *
 * @module
 */

import { emptyDir } from "@std/fs";
import { join, relative } from "@std/path";
import { BUNDLED_PROGRAM, DIST, PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import { buildPages } from "./packaging/build_page.ts";
import { packedModule } from "./packaging/packed_module.ts";
import { bundledPackages } from "./packaging/licenses/bundled_packages.ts";
import { licensesText } from "./packaging/licenses/licenses_text.ts";
import { runtimeCrates } from "./packaging/licenses/runtime_crates.ts";

/** The licenses, where `lib/cli/about/licenses.ts` looks for them. */
const LICENSES = join(DIST, "licenses.js");
/** What it is made of: the program, and what its workers start with. */
const ENTRIES = ["program.ts", "worker.ts"]
  .map((name) => join(PROJECT, "lib", "cli", name));
/** What is made of the entries themselves. */
const PROGRAMS = ["program.js", "worker.js"];

const HEADER = "// Made by `deno task build` from lib/cli/program.ts. " +
  "Its licenses: rollout-trace --licenses.\n";

/**
 * Makes the files of the program with the Deno that runs this: name → content. The page has to be
 * in its place.
 *
 * @throws {Error} If the bundler fails.
 */
function buildProgram(): ReadonlyMap<string, string> {
  const made = bundle(["--minify"]);
  const names = namesFor(made);
  const files = new Map<string, string>();
  for (const [name, bundled] of made) {
    const plain = names.get(name);
    if (plain === undefined) continue;
    const code = withRequire(withoutHelper(bundled, made));
    files.set(plain, HEADER + renamed(code, names));
  }
  return files.set("main.js", HEADER + MAIN_SCRIPT);
}

/** `main.ts` without its wait: a compiled program starts some 4 ms sooner with it. */
const MAIN_SCRIPT = 'import { runProgram } from "./program.js";\n' +
  "Deno.exit(await runProgram(Deno.args));\n";

/** What the bundler makes: the entries, a file for each `import()`, and what these share. */
function bundle(options: readonly string[]): Map<string, string> {
  const folder = Deno.makeTempDirSync({ dir: DIST });
  try {
    const args = [
      ...["bundle", "--quiet", "--platform", "deno", "--code-splitting"],
      ...["--config", join(PROJECT, "deno.json"), ...options],
      ...["--outdir", folder, ...ENTRIES],
    ];
    const { code, stderr } = run(Deno.execPath(), args, { cwd: PROJECT });
    if (code !== 0) throw new Error(`deno ${args.join(" ")}: ${stderr}`);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    return contents(folder, names.sort());
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function contents(
  folder: string,
  names: readonly string[],
): Map<string, string> {
  return new Map(
    names.map((name) => [name, Deno.readTextFileSync(join(folder, name))]),
  );
}

/** An import of a file of the bundle, anywhere in the code. */
const IMPORTED = /"\.\/([\w-]+\.js)"/g;

/**
 * Names without the bundler's checksums, which would change with every line: what one file needs
 * is numbered in the order in which it is asked for, from the entry on.
 */
function namesFor(made: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map(PROGRAMS.map((name) => [name, name]));
  let shared = 0;
  for (const [name] of names) {
    const code = made.get(name);
    if (code === undefined) throw new Error(`${name} was not made`);
    for (const [, imported = ""] of code.matchAll(IMPORTED)) {
      if (names.has(imported)) continue;
      names.set(
        imported,
        imported.startsWith("chunk-")
          ? `shared_${++shared}.js`
          : imported.replace(/-\w+\.js$/, ".js").replaceAll("-", "_"),
      );
    }
  }
  return names;
}

function renamed(code: string, names: ReadonlyMap<string, string>): string {
  return code.replace(
    IMPORTED,
    (_, name: string) => JSON.stringify(`./${names.get(name)}`),
  );
}

/** What only the bundler's own helpers have, of Deno 2.9 and of Deno 2.6. */
const HELPERS = /__deno_internal_createRequire|typeof require</;

/** The `require` of the bundler of Deno 2.9. It loads a module of Node, which takes 20 ms. */
const BUNDLED_REQUIRE =
  /import\s*\{\s*createRequire as (\w+)\s*\}\s*from\s*"node:module";\s*var (\w+)\s*=\s*\1\(import\.meta\.url\);/;
/** Packages require nothing but modules of Node. */
const REQUIRE = "(name)=>process.getBuiltinModule(name);";

/** The bundler of Deno 2.6 expects a `require` to be there. Without one, some packages fail. */
function withRequire(code: string): string {
  return code.includes("typeof require<")
    ? `const require=${REQUIRE}${code}`
    : code.replace(BUNDLED_REQUIRE, (_, __, name) => `var ${name}=${REQUIRE}`);
}

/**
 * Without the import of the bundler's own helpers where none of them is used. They load a module
 * of Node, which takes as long as all the rest of the start.
 */
function withoutHelper(
  code: string,
  made: ReadonlyMap<string, string>,
): string {
  return code.replace(
    /import"\.\/([\w-]+\.js)";/g,
    (statement, name) => HELPERS.test(made.get(name) ?? "") ? "" : statement,
  );
}

/** Writes a file and prints its size. */
function put(path: string, content: string): void {
  Deno.writeTextFileSync(path, content);
  console.log(`${relative(PROJECT, path)} ${content.length}`);
}

async function main(): Promise<void> {
  Deno.mkdirSync(DIST, { recursive: true });
  const packages = bundledPackages();
  put(LICENSES, packedModule(licensesText(packages, runtimeCrates())));
  for (const [name, content] of Object.entries(await buildPages(packages))) {
    put(join(DIST, name), content);
  }
  const files = buildProgram();
  await emptyDir(BUNDLED_PROGRAM);
  for (const [name, content] of files) {
    put(join(BUNDLED_PROGRAM, name), content);
  }
}

if (import.meta.main) await main();

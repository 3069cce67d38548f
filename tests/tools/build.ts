/**
 * Bundles the program into the few files that `main.ts` runs: `deno task build`.
 *
 * What it makes is committed, so that to run the program needs no build, no package from outside
 * and little time to start; a test makes it anew and compares.
 *
 * @module
 */

import { join, resolve } from "@std/path";
import { PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import { compiledEarly } from "./build_eager.ts";

/** Where the files are committed. */
export const BUILT = join(PROJECT, "lib", "built");
/** What they are made of. */
const ENTRY = join(PROJECT, "lib", "cli", "program.ts");
/** What is made of the entry itself. */
const PROGRAM = "program.js";
/** Its bundler makes the files: those of two versions may differ in spelling. */
export const BUILDER = "2.9.6";

/** Made by `deno task page` and committed in its own place: referred to, not held twice. */
const PAGE_ASSET = /^page_asset-\w+\.js$/;
const PAGE_ASSET_FROM_BUILT = "../report/page_asset.ts";

const HEADER = "// Made by `deno task build` from lib/cli/program.ts, " +
  "not written. LICENSES.txt names what it contains of others.\n";

/** What every start loads. What only some commands load is too much to be compiled ahead. */
const AT_START: ReadonlySet<string> = new Set([PROGRAM, "shared_1.js"]);

/** The types of what is made, for whoever imports it. */
const TYPES = '// @ts-self-types="../cli/program.ts"\n';

/** Name of a file → its content. */
export type BuiltFiles = ReadonlyMap<string, string>;

/** The files as they are committed. */
export function committedFiles(): BuiltFiles {
  const names = Array.from(Deno.readDirSync(BUILT), ({ name }) => name)
    .filter((name) => name !== "README.md");
  return contents(BUILT, names);
}

/**
 * Makes the files with the Deno that runs this.
 *
 * @throws {Error} If the bundler fails.
 */
export function buildProgram(): BuiltFiles {
  const made = bundle(["--minify"]);
  const names = namesFor(made);
  const files = new Map<string, string>();
  for (const [name, bundled] of made) {
    const committed = names.get(name);
    if (committed === undefined) continue;
    const code = renamed(withoutHelper(bundled, made), names);
    const types = committed === PROGRAM ? TYPES : "";
    const early = AT_START.has(committed) ? compiledEarly(code) : code;
    files.set(committed, HEADER + types + early);
  }
  return files.set("main.js", HEADER + MAIN_SCRIPT)
    .set("LICENSES.txt", licences());
}

/** `main.ts` as a script: a compiled program starts some 4 ms sooner with it. */
const MAIN_SCRIPT = 'import { runProgram } from "./program.js";\n' +
  "Deno.exit(await runProgram(Deno.args));\n";

/** What the bundler makes: the entry, a file for each `import()`, and what these share. */
function bundle(options: readonly string[]): Map<string, string> {
  const folder = Deno.makeTempDirSync();
  try {
    const args = [
      ...["bundle", "--quiet", "--platform", "deno", "--code-splitting"],
      ...["--config", join(PROJECT, "deno.json"), ...options],
      ...["--outdir", folder, ENTRY],
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

/** An import of a file of the bundle, wherever it stands in the code. */
const IMPORTED = /"\.\/([\w-]+\.js)"/g;

/**
 * Names without the bundler's checksums, which would change with every line: what one file needs
 * is numbered in the order in which it is asked for, from the entry on.
 */
function namesFor(made: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map([[PROGRAM, PROGRAM]]);
  let shared = 0;
  for (const [name] of names) {
    const code = made.get(name);
    if (code === undefined) throw new Error(`${name} was not made`);
    for (const [, imported = ""] of code.matchAll(IMPORTED)) {
      if (names.has(imported) || PAGE_ASSET.test(imported)) continue;
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
  return code.replace(IMPORTED, (_, name: string) => {
    const target = PAGE_ASSET.test(name)
      ? PAGE_ASSET_FROM_BUILT
      : `./${names.get(name)}`;
    return JSON.stringify(target);
  });
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
    (statement, name) =>
      made.get(name)?.includes("__deno_internal_createRequire")
        ? ""
        : statement,
  );
}

/** A file of a package from npm, as the bundler names it where it does not shorten. */
const PACKAGE_FILE =
  /^\/\/ (\S*registry\.npmjs\.org\/((?:@[^/\s]+\/)?[^/\s]+)\/([^/\s]+))\//gm;

/** The licences of the packages that the files contain parts of. */
function licences(): string {
  const folders = new Map<string, string>();
  for (const code of bundle([]).values()) {
    for (const [, folder = "", name, version] of code.matchAll(PACKAGE_FILE)) {
      folders.set(`${name} ${version}`, resolve(PROJECT, folder));
    }
  }
  const parts = Array.from(folders).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([title, folder]) => `## ${title}\n\n${licenceIn(folder)}`);
  return `The files beside this one contain parts of these packages.\n\n${
    parts.join("\n\n")
  }\n`;
}

function licenceIn(folder: string): string {
  const file = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort()
    .find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) {
    return Deno.readTextFileSync(join(folder, file)).replaceAll("\r", "")
      .trim();
  }
  const about: { license?: string } = JSON.parse(
    Deno.readTextFileSync(join(folder, "package.json")),
  );
  return `${about.license} License; the package holds no text of it.`;
}

function main(): number {
  if (Deno.version.deno !== BUILDER) {
    console.error(`error: this is Deno ${Deno.version.deno}`);
    console.error(`hint: run npx --yes deno@${BUILDER} task build`);
    return 1;
  }
  const files = buildProgram();
  for (const name of committedFiles().keys()) {
    Deno.removeSync(join(BUILT, name));
  }
  for (const [name, content] of files) {
    const path = join(BUILT, name);
    Deno.writeTextFileSync(path, content);
    console.log(`${path} ${content.length}`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(main());

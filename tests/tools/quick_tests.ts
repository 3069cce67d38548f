/**
 * Runs the quick tests: `deno task test`, with any flags of `deno test`.
 *
 * `deno test` starts a runtime for each file of tests, which loads the library again: a quarter of a
 * second of CPU for each of 200 files. Here a few modules import these files, and each loads it once.
 * A failed test is reported with the file and line that define it, as ever.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { join, toFileUrl } from "@std/path";
import { PROJECT } from "../support/paths.ts";

const PERMISSIONS = ["read", "write", "run", "env"]
  .map((name) => `--allow-${name}`);
/** Modules for each core: more of them load the library more often, fewer end less evenly. */
const MODULES_PER_CORE = 3;

/** The files of quick tests, sorted. Tests in a browser have a task of their own. */
export function quickTestFiles(): string[] {
  const found = walkSync(join(PROJECT, "tests"), {
    includeDirs: false,
    match: [/_test\.ts$/],
    skip: [/_slow_test\.ts$/, /[/\\]report[/\\](?:viewer[/\\])?browser[/\\]/],
  });
  return Array.from(found, ({ path }) => path).sort();
}

/** The code of modules that import the files between them, each file once. */
export function importingModules(
  files: readonly string[],
  modules: number,
): string[] {
  return Array.from(
    { length: modules },
    (_, at) =>
      files.filter((_, index) => index % modules === at)
        .map((file) => `import ${JSON.stringify(toFileUrl(file).href)};\n`)
        .join(""),
  );
}

if (import.meta.main) {
  const folder = Deno.makeTempDirSync({ prefix: "quick-tests-" });
  try {
    Deno.exitCode = await runIn(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Runs the tests by modules in a folder outside of the project; returns the exit code. */
async function runIn(folder: string): Promise<number> {
  const modules = navigator.hardwareConcurrency * MODULES_PER_CORE;
  const paths = importingModules(quickTestFiles(), modules).map((code, at) => {
    const path = join(folder, `quick_${at + 1}_test.ts`);
    Deno.writeTextFileSync(path, code);
    return path;
  });
  const args = [
    ...["test", "--parallel", "--no-check", "--no-prompt", ...PERMISSIONS],
    ...["--config", join(PROJECT, "deno.json"), ...Deno.args, ...paths],
  ];
  const tests = new Deno.Command(Deno.execPath(), { args, cwd: PROJECT });
  return (await tests.spawn().status).code;
}

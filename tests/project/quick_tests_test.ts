/**
 * What `deno task test` runs.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { join, toFileUrl } from "@std/path";
import { PROJECT } from "../support/paths.ts";
import { importingModules, quickTestFiles } from "../tools/quick_tests.ts";

Deno.test("deno task test runs each file of tests but the slow ones and those of the browser", () => {
  const all = Array.from(
    walkSync(join(PROJECT, "tests"), { match: [/_test\.tsx?$/] }),
    ({ path }) => path,
  );
  const quick = quickTestFiles();
  const others = all.filter((path) => !quick.includes(path));
  assert(quick.length > 150, `${quick.length}`);
  for (const path of others) assert(/_slow_test\.ts$|browser/.test(path), path);
});

Deno.test("each file of quick tests is imported by one module", () => {
  const files = quickTestFiles();
  const imported = importingModules(files, 7).map((code) =>
    [...code.matchAll(/^import "(.+)";$/gm)].map(([, url = ""]) => url)
  );
  assertEquals(
    imported.flat().sort(),
    files.map((file) => toFileUrl(file).href).sort(),
  );
  const sizes = imported.map(({ length }) => length);
  assert(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
});

/**
 * What the first of the built files are made of: everything that `reduce` needs, and no package
 * from outside, which would be loaded at every start.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { PROJECT } from "./support/paths.ts";

const ROOTS = ["lib/cli/program.ts", "lib/cli/reduce.ts"];
/** More than there are, by little: whoever loads more should see what it costs. */
const MOST_MODULES = 130;

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
  assert(loaded.has("lib/replay.ts") && loaded.has("lib/view/state_json.ts"));
  assert(loaded.size <= MOST_MODULES, `${loaded.size} modules`);
});

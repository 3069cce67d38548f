/**
 * Outputs of `reduce` replace neither the evidence nor one another.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { GOOD_STATE, inFolder, namesIn, putBundle } from "../support/cli.ts";
import { MAIN } from "../support/paths.ts";
import { run } from "../support/processes.ts";

function reduce(cwd: string, ...args: string[]) {
  const flags = ["run", "--no-prompt", "--allow-read=.", "--allow-write=."];
  return run(Deno.execPath(), [...flags, MAIN, "reduce", ...args], { cwd });
}

for (
  const path of [
    "bundle/trace.jsonl",
    "bundle/./manifest.json",
    "bundle//payloads/1.json",
    "bundle/payloads/../trace.jsonl",
    "bundle/payloads",
  ]
) {
  for (const flag of ["-o", "--diagnostics"]) {
    Deno.test(`reduce ${flag} ${path} is refused, for it is evidence`, () => {
      inFolder((folder) => {
        putBundle(folder, "bundle");
        const log = Deno.readTextFileSync(join(folder, "bundle/trace.jsonl"));
        const names = namesIn(join(folder, "bundle"));
        const ended = reduce(folder, "-t", flag, path, "bundle");
        assertEquals([ended.code, ended.stdout], [2, ""], ended.stderr);
        assertStringIncludes(ended.stderr, "it is part of the bundle");
        assertEquals(
          Deno.readTextFileSync(join(folder, "bundle/trace.jsonl")),
          log,
        );
        assertEquals(namesIn(join(folder, "bundle")), names);
      });
    });
  }
}

Deno.test("reduce recognizes two spellings of one output", () => {
  inFolder((folder) => {
    putBundle(folder, "bundle");
    for (
      const [output, diagnostics] of [["d", "./d"], ["bundle/x", "bundle/.//x"]]
    ) {
      const ended = reduce(
        folder,
        "-t",
        "-o",
        output ?? "",
        "--diagnostics",
        diagnostics ?? "",
        "bundle",
      );
      assertEquals(ended.code, 2, ended.stderr);
      assertStringIncludes(ended.stderr, "are the same file");
    }
  });
});

Deno.test("reduce writes beside the evidence", () => {
  inFolder((folder) => {
    putBundle(folder, "bundle");
    assertEquals(reduce(folder, "-o", "bundle/graph.json", "bundle").code, 0);
    assertEquals(
      Deno.readTextFileSync(join(folder, "bundle/graph.json")),
      GOOD_STATE,
    );
  });
});

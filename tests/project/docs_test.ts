/**
 * What the documentation states is so: outputs, commands, links, names.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  blocksOf,
  DOCUMENTS,
  printedBy,
  shownBlocks,
} from "../support/documents.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";
import {
  REFERENCE_FILE,
  referenceText,
} from "../tools/packaging/release/command_reference.ts";
import { slowTest } from "../support/cases.ts";

/** A task, as a command line names it. */
const TASK = /\bdeno(?:@[\d.]+)? task ([a-z:]+)/g;

function read(path: string): string {
  return Deno.readTextFileSync(join(PROJECT, path));
}

for (const path of DOCUMENTS) {
  slowTest(`${path} shows what its commands really print`, () => {
    const shown = shownBlocks(read(path));
    assert(shown.length > 0);
    for (const { command, output } of shown) {
      assertEquals(printedBy(command), output.trim());
    }
  });
}

Deno.test("docs/commands.md is made from the tables of the commands: deno task docs rewrites it", () => {
  assertEquals(read(REFERENCE_FILE), referenceText());
});

Deno.test("docs/schemas.md shows a real piece of a state", () => {
  const state = Deno.readTextFileSync(
    join(TESTDATA, "upstream", "0.169.0-agents_v2", "expected.state.json"),
  );
  const shown = blocksOf(read("docs/schemas.md"), "json");
  assert(shown.length > 0);
  for (const block of shown) {
    const nested = block.trimEnd().replaceAll(/^/gm, "    ");
    assertStringIncludes(state, nested);
  }
});

Deno.test("documents name tasks that exist, and every task is described", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  const named = ["README.md", "CONTRIBUTING.md", "docs/common-tasks.md"]
    .flatMap((path) => [...read(path).matchAll(TASK)]);
  assert(named.length > 10);
  for (const [, name = ""] of named) assert(name in tasks, `no task ${name}`);
  for (const [name, task] of Object.entries<{ description?: string }>(tasks)) {
    assert(task.description, `task ${name} has no description`);
  }
});

Deno.test("lib/README.md has a line for every folder and file of the library", () => {
  const text = read("lib/README.md");
  for (const entry of Deno.readDirSync(join(PROJECT, "lib"))) {
    if (entry.name === "README.md") continue;
    assertStringIncludes(
      text,
      `\`${entry.name}${entry.isDirectory ? "/" : ""}\``,
    );
  }
});

Deno.test("testdata/README.md has a line for every recorded case", () => {
  const text = read("testdata/README.md");
  for (const { name } of Deno.readDirSync(join(TESTDATA, "upstream"))) {
    assertStringIncludes(text, `\`${name}\``);
  }
});

Deno.test("the change log has an entry for this version", () => {
  const { version } = JSON.parse(read("deno.json"));
  assertStringIncludes(read("CHANGELOG.md"), `\n## ${version}\n`);
});

/**
 * What the documentation states is so: outputs, commands, links, names.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { blocksOf, DOCUMENTS, shownBlocks } from "./documents.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";
import { run } from "../support/processes.ts";

const README = read("README.md");

function read(path: string): string {
  return Deno.readTextFileSync(join(PROJECT, path));
}

for (const path of DOCUMENTS) {
  Deno.test(`${path} shows what its commands really print`, () => {
    const shown = shownBlocks(read(path));
    assert(shown.length >= 2);
    for (const { command, output } of shown) {
      const ended = run(Deno.execPath(), command.split(" "), { cwd: PROJECT });
      assertEquals(`${ended.stdout}${ended.stderr}`.trim(), output.trim());
    }
  });
}

Deno.test("README shows a real piece of a state", () => {
  const state = Deno.readTextFileSync(
    join(TESTDATA, "upstream", "0.169.0-agents_v2", "expected.state.json"),
  );
  const shown = blocksOf(README, "json");
  assert(shown.length > 0);
  for (const block of shown) {
    const nested = block.trimEnd().replaceAll(/^/gm, "    ");
    assertStringIncludes(state, nested);
  }
});

Deno.test("README names tasks that exist, and every task is described", () => {
  const { tasks } = JSON.parse(read("deno.json"));
  for (
    const [, name] of README.matchAll(
      /\bdeno(?:@[\d.]+)? task ([a-z:]+)/g,
    )
  ) {
    assert(name !== undefined && name in tasks, `no task ${name}`);
  }
  for (const [name, task] of Object.entries<{ description?: string }>(tasks)) {
    assert(task.description, `task ${name} has no description`);
  }
});

Deno.test("README names permissions as the program asks for them", () => {
  const help =
    run(Deno.execPath(), ["run", join(PROJECT, "main.ts"), "help", "reduce"])
      .stdout;
  for (
    const flag of ["--allow-read=BUNDLE", "--allow-write=BUNDLE/state.json"]
  ) {
    assertStringIncludes(README, flag);
    assertStringIncludes(help, flag);
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

Deno.test("every import of @std has a counterpart on JSR in the README", () => {
  const { imports } = JSON.parse(read("deno.json"));
  for (
    const name of Object.keys(imports).filter((each) =>
      each.startsWith("@std/")
    )
  ) {
    const [, scope, rest] = /^(@std\/[a-z-]+)(\/.*)?$/.exec(name) ?? [];
    assertStringIncludes(README, `"${name}": "jsr:${scope}@^1${rest ?? ""}"`);
  }
});

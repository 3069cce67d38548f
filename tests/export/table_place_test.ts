/**
 * Where tables are written: never through a link, never to a pipe, never into a root or a bundle,
 * and nothing outside of their folder is removed.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { TABLES_REVISION } from "../../lib/export/tables/table_files.ts";
import { printed } from "../cli/commands/command_golden.ts";
import { inFolderAsync, namesIn, putBundle } from "../support/cli.ts";
import { run } from "../support/processes.ts";

const HAS_PIPES = Deno.build.os !== "windows";

/** Puts a root with a bundle into a folder; `tables` writes beside it. */
function putRoot(folder: string): string {
  const root = join(folder, "root");
  Deno.mkdirSync(root);
  putBundle(root, "bundle");
  return root;
}

async function tables(root: string, output: string, format: string) {
  return await printed(["tables", root, "-o", output, "--format", format]);
}

/** What may be in place of a file, besides a regular one. */
const SPECIAL: Readonly<Record<string, (path: string) => void>> = {
  "a named pipe": (path) => void run("mkfifo", [path]),
  "a link": (path) => Deno.symlinkSync("../victim", path),
  "a folder": (path) => Deno.mkdirSync(path),
};

Deno.test({
  name:
    "a pipe, a link or a folder in place of a file of tables is refused and never opened",
  ignore: !HAS_PIPES,
  fn: () =>
    inFolderAsync(async (folder) => {
      const root = putRoot(folder);
      const output = join(folder, "out");
      Deno.writeTextFileSync(join(folder, "victim"), "{}");
      const files = ["tables.json", "tables.sqlite"]
        .concat(
          ["-journal", "-wal", "-shm"].map((end) => `tables.sqlite${end}`),
        );
      for (const file of files) {
        for (const [what, put] of Object.entries(SPECIAL)) {
          Deno.mkdirSync(output);
          put(join(output, file));
          const format = file === "tables.json" ? "csv" : "sqlite";
          const { code, stderr } = await tables(root, output, format);
          assertEquals(code, 4, stderr);
          assertStringIncludes(stderr, `${file}": it is ${what}`);
          assertEquals(namesIn(output), [file]);
          Deno.removeSync(output, { recursive: true });
        }
      }
      assertEquals(Deno.readTextFileSync(join(folder, "victim")), "{}");
    }),
});

Deno.test({
  name: "tables are not written through links in their folder",
  ignore: !HAS_PIPES,
  fn: () =>
    inFolderAsync(async (folder) => {
      const root = putRoot(folder);
      const elsewhere = join(folder, "elsewhere");
      const output = join(folder, "out");
      Deno.mkdirSync(join(elsewhere, "date=2026-11-22"), { recursive: true });
      Deno.mkdirSync(output);
      Deno.symlinkSync(elsewhere, join(output, "turns"));
      const outer = await tables(root, output, "csv");
      assertEquals(outer.code, 4, outer.stderr);
      Deno.removeSync(join(output, "turns"));
      await tables(root, output, "csv");
      const [day = ""] = namesIn(join(output, "turns"));
      Deno.removeSync(output, { recursive: true });
      Deno.mkdirSync(join(output, "turns"), { recursive: true });
      Deno.symlinkSync(elsewhere, join(output, "turns", day));
      const inner = await tables(root, output, "csv");
      assertEquals(inner.code, 4, inner.stderr);
      assertStringIncludes(inner.stderr, `${day}": it is a link`);
      assertEquals(namesIn(elsewhere), ["date=2026-11-22"]);
    }),
});

Deno.test("a ledger whose days lead out of the folder is none, nor is a huge one", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder);
    const output = join(folder, "out");
    const victim = join(folder, "victim", "part.csv");
    Deno.mkdirSync(join(folder, "victim"));
    Deno.mkdirSync(join(output, "turns", "date=.."), { recursive: true });
    Deno.writeTextFileSync(victim, "");
    const ledger = join(output, "tables.json");
    const days = { "../../../../victim": { a: "b" } };
    const options = { format: "csv", content: "none", shard: null };
    const known = { tables_revision: TABLES_REVISION, ...options, days };
    Deno.writeTextFileSync(ledger, JSON.stringify(known));
    const outside = await tables(root, output, "csv");
    assertEquals(outside.code, 2, outside.stderr);
    assertEquals(existsSync(victim), true);
    Deno.truncateSync(ledger, 2 ** 40);
    const huge = await tables(root, output, "csv");
    assertEquals(huge.code, 2, huge.stderr);
    assertStringIncludes(huge.stderr, "is no ledger of tables");
  });
});

Deno.test("tables are not written into their root or into a bundle, whatever leads there", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder);
    const other = putBundle(folder, "other");
    const outputs = [
      join(folder, ".", "root", "new", "out"),
      join(root, "..", "root", "bundle"),
      other,
      join(other, "payloads"),
    ];
    if (HAS_PIPES) {
      const link = join(folder, "link");
      Deno.symlinkSync(join(other, "payloads"), link);
      outputs.push(link, join(link, "out"));
    }
    const names = namesIn(join(other, "payloads"));
    for (const output of outputs) {
      const { code, stderr } = await tables(root, output, "sqlite");
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, "it is inside");
    }
    assertEquals(namesIn(root), ["bundle"]);
    assertEquals(namesIn(join(other, "payloads")), names);
  });
});

Deno.test("a folder of tables that cannot be made is an error of writing it", () =>
  inFolderAsync(async (folder) => {
    const root = putRoot(folder);
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "");
    for (const format of ["sqlite", "csv"]) {
      const output = join(file, "out");
      const { code, stderr } = await tables(root, output, format);
      assertEquals(code, 4, stderr);
      assertStringIncludes(stderr, `Cannot write "${output}`);
      assertStringIncludes(stderr, "hint: name another with -o");
    }
  }));

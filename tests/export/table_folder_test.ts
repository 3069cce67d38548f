/**
 * Files of tables: each session once, whatever was run, killed or repeated before.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { copySync, existsSync, walkSync } from "@std/fs";
import { join, relative } from "@std/path";
import { TABLES } from "../../lib/export/tables/catalog.ts";
import { printed } from "../cli/commands/command_golden.ts";
import { recordedCases, slowTest } from "../support/cases.ts";
import { inFolderAsync } from "../support/cli.ts";
import { TESTDATA } from "../support/paths.ts";

const CASES = recordedCases(join(TESTDATA, "upstream"));

/** A root with some recorded bundles. */
function putRoot(folder: string, count = 6): string {
  const root = join(folder, "root");
  Deno.mkdirSync(root, { recursive: true });
  for (const { name, bundle } of CASES.slice(0, count)) {
    const place = join(root, name);
    if (!existsSync(place)) copySync(bundle, place);
  }
  return root;
}

/** Every file below a folder, by its path. */
function filesOf(folder: string): Map<string, string> {
  const files = [...walkSync(folder, { includeDirs: false })];
  return new Map(
    files.map(({ path }): [string, string] => [
      relative(folder, path),
      Array.from(Deno.readFileSync(path), (byte) => String.fromCharCode(byte))
        .join(""),
    ]).sort(([a], [b]) => a < b ? -1 : 1),
  );
}

async function tables(root: string, output: string, ...flags: string[]) {
  return await printed(["tables", root, "-o", output, ...flags]);
}

/** The rows of a table in NDJSON, of all days. */
function rowsOf(folder: string, table: string): Record<string, unknown>[] {
  return [...walkSync(join(folder, table), { includeDirs: false })]
    .sort((a, b) => a.path < b.path ? -1 : 1)
    .flatMap(({ path }) => Deno.readTextFileSync(path).split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

Deno.test("a second run reads nothing, and new, changed and removed bundles lead to the bytes of a first run", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder, 4);
    const output = join(folder, "out");
    await tables(root, output);
    const first = filesOf(output);
    const second = await tables(root, output);
    assertStringIncludes(second.stderr, ": 0 read, 0 days written");
    assertEquals(filesOf(output), first);
    putRoot(folder, 7);
    Deno.removeSync(join(root, CASES[1]?.name ?? ""), { recursive: true });
    const changed = join(root, CASES[2]?.name ?? "", "trace.jsonl");
    const lines = Deno.readTextFileSync(changed).split("\n");
    Deno.writeTextFileSync(changed, lines.slice(0, -3).join("\n") + "\n");
    await tables(root, output);
    const fresh = join(folder, "fresh");
    await tables(root, fresh);
    assertEquals(filesOf(output), filesOf(fresh));
  });
});

slowTest(
  "the parts of all shards together are the rows of the full root",
  async () => {
    await inFolderAsync(async (folder) => {
      const root = putRoot(folder, CASES.length);
      const full = join(folder, "full");
      await tables(root, full, "--format", "ndjson");
      const parts = ["1/3", "2/3", "3/3"].map((shard, at) => ({
        shard,
        output: join(folder, `part-${at}`),
      }));
      for (const { shard, output } of parts) {
        await tables(root, output, "--format", "ndjson", "--shard", shard);
      }
      for (const { name } of TABLES) {
        const together = parts.flatMap(({ output }) => rowsOf(output, name));
        const sorted = (rows: unknown[]) =>
          rows.map((row) => JSON.stringify(row)).sort();
        assertEquals(sorted(together), sorted(rowsOf(full, name)), name);
      }
      const counts = parts.map(({ output }) =>
        rowsOf(output, "sessions").length
      );
      assert(counts.every((count) => count > 0), counts.join());
      assertEquals(rowsOf(full, "sessions").length, CASES.length);
    });
  },
);

Deno.test("without --content no text of a session is in the files, with short the beginnings are", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder);
    const none = join(folder, "none");
    const short = join(folder, "short");
    const all = join(folder, "all");
    await tables(root, none, "--format", "ndjson");
    await tables(root, short, "--format", "ndjson", "--content", "short");
    await tables(root, all, "--format", "ndjson", "--content", "all");
    const texts = rowsOf(all, "item_parts").map(({ text }) =>
      String(text ?? "")
    );
    const long = texts.filter((text) => text.length > 200);
    assert(long.length > 0);
    const everything = [...filesOf(none).values()].join("");
    for (const text of texts.filter((each) => each.length > 20)) {
      assert(!everything.includes(JSON.stringify(text).slice(1, 21)), text);
    }
    assertEquals(
      rowsOf(short, "item_parts").map(({ text }) => text),
      rowsOf(all, "item_parts").map(({ text }) =>
        typeof text === "string" ? text.slice(0, 200) : text
      ),
    );
  });
});

Deno.test("a bundle that cannot be read stops no other, and is reported by every run", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder, 3);
    Deno.removeSync(join(root, CASES[0]?.name ?? "", "trace.jsonl"));
    const output = join(folder, "out");
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await tables(root, output, "--format", "csv");
      assertEquals(code, 3);
      assertStringIncludes(stderr, CASES[0]?.name ?? "?");
      assertStringIncludes(stderr, "2 sessions: ");
    }
  });
});

Deno.test("tables of other options, or something else, are not overwritten", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder, 1);
    const output = join(folder, "out");
    await tables(root, output);
    const other = await tables(root, output, "--format", "csv");
    assertEquals(other.code, 2);
    assertStringIncludes(other.stderr, "tables of other options");
    Deno.writeTextFileSync(join(output, "tables.json"), "[]");
    assertEquals((await tables(root, output)).code, 2);
    assertEquals((await tables(root, join(root, "x"))).code, 2);
    assertEquals((await tables(root, output, "--shard", "0/3")).code, 2);
  });
});

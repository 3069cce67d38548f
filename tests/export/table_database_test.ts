/**
 * The tables of a root as one database: the rows of `sql`, each session once, whatever was run,
 * killed or repeated before.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { TABLES, VIEWS } from "../../lib/export/tables/catalog.ts";
import { printed } from "../cli/commands/command_golden.ts";
import { recordedCases, slowTest } from "../support/cases.ts";
import { inFolder, inFolderAsync } from "../support/cli.ts";
import { MAIN, TESTDATA } from "../support/paths.ts";
import { run } from "../support/processes.ts";

const CASES = recordedCases(join(TESTDATA, "upstream"));

function putBundles(root: string, from: number, to: number): void {
  for (const { name, bundle } of CASES.slice(from, to)) {
    copySync(bundle, join(root, name));
  }
}

async function tables(root: string, output: string, ...flags: string[]) {
  const format = ["--format", "sqlite", "--content", "all"];
  return await printed(["tables", root, "-o", output, ...format, ...flags]);
}

/** Every row of every table, in the order of the keys. */
function rowsIn(output: string): unknown[] {
  const db = new DatabaseSync(join(output, "tables.sqlite"), {
    readOnly: true,
  });
  try {
    return TABLES.map(({ name, key }) => {
      const rows = db.prepare(`SELECT * FROM ${name} ORDER BY ${key.join()}`);
      rows.setReadBigInts(true);
      return [name, rows.all()];
    });
  } finally {
    db.close();
  }
}

slowTest(
  "tables as a database have the rows that sql reads from the bundles",
  async () => {
    await inFolderAsync(async (folder) => {
      const root = join(TESTDATA, "upstream");
      await tables(root, folder);
      for (const { name, key } of TABLES) {
        const order = `SELECT * FROM ${name} ORDER BY ${key.join()}`;
        const { stdout } = await printed(["sql", root, order, "--json"]);
        const db = new DatabaseSync(join(folder, "tables.sqlite"));
        const rows = db.prepare(order);
        rows.setReadBigInts(true);
        const found = rows.all().map((row) =>
          Object.values(row).map((value) =>
            value === null ? null : String(value)
          )
        );
        db.close();
        // JSON.parse() rounds integers of more digits than these.
        const exact = stdout.replace(/(": ?)(-?\d{16,})/g, '$1"$2"');
        const wanted: Record<string, unknown>[] = JSON.parse(exact || "[]");
        assertEquals(
          found,
          wanted.map((row) =>
            Object.values(row).map((value) =>
              value === null ? null : String(value)
            )
          ),
          name,
        );
      }
    });
  },
);

Deno.test("a database follows new, changed and removed bundles, and reads only these", async () => {
  await inFolderAsync(async (folder) => {
    const root = join(folder, "root");
    const [output, fresh] = [join(folder, "out"), join(folder, "fresh")];
    putBundles(root, 0, 5);
    copySync(join(root, CASES[0]?.name ?? ""), join(root, "zz-copy"));
    await tables(root, output);
    const second = await tables(root, output);
    assertStringIncludes(second.stderr, "6 sessions: 0 read, 0 days written");
    putBundles(root, 5, 8);
    // The copy is now the only one, and loses the number that made it different.
    Deno.removeSync(join(root, CASES[0]?.name ?? ""), { recursive: true });
    const log = join(root, CASES[2]?.name ?? "", "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split("\n");
    Deno.writeTextFileSync(log, lines.slice(0, -3).join("\n") + "\n");
    const third = await tables(root, output);
    assertStringIncludes(third.stderr, "8 sessions: 5 read");
    await tables(root, fresh);
    assertEquals(rowsIn(output), rowsIn(fresh));
  });
});

Deno.test("views that another version defined are renewed by the next run", async () => {
  await inFolderAsync(async (folder) => {
    const root = join(folder, "root");
    putBundles(root, 0, 1);
    await tables(root, folder);
    const inDatabase = <T>(work: (db: DatabaseSync) => T): T => {
      const db = new DatabaseSync(join(folder, "tables.sqlite"));
      try {
        return work(db);
      } finally {
        db.close();
      }
    };
    const views = () =>
      inDatabase((db) =>
        db.prepare(
          "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1",
        ).all()
      );
    const made = views();
    assertEquals(made.length, VIEWS.length);
    const [{ name } = { name: "" }] = VIEWS;
    inDatabase((db) =>
      db.exec(`DROP VIEW ${name}; CREATE VIEW ${name} AS SELECT 1 AS old`)
    );
    await tables(root, folder);
    assertEquals(views(), made);
  });
});

slowTest(
  "a database whose runs were killed has the rows of one whose run was not",
  () => {
    inFolder((folder) => {
      const root = join(folder, "root");
      putBundles(root, 0, 12);
      const [output, full] = [join(folder, "out"), join(folder, "full")];
      const args = (place: string) => [
        ...["run", "--no-prompt", "--allow-read", "--allow-write", MAIN],
        ...["tables", root, "-o", place, "--format", "sqlite"],
        ...["--content", "all"],
      ];
      const started = performance.now();
      run(Deno.execPath(), args(full));
      const seconds = (performance.now() - started) / 1000;
      const KILLS = 4;
      for (let at = 1; at <= KILLS; at++) {
        const after = (seconds * at / KILLS).toFixed(3);
        run("timeout", ["-s", "KILL", after, Deno.execPath(), ...args(output)]);
      }
      run(Deno.execPath(), args(output));
      assertEquals(rowsIn(output), rowsIn(full));
    });
  },
);

Deno.test("a database of other options, or something else, is not overwritten", async () => {
  await inFolderAsync(async (folder) => {
    const root = join(folder, "root");
    const output = join(folder, "out");
    putBundles(root, 0, 1);
    await tables(root, output);
    const other = await tables(root, output, "--shard", "1/2");
    assertEquals(other.code, 2);
    assertStringIncludes(other.stderr, "other options");
    const path = join(output, "tables.sqlite");
    Deno.writeTextFileSync(path, "x".repeat(5000));
    assertEquals((await tables(root, output)).code, 2);
    Deno.removeSync(path);
    Deno.symlinkSync(join(folder, "elsewhere"), path);
    assertEquals((await tables(root, output)).code, 4);
    assertEquals(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["out", "root"],
    );
  });
});

/**
 * Commands about every bundle below a directory: what they report of what they cannot read.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import {
  listBundle,
  listBundles,
} from "../../../lib/query/list/list_bundles.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import { tabbedLines } from "../../../lib/cli/commands/list/list_rows.ts";
import { printed } from "./command_golden.ts";
import {
  inFolderAsync,
  putBundle,
  recordedIo,
  REFUSED_CASE,
} from "../../support/cli.ts";
import { PROJECT, TESTDATA } from "../../support/paths.ts";
import { slowTest } from "../../support/cases.ts";
import { observeOpens } from "../../support/bundles/opened_files.ts";

const UPSTREAM = "testdata/upstream";

/** Runs `test` while the directories that are called `closed` cannot be listed. */
async function withClosed(test: () => Promise<void>): Promise<void> {
  const readDir = Deno.readDirSync;
  Deno.readDirSync = (path) => {
    if (!/\/closed\/?$/.test(`${path}`)) return readDir(path);
    throw new Deno.errors.PermissionDenied();
  };
  try {
    await test();
  } finally {
    Deno.readDirSync = readDir;
  }
}

Deno.test("commands about a root report directories that cannot be searched", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    Deno.mkdirSync(join(folder, "closed"));
    const questions = [
      ["stats", folder],
      ["stats", folder, "--json"],
      ["sql", folder, "SELECT count(*) FROM sessions"],
      ["sql", folder, "SELECT count(*) AS n FROM sessions", "--json"],
      ["export", folder, "-o", "-", "--format", "otlp"],
      ["search", folder, "stream"],
      ["search", folder, "stream", "--jsonl"],
    ];
    await withClosed(async () => {
      for (const args of questions) {
        const { code, stdout, stderr } = await printed(args);
        assertEquals([code, stdout !== ""], [3, true], args.join(" "));
        assertStringIncludes(stderr, 'closed": permission denied');
      }
    });
    for (const args of questions) assertEquals((await printed(args)).code, 0);
  });
});

Deno.test("a bundle that was chosen is a partial result where directories could not be searched", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    Deno.mkdirSync(join(folder, "closed"));
    const questions = [
      ["show", `${folder}@latest`],
      ["show", `${folder}@-1`],
      ["timeline", folder, "--latest"],
    ];
    await withClosed(async () => {
      for (const args of questions) {
        const { code, stdout, stderr } = await printed(args);
        assertEquals([code, stdout !== ""], [3, true], args.join(" "));
        assertStringIncludes(
          stderr,
          'closed" could not be searched for bundles: permission denied',
        );
      }
      const missing = await printed(["show", `${folder}@-2`]);
      assertEquals(missing.code, 2);
      assertStringIncludes(missing.stderr, 'closed" could not be searched');
      const { stdout } = await printed(["stats", folder, "--json"]);
      const { unread } = JSON.parse(stdout).answer;
      assertEquals(unread, [
        { path: unread[0]?.path, reason: "permission denied" },
      ]);
      assert(unread[0].path.endsWith("/closed"));
    });
    for (const args of questions) assertEquals((await printed(args)).code, 0);
  });
});

Deno.test("stats and sql count the sessions that began in a period, and report what is left out", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "old");
    putBundle(folder, "new");
    const path = join(folder, "new", "manifest.json");
    const manifest = JSON.parse(Deno.readTextFileSync(path));
    const now = { ...manifest, started_at_unix_ms: Date.now() - 1000 };
    Deno.writeTextFileSync(path, JSON.stringify(now));
    Deno.mkdirSync(join(folder, "unreadable"));
    Deno.writeTextFileSync(join(folder, "unreadable", "manifest.json"), "{");
    const found = async (...flags: string[]) => {
      const sql = "SELECT path FROM sessions";
      const rows = await printed(["sql", folder, sql, "--csv", ...flags]);
      const stats = await printed(["stats", folder, "--jsonl", ...flags]);
      for (const { stderr } of [rows, stats]) {
        assertStringIncludes(stderr, "note: 1 session whose start is unknown");
      }
      assertEquals(rows.code, stats.code);
      assertEquals(
        stats.stdout.match(/(?<="bundle":")[^"]*/g),
        rows.stdout.match(/(?<=\r\n).+(?=\r\n)/g),
      );
      return rows.stdout.match(/\w+(?=\r\n$)/)?.[0];
    };
    assertEquals(await found("--since", "2d"), "new");
    assertEquals(await found("--until", "2d"), "old");
    const none = ["--since", "2d", "--until", "1d"];
    for (
      const [sessions, args] of [
        ["3 sessions", ["sql", folder, "SELECT 1 FROM turns", ...none]],
        ["1 session", ["stats", join(folder, "old"), ...none]],
      ] as const
    ) {
      const { code, stderr } = await printed(args);
      assertEquals(code, 1);
      assertStringIncludes(
        stderr,
        `none of ${sessions} began in that period`,
      );
    }
  });
});

Deno.test("list --failed reports sessions with errors where none failed, and --sort errors lists the most first, with their number", async () => {
  const ok = join(UPSTREAM, "0.169.0-hello", "bundle");
  const bad = join(UPSTREAM, "0.169.0-agents_v2_fail", "bundle");
  const { code, stderr } = await printed(["list", bad, "--failed"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "note: 1 session with errors did not fail");
  const none = await printed(["list", ok, "--failed"]);
  assert(!none.stderr.includes("did not fail"), none.stderr);
  const table = await printed(["list", bad, "--sort", "errors"]);
  assertMatch(table.stdout, /^bundle.* errors\n/);
  const sorted = ["--jsonl", "--sort", "errors"];
  const { stdout } = await printed(["list", UPSTREAM, ...sorted]);
  const errors = stdout.trimEnd().split("\n")
    .map((line) => Number(JSON.parse(line).counts?.errors ?? -1));
  assert(errors[0] !== undefined && errors[0] > 0);
  assertEquals(errors, errors.toSorted((a, b) => b - a));
});

Deno.test("a directory that appears while its root is listed is none with a hidden name", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    const readDir = Deno.readDirSync;
    let made = 0;
    Deno.readDirSync = (path) => {
      const entries = [...readDir(path)];
      if (String(path).replace(/\/\.?$/, "") === folder) {
        Deno.mkdirSync(join(folder, `new-${made++}`));
      }
      return Iterator.from(entries);
    };
    try {
      const { code, stderr } = await printed(["stats", folder]);
      assert(made > 0);
      assertEquals([code, stderr], [0, ""]);
    } finally {
      Deno.readDirSync = readDir;
    }
  });
});

Deno.test("a bundle that cannot be read is named once, and one with a tab in its name as it is", async () => {
  await inFolderAsync(async (folder) => {
    const bundle = putBundle(folder, "a\tb ");
    Deno.mkdirSync(join(folder, "empty"));
    Deno.writeTextFileSync(join(folder, "empty", "manifest.json"), "");
    const questions = [
      ["search", folder, "x"],
      ["sql", folder, "SELECT 1"],
      ["stats", folder],
      ["export", folder, "--format", "markdown", "-o", "-"],
    ];
    for (const args of questions) {
      const { stderr } = await printed(args);
      assertEquals(stderr.split(`"${folder}/empty"`).length, 2, stderr);
    }
    const listed = listBundle(bundle, { limits: {}, tokens: false });
    const [line] = tabbedLines([listed], null);
    assertEquals(line?.split("\t").at(-1), `${folder}/a\\u0009b `);
  });
});

Deno.test("a long prompt is one line in list, each row of spaces one space", async () => {
  await inFolderAsync((folder) => {
    const listed = listBundle(putBundle(folder, "a"), { limits: {} });
    // Rows before, across and after the ends of pieces, and longer than two of them.
    for (
      const prompt of [
        " a".repeat(100_000),
        "a \n\tb  ".repeat(40_000),
        `a${" \n".repeat(200_000)}b`,
        " ".repeat(300_000),
      ]
    ) {
      const [line] = tabbedLines([{ ...listed, prompt }], ["prompt"]);
      assertEquals(line, prompt.replace(/\s+/g, " ").trim());
    }
    return Promise.resolve();
  });
});

Deno.test("directories that Deno does not list, because their names are not UTF-8, are reported", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    // As an older Deno lists a folder with a name that is not UTF-8.
    Deno.mkdirSync(join(folder, "hidden"));
    const readDir = Deno.readDirSync;
    Deno.readDirSync = (path) =>
      Iterator.from(readDir(path)).filter(({ name }) => name !== "hidden");
    try {
      for (const command of ["list", "stats"]) {
        const { code, stderr } = await printed([command, folder]);
        assertEquals(code, 3);
        assertStringIncludes(stderr, "the name of a directory in it is not");
      }
    } finally {
      Deno.readDirSync = readDir;
    }
  });
});

Deno.test("commands about a root without a bundle report what they could not search", async () => {
  await inFolderAsync(async (folder) => {
    Deno.mkdirSync(join(folder, "closed"));
    await withClosed(async () => {
      for (
        const args of [
          ["stats", folder],
          ["sql", folder, "SELECT 1"],
          ["export", folder, "-o", "-", "--format", "otlp"],
          ["search", folder, "stream"],
        ]
      ) {
        const { code, stderr } = await printed(args);
        // No hit is an answer, which there is not without all of the directory.
        const expected = args[0] === "search" ? 3 : 1;
        assertEquals(code, expected, args.join(" "));
        assertStringIncludes(stderr, 'closed": permission denied');
        assertMatch(stderr, /error: no bundle (and no session log )?below/);
      }
    });
  });
});

/** The lines that a program reads where the output is a pipe. */
async function piped(...args: readonly string[]): Promise<string[]> {
  const io = recordedIo();
  const terminal = { columns: undefined, color: false, isTerminal: false };
  const lines: string[] = [];
  await runProgram(args, {
    ...io,
    terminal: () => terminal,
    printTrusted: (block) => void lines.push(...block.split("\n")),
  });
  return lines;
}

slowTest(
  "search ROOT finds in each session what search BUNDLE finds",
  async () => {
    const word = "child";
    const expected: string[] = [];
    const counts: string[] = [];
    const { bundles } = listBundles(join(PROJECT, UPSTREAM));
    for (const { bundle } of bundles) {
      const path = bundle.slice(join(PROJECT, ".").length).replace(/^\//, "");
      const { stdout } = await printed(
        ["search", path, word, "--json", "--hits", "all"],
      );
      let count = 0;
      for (const { object, hits } of JSON.parse(stdout).answer.objects) {
        for (const hit of hits) {
          if (hit.copy_of !== null) continue;
          expected.push(JSON.stringify([path, object.handle, hit]));
          count++;
        }
      }
      if (count > 0) counts.push(`${count}\t${path}`);
    }
    assert(counts.length > 3);
    assertEquals(await piped("search", UPSTREAM, word, "-c"), counts);
    assertEquals(
      await piped("search", UPSTREAM, word, "-l"),
      counts.map((line) => line.split("\t")[1]),
    );
    const rows = await piped("search", UPSTREAM, word, "--jsonl");
    assertEquals(
      rows.map((line) => JSON.parse(line)).map(({ session, object, hit }) =>
        JSON.stringify([session.bundle, object.handle, hit])
      ),
      expected,
    );
    const text = await piped("search", UPSTREAM, word);
    for (const line of counts) assert(text.includes(line.split("\t")[1] ?? ""));
    assertStringIncludes(
      text.join("\n"),
      `${expected.length} hits in ${counts.length} of ${bundles.length} sessions searched`,
    );
  },
);

Deno.test("search ROOT --copies has the hits of payloads that repeat others", async () => {
  const sum = async (...flags: string[]) =>
    (await piped("search", UPSTREAM, "child", "-c", ...flags))
      .reduce((all, line) => all + Number.parseInt(line), 0);
  const rows = await piped("search", UPSTREAM, "child", "--jsonl", "--copies");
  assertEquals(await sum("--copies"), rows.length);
  assert(await sum() < rows.length);
});

slowTest("search ROOT selects sessions as list does", async () => {
  const cases = [
    ["--since", "2026-11-29"],
    ["--until", "2026-11-23"],
    ["--failed"],
    ["--model", "5.5"],
    ["--cwd", "/workspace"],
    ["--grep", "child", "--until", "2026-11-29"],
  ];
  // A text that every session has.
  const found = (...flags: string[]) =>
    piped("search", UPSTREAM, "-e", ".", "-l", "--in", "items", ...flags);
  const all = await found();
  let narrower = 0;
  for (const flags of cases) {
    const listed = await piped(
      "list",
      UPSTREAM,
      "--columns",
      "bundle",
      ...flags,
    );
    const selected = await found(...flags);
    assertEquals(
      selected,
      listed.filter((path) => all.includes(path)),
      flags.join(" "),
    );
    if (selected.length > 0 && selected.length < all.length) narrower++;
  }
  assert(narrower > 3);
  assertEquals(await found("-n", "2"), all.slice(0, 2));
  const none = await printed(["search", UPSTREAM, "a", "--grep", "zzz"]);
  assertEquals([none.code, none.stdout], [1, ""]);
  assertMatch(none.stderr, /none of \d+ sessions match/);
});

Deno.test("search ROOT continues after a bundle that it cannot read", async () => {
  await inFolderAsync(async (folder) => {
    const broken = join(folder, "broken");
    Deno.mkdirSync(broken);
    Deno.writeTextFileSync(join(broken, "manifest.json"), "{}");
    const alone = await printed(["search", folder, "stream"]);
    assertEquals([alone.code, alone.stdout], [4, ""]);
    const bundle = putBundle(folder, "good");
    for (const flags of [[], ["--jsonl"], ["-l"], ["-c"], ["--cwd", "/"]]) {
      const result = await printed(["search", folder, "stream", ...flags]);
      assertEquals(result.code, 3, flags.join(" "));
      assertStringIncludes(result.stdout, bundle);
      assertStringIncludes(result.stderr, "manifest.json");
    }
    const none = await printed(["search", folder, "nowhere"]);
    assertEquals([none.code, none.stdout], [3, ""]);
    Deno.removeSync(broken, { recursive: true });
    const sound = await printed(["search", folder, "nowhere"]);
    assertEquals([sound.code, sound.stdout], [1, ""]);
    assertStringIncludes(sound.stderr, 'no hit in 1 session: "nowhere"');
    putBundle(folder, "partial", REFUSED_CASE);
    const partial = await printed(["search", folder, "stream", "-l"]);
    assertEquals(partial.code, 3);
    assertStringIncludes(partial.stderr, "partial: ");
  });
});

Deno.test("search ROOT prints a session before it reads the next", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "new", join(TESTDATA, "upstream", "0.171.0-agents_v2"));
    const old = putBundle(folder, "old");
    const io = recordedIo();
    const printedBefore: boolean[] = [];
    using _ = observeOpens((path) => {
      if (path === join(old, "trace.jsonl")) {
        printedBefore.push(io.stdout.includes("child"));
      }
    });
    const args = ["search", folder, "-e", "child|stream"];
    assertEquals(await runProgram([...args, "-n", "1"], recordedIo()), 0);
    assertEquals(printedBefore, []);
    assertEquals(await runProgram(args, io), 0);
    assert(printedBefore.length > 0);
    assert(printedBefore.every((isPrinted) => isPrinted));
  });
});

Deno.test("search ROOT refuses forms that it does not have", async () => {
  const state = `${UPSTREAM}/0.164.0-shell/expected.state.json`;
  const cases: readonly (readonly [string[], string])[] = [
    [[UPSTREAM, "a", "--json"], "--jsonl prints"],
    [[UPSTREAM, "a", "-l", "-c"], "--sessions and --count cannot be combined"],
    [[UPSTREAM, "a", "--thread", "2"], "a number alone means an event"],
    [[UPSTREAM, ""], "missing argument TEXT"],
    [[state, "a", "-c"], "--count needs the directory of a bundle"],
  ];
  for (const [args, message] of cases) {
    const result = await printed(["search", ...args]);
    assertEquals([result.code, result.stdout], [2, ""], args.join(" "));
    assertStringIncludes(result.stderr, message);
  }
  const unknown = ["search", UPSTREAM, "a", "--thread", "/root/reviewer"];
  const { stdout, stderr } = await printed(unknown);
  assertEquals(stdout, "");
  assertStringIncludes(stderr, 'no session has the thread "/root/reviewer"');
});

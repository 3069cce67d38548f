/**
 * Commands over a root of hundreds of sessions: as many threads as wanted, the same output, and
 * one thread where no worker may be loaded.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { bundleFolders } from "../../../lib/bundle/storage/find_bundles.ts";
import { makeManySessions } from "../../support/bundles/many_sessions.ts";
import { inFolder, inFolderAsync } from "../../support/cli.ts";
import { BUNDLED_PROGRAM, MAIN, TESTDATA } from "../../support/paths.ts";
import { run } from "../../support/processes.ts";

/** Enough work for workers. */
const SESSIONS = 600;
const CASES = [...bundleFolders(join(TESTDATA, "upstream"))];
const BUNDLED = join(BUNDLED_PROGRAM, "main.js");
const READS_ALL = ["run", "--no-prompt", "--allow-read"];

function putRoot(folder: string): string {
  const root = join(folder, "root");
  const until = Date.UTC(2026, 10, 29);
  makeManySessions({ root, count: SESSIONS, days: 30, until, bundles: CASES });
  return root;
}

/** Names that steer a terminal, end a line, or look like flags and selectors. */
const HOSTILE_NAMES = [
  "escape\x1b[31m",
  "line\nend\r\n",
  "tab\t'\"$(id)",
  "right-to-left\u202e",
  "-dash",
  "at@latest",
];

/** Adds bundles with hostile names, loops of links, and what is no bundle; returns the faults. */
function putHostileFiles(root: string): RegExp[] {
  for (const [at, name] of HOSTILE_NAMES.entries()) {
    copySync(CASES[at] ?? "", join(root, `000${name}`, name));
    copySync(CASES[at] ?? "", join(root, `zzz${name}`));
  }
  Deno.symlinkSync(root, join(root, "loop"));
  Deno.symlinkSync("..", join(root, "000-dash", "above"));
  Deno.symlinkSync("other", join(root, "one"));
  Deno.symlinkSync("one", join(root, "other"));
  const noLog = join(root, "no-log");
  Deno.mkdirSync(noLog);
  Deno.copyFileSync(
    join(CASES[0] ?? "", "manifest.json"),
    join(noLog, "manifest.json"),
  );
  const made = run("sh", ["-c", `mkdir "$(printf 'not-utf8-\\377')"`], {
    cwd: root,
  });
  assertEquals(made.code, 0, made.stderr);
  return [/no-log": trace\.jsonl: does not exist/, /name is not UTF-8/];
}

Deno.test("two threads print what one does, of sources and bundled, whatever a root holds", () => {
  inFolder((folder) => {
    const root = putRoot(folder);
    const faults = Deno.build.os === "linux" ? putHostileFiles(root) : [];
    const command = ["stats", root, "--csv", "--verbose", "--jobs"];
    const end = (program: string, jobs: string) =>
      run(Deno.execPath(), [...READS_ALL, program, ...command, jobs]);
    const alone = end(MAIN, "1");
    assert(alone.stdout.length > SESSIONS * 100);
    for (const each of faults) assertMatch(alone.stderr, each);
    if (faults.length > 0) {
      assertStringIncludes(alone.stdout, "/000-dash/-dash,1,");
      assertStringIncludes(alone.stdout, "/zzzline\\u000aend\\u000d\\u000a,1,");
    }
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x09\x0b-\x1f]/.test(alone.stderr), alone.stderr);
    assertEquals(end(MAIN, "2"), alone);
    assertEquals(end(BUNDLED, "2"), alone);
  });
});

Deno.test("without the permission to read the program, one thread does all, which is reported only with --verbose", () => {
  inFolder((folder) => {
    const root = putRoot(folder);
    const [quiet, verbose] = [[], ["--verbose"]].map((flags) =>
      run(Deno.execPath(), [
        ...["run", "--no-prompt", `--allow-read=${root}`, MAIN],
        ...["stats", root, "--csv", "--jobs", "2", ...flags],
      ])
    );
    assertEquals(verbose?.stdout, quiet?.stdout);
    assertEquals(verbose?.code, quiet?.code);
    assertStringIncludes(verbose?.stderr ?? "", "note: one thread: ");
    assert(!quiet?.stderr.includes("one thread"), quiet?.stderr);
  });
});

Deno.test("bundles that appear and vanish while threads read them stop no command", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder);
    const output = join(folder, "tables");
    for (
      const command of [["list", root, "--json"], [
        "tables",
        root,
        "-o",
        output,
      ]]
    ) {
      const ended = new Deno.Command(Deno.execPath(), {
        args: [
          ...[...READS_ALL, "--allow-write", MAIN, ...command],
          ...["--jobs", "2"],
        ],
        stdout: "piped",
        stderr: "piped",
      }).output();
      let isEnded = false;
      ended.then(() => isEnded = true);
      const victims = [...bundleFolders(root)];
      for (let at = 0; !isEnded && at < victims.length; at += 7) {
        Deno.removeSync(victims[at] ?? "", { recursive: true });
        copySync(CASES[at % CASES.length] ?? "", join(root, `new-${at}`), {
          overwrite: true,
        });
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const { code, stderr } = await ended;
      const text = new TextDecoder().decode(stderr);
      assert(code === 0 || code === 3, `${command.join(" ")}: ${code} ${text}`);
      assert(!text.includes("unexpected"), text);
    }
  });
});

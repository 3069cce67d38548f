/**
 * Commands over a root of hundreds of sessions: as many threads as wanted, the same output, and
 * one thread where no worker may be loaded.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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

Deno.test("two threads print what one does, of sources and bundled", () => {
  inFolder((folder) => {
    const command = ["stats", putRoot(folder), "--csv", "--verbose", "--jobs"];
    const end = (program: string, jobs: string) =>
      run(Deno.execPath(), [...READS_ALL, program, ...command, jobs]);
    const alone = end(MAIN, "1");
    assert(alone.stdout.length > SESSIONS * 100);
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

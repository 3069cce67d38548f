/**
 * Commands over a root of hundreds of sessions: as many threads as wanted, the same output, and
 * one thread where no worker may be loaded.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { bundleFolders } from "../../../lib/bundle/folder_listing.ts";
import { BUNDLED_PROGRAM, MAIN, TESTDATA } from "../../support/paths.ts";
import { inFolder, inFolderAsync } from "../../support/cli.ts";
import { run } from "../../support/processes.ts";
import { makeManySessions } from "../../tools/bench/many_sessions.ts";

/** Enough work for workers. */
const SESSIONS = 600;
const CASES = [...bundleFolders(join(TESTDATA, "upstream"))];
const BUNDLED = join(BUNDLED_PROGRAM, "main.js");

function putRoot(folder: string, count = SESSIONS): string {
  const root = join(folder, "root");
  const until = Date.UTC(2026, 10, 29);
  makeManySessions({ root, count, days: 30, until, bundles: CASES });
  return root;
}

/** The command lines, with their root. */
function commandsOver(root: string): string[][] {
  return [
    ["stats", root, "--by", "day", "--csv"],
    ["search", root, "error", "-c"],
  ];
}

Deno.test("two threads print what one does, of sources and bundled", () => {
  inFolder((folder) => {
    const root = putRoot(folder);
    for (const command of commandsOver(root)) {
      const ends = [[MAIN, "1"], [MAIN, "2"], [BUNDLED, "2"]].map((
        [program = "", jobs = ""],
      ) =>
        run(Deno.execPath(), [
          ...["run", "--no-prompt", "--allow-read", program],
          ...[...command, "--jobs", jobs, "--verbose"],
        ])
      );
      const [alone, ...shared] = ends;
      assert(alone !== undefined && alone.stdout.length > 100, command.join());
      for (const end of shared) assertEquals(end, alone, command.join());
    }
  });
});

Deno.test("without the permission to read the program, one thread does all, and says so only with --verbose", () => {
  inFolder((folder) => {
    const root = putRoot(folder);
    for (const command of commandsOver(root)) {
      const [quiet, verbose] = [[], ["--verbose"]].map((flags) =>
        run(Deno.execPath(), [
          ...["run", "--no-prompt", `--allow-read=${root}`, MAIN],
          ...[...command, "--jobs", "2", ...flags],
        ])
      );
      assertEquals(verbose?.stdout, quiet?.stdout);
      assertEquals(verbose?.code, quiet?.code);
      assertStringIncludes(verbose?.stderr ?? "", "note: one thread: ");
      assert(!quiet?.stderr.includes("one thread"), quiet?.stderr);
    }
  });
});

Deno.test("bundles that appear and vanish while threads read them stop no command", async () => {
  await inFolderAsync(async (folder) => {
    const root = putRoot(folder);
    const output = join(folder, "tables");
    const commands = [...commandsOver(root), ["tables", root, "-o", output]];
    for (const command of commands) {
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--no-prompt", "--allow-read", "--allow-write", MAIN],
          ...[...command, "--jobs", "2"],
        ],
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const ended = child.output();
      let isEnded = false;
      ended.then(() => isEnded = true);
      for (let at = 0; !isEnded && at < SESSIONS / 2; at++) {
        const bundles = [...bundleFolders(root)];
        const victim = bundles[(at * 37) % bundles.length] ?? root;
        Deno.removeSync(victim, { recursive: true });
        copySync(CASES[at % CASES.length] ?? "", join(root, `new-${at}`), {
          overwrite: true,
        });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { code, stderr } = await ended;
      const text = new TextDecoder().decode(stderr);
      assert(code === 0 || code === 3, `${command.join(" ")}: ${code} ${text}`);
      assert(!text.includes("unexpected"), text);
    }
  });
});

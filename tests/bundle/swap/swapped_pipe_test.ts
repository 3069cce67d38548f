/**
 * A file of a bundle that another process replaces by a pipe while the bundle is read.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { openSeenFile } from "../../../lib/bundle/storage/seen_file.ts";
import { COVERS_ALL_CASES } from "../../support/cases.ts";
import { inFolder } from "../../support/cli.ts";

const POSIX = Deno.build.os !== "windows";
/** Openings under attack; without protection one of some hundred blocks. */
const OPENINGS = COVERS_ALL_CASES ? 20_000 : 2000;
/** Milliseconds after which an opening counts as blocked for ever. */
const PATIENCE_MS = 60_000;

Deno.test({
  name: "a pipe that replaces a payload all the time blocks no opening",
  ignore: !POSIX,
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    const file = `${folder}/bundle/payloads/1.json`;
    Deno.mkdirSync(`${folder}/bundle/payloads`, { recursive: true });
    Deno.writeTextFileSync(file, `"own"`);
    makePipe(`${folder}/pipe`);
    using swapper = start("pipe_swapper.ts", [file, `${folder}/pipe`]);
    for await (const _ of swapper.process.stdout.values()) break;
    using opener = start("file_opener.ts", [
      `${folder}/bundle`,
      String(OPENINGS),
    ]);
    const timer = setTimeout(() => opener.process.kill(), PATIENCE_MS);
    const { code, stdout } = await opener.process.output();
    clearTimeout(timer);
    assertEquals(code, 0, "an opening was blocked, or failed");
    assert(Number(new TextDecoder().decode(stdout)) > 0, "none was successful");
    swapper.process.kill("SIGKILL");
    await swapper.process.status;
    Deno.removeSync(folder, { recursive: true });
  },
});

Deno.test({
  name: "what was a file and is a pipe now is opened without waiting",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const path = `${folder}/1.json`;
      Deno.writeTextFileSync(path, "1");
      const seen = Deno.lstatSync(path);
      Deno.removeSync(path);
      makePipe(path);
      // Neither its folder nor the file that was seen is reason for care, but the time of the file.
      using file = openSeenFile(path, seen, false);
      assert(!file.statSync().isFile);
      using old = openSeenFile(path, { ...seen, ctime: new Date(0) }, true);
      assert(!old.statSync().isFile);
    }),
});

Deno.test("an error of opening is the same with and without waiting", () => {
  inFolder((folder) => {
    const seen = { ...Deno.lstatSync(folder), ctime: new Date(0) };
    for (const isCareful of [false, true]) {
      assertThrows(
        () => openSeenFile(`${folder}/none`, seen, isCareful),
        Deno.errors.NotFound,
      );
    }
  });
});

Deno.test({
  name: "what the system refuses of a file is an error of Deno with its number",
  ignore: !POSIX,
  fn: () =>
    inFolder((folder) => {
      const seen = Deno.lstatSync(folder);
      const below = `${folder}/file/below`;
      Deno.writeTextFileSync(`${folder}/file`, "");
      assertThrows(
        () => openSeenFile(below, seen, true),
        Deno.errors.NotADirectory,
        "(os error 20)",
      );
      using opened = openSeenFile(folder, seen, true);
      assertThrows(
        () => opened.readSync(new Uint8Array(1)),
        Deno.errors.IsADirectory,
        "(os error 21)",
      );
    }),
});

function makePipe(path: string): void {
  assert(new Deno.Command("mkfifo", { args: [path] }).outputSync().success);
}

/** A program of this folder that is running; it is killed when it is not needed any more. */
function start(name: string, args: readonly string[]) {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--allow-read",
      "--allow-write",
      join(import.meta.dirname ?? "", name),
      ...args,
    ],
    stdout: "piped",
  }).spawn();
  return {
    process,
    [Symbol.dispose]() {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended.
      }
    },
  };
}

/**
 * Disks that are full or closed, and folders with very many files.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { replayBundle } from "../../lib/replay.ts";
import { printed } from "../cli/commands/command_golden.ts";
import {
  GOOD_STATE,
  inFolder,
  inFolderAsync,
  namesIn,
  putBundle,
} from "../support/cli.ts";
import { run, runMain } from "../support/processes.ts";
import { writeBenchBundle } from "../support/bundles/long/long_bundle.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { startWork } from "../support/work_cost.ts";

const POSIX = Deno.build.os !== "windows";

/** Runs `test` on a file system of its own; does not where this process may not mount one. */
async function onDisk(
  options: string,
  test: (folder: string) => void | Promise<void>,
): Promise<void> {
  await inFolderAsync(async (folder) => {
    const args = ["-t", "tmpfs", "-o", options, "tmpfs", folder];
    if (run("mount", args).code !== 0) return;
    try {
      await test(folder);
    } finally {
      assertEquals(run("umount", [folder]).code, 0);
    }
  });
}

Deno.test({
  name: "a disk that fills while the graph is written keeps no half of it",
  ignore: !POSIX,
  fn: () =>
    onDisk("size=64k", (small) =>
      inFolder((folder) => {
        const bundle = new RawBundle(1);
        for (let i = 0; i < 1000; i++) bundle.tool(`tool-${i}`);
        const dir = bundle.writeTo(`${folder}/bundle`);
        const ended = runMain(
          [`--allow-read=${dir},${small}`, `--allow-write=${small}`],
          ["reduce", dir, "-o", `${small}/state.json`],
        );
        assertEquals(ended.code, 4);
        assertStringIncludes(ended.stderr, "Cannot write");
        assertEquals(namesIn(small), []);
      })),
});

Deno.test({
  name: "tables of a new day on a full disk leave nothing",
  ignore: !POSIX,
  fn: () =>
    onDisk("size=64k", (small) =>
      inFolder((root) => {
        const bundle = new RawBundle(1);
        for (let i = 0; i < 1000; i++) bundle.tool(`tool-${i}`);
        bundle.writeTo(`${root}/bundle`);
        const output = ["-o", `${small}/tables`, "--format", "ndjson"];
        const ended = runMain(["-A"], ["tables", root, ...output]);
        assertEquals(ended.code, 4, ended.stderr);
        assertEquals(namesIn(small), []);
      })),
});

Deno.test({
  name: "every command whose output finds the disk full leaves nothing of it",
  ignore: !POSIX,
  fn: () =>
    onDisk("size=64k", (small) =>
      inFolderAsync(async (root) => {
        const bundle = new RawBundle(1);
        for (let i = 0; i < 1000; i++) bundle.tool(`tool-${i}`);
        const dir = bundle.writeTo(`${root}/bundle`);
        for (
          const command of [
            ["tables", root, "--format", "sqlite"],
            ["export", dir, "--format", "otlp"],
            ["redact", dir],
            ["report", dir],
            ["viewer"],
          ]
        ) {
          const output = `${small}/output`;
          const ended = await printed([...command, "-o", output]);
          const what = `${command[0]}: ${ended.stderr}`;
          assertEquals(ended.code, 4, what);
          assertStringIncludes(ended.stderr, `Cannot write "${output}`, what);
          assertStringIncludes(ended.stderr, "name another", what);
          assertEquals(namesIn(small), [], what);
        }
      })),
});

Deno.test({
  name: "a database of tables on a full disk keeps the sessions that it has",
  ignore: !POSIX,
  fn: () =>
    onDisk("size=384k", (small) =>
      inFolderAsync(async (root) => {
        const update = async (calls: number) => {
          const bundle = new RawBundle(1);
          for (let i = 0; i < calls; i++) bundle.tool(`tool-${i}`);
          bundle.writeTo(`${root}/bundle`);
          const output = ["-o", small, "--format", "sqlite"];
          return await printed(["tables", root, ...output]);
        };
        assertEquals((await update(1)).code, 0);
        const database = `${small}/tables.sqlite`;
        const before = Deno.readFileSync(database);
        const ended = await update(2000);
        assertEquals(ended.code, 4, ended.stderr);
        assertStringIncludes(ended.stderr, "make room on its disk");
        assertEquals(namesIn(small), ["tables.sqlite"]);
        assertEquals(Deno.readFileSync(database), before);
      })),
});

Deno.test({
  name: "the space of the disk is examined first where that is permitted",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    onDisk("size=64k", (small) =>
      inFolder((folder) => {
        const dir = `${folder}/bundle`;
        writeBenchBundle(dir, { calls: 800, tools: 1, delta: true });
        const ended = runMain(["-A"], ["reduce", dir, "-o", `${small}/x`]);
        assertEquals(ended.code, 4);
        assertStringIncludes(ended.stderr, "and the disk has 65536 left");
        assertEquals(namesIn(small), []);
      })),
});

Deno.test({
  name: "a device that is always full ends reduce with an error",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder((folder) => {
      const dir = putBundle(folder, "bundle");
      const ended = runMain(["-A"], ["reduce", dir, "-o", "/dev/full"]);
      assertEquals(ended.code, 4);
      assertStringIncludes(ended.stderr, "error: ");
    }),
});

Deno.test({
  name: "a bundle on a disk that is read-only is reduced to somewhere else",
  ignore: !POSIX,
  fn: () =>
    onDisk("size=4m", (disk) => {
      const dir = putBundle(disk, "bundle");
      const again = ["-o", "remount,ro", disk];
      assertEquals(run("mount", again).code, 0);
      const here = runMain(["-A"], ["reduce", dir]);
      assertEquals(here.code, 4);
      assertStringIncludes(here.stderr, "Cannot write");
      inFolder((folder) => {
        const output = `${folder}/state.json`;
        const ended = runMain(["-A"], ["reduce", dir, "-o", output]);
        assertEquals(ended, { code: 0, stdout: `${output}\n`, stderr: "" });
        assertEquals(Deno.readTextFileSync(output), GOOD_STATE);
      });
    }),
});

Deno.test("a bundle with 100,000 payloads is reduced in seconds", () => {
  inFolder((folder) => {
    const bundle = new RawBundle(2);
    for (let i = 0; i < 100_000; i++) {
      bundle.event({
        type: "protocol_event_observed",
        event_type: "x",
        event_payload: bundle.payload("protocol_event", "{}"),
      });
    }
    const dir = bundle.writeTo(`${folder}/bundle`);
    const worked = startWork();
    assertEquals(replayBundle(dir).raw_payloads.size, 100_000);
    assert(worked() < 30_000);
  });
});

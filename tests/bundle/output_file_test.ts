/**
 * A result on disk is complete or absent.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { slowTest } from "../support/cases.ts";
import {
  InterruptedError,
  Interruption,
} from "../../lib/bundle/output/interruption.ts";
import { LimitError } from "../../lib/errors.ts";
import { OutputError } from "../../lib/bundle/output/output_error.ts";
import {
  type WriteChunk,
  writeOutput,
  writeOutputs,
} from "../../lib/bundle/output/output_file.ts";
import {
  GOOD_STATE,
  inFolder,
  inFolderAsync,
  namesIn,
  putBundle,
} from "../support/cli.ts";
import { MAIN, PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";

const POSIX = Deno.build.os !== "windows";

/** Two pieces through one buffer, as a producer that saves memory writes them. */
function twoPieces(write: (chunk: Uint8Array) => void): void {
  const buffer = new TextEncoder().encode("ab");
  write(buffer);
  buffer.set(new TextEncoder().encode("cd"));
  write(buffer);
}

function half(write: (chunk: Uint8Array) => void): void {
  write(new TextEncoder().encode("half"));
  throw new RangeError("broken off");
}

Deno.test("writeOutput() makes a private file, beside and renamed", () =>
  inFolderAsync(async (folder) => {
    const path = join(folder, "out");
    assertEquals(await writeOutput(path, twoPieces), "renamed");
    assertEquals(Deno.readTextFileSync(path), "abcd");
    assertEquals(namesIn(folder), ["out"]);
    if (POSIX) assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  }));

Deno.test("writeOutput() keeps the mode of the file it replaces", () =>
  inFolderAsync(async (folder) => {
    if (!POSIX) return;
    const path = join(folder, "out");
    Deno.writeTextFileSync(path, "old");
    Deno.chmodSync(path, 0o664);
    await writeOutput(path, twoPieces);
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o664);
  }));

Deno.test("writeOutput() leaves the old file and nothing else when the content breaks off", () =>
  inFolderAsync(async (folder) => {
    const path = join(folder, "out");
    for (const breaking of [half, largeAndBreaking]) {
      await assertRejects(() => writeOutput(path, breaking), RangeError);
      assertEquals(namesIn(folder), []);
      Deno.writeTextFileSync(path, "old");
      await assertRejects(() => writeOutput(path, breaking), RangeError);
      assertEquals(namesIn(folder), ["out"]);
      assertEquals(Deno.readTextFileSync(path), "old");
      Deno.removeSync(path);
    }
  }));

Deno.test("writeOutputs() replaces all files, or none when one is too large or cannot be replaced", () =>
  inFolderAsync(async (folder) => {
    const [one, two, taken] = ["one", "two", "taken"].map((name) =>
      join(folder, name)
    );
    const bytes = new TextEncoder().encode("new");
    const outputs = [{ path: one ?? "", bytes }, { path: two ?? "", bytes }];
    await writeOutputs(outputs);
    assertEquals(namesIn(folder), ["one", "two"]);
    for (const { path } of outputs) {
      assertEquals(Deno.readTextFileSync(path), "new");
      if (POSIX) assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    }
    const large = { path: two ?? "", bytes: new TextEncoder().encode("large") };
    const other = { path: one ?? "", bytes: new TextEncoder().encode("new2") };
    await assertRejects(
      () => writeOutputs([other, large], { output: 4 }),
      LimitError,
    );
    Deno.mkdirSync(taken ?? "");
    await assertRejects(
      () => writeOutputs([other, { path: taken ?? "", bytes }]),
      OutputError,
    );
    assertEquals(namesIn(folder), ["one", "taken", "two"]);
    for (const { path } of outputs) {
      assertEquals(Deno.readTextFileSync(path), "new");
    }
  }));

Deno.test("writeOutput() replaces a symbolic link, whatever it leads to, and does not follow it", () =>
  inFolderAsync(async (folder) => {
    if (!POSIX) return;
    Deno.writeTextFileSync(join(folder, "victim"), "keep");
    run("mkfifo", [join(folder, "pipe")]);
    for (const target of ["victim", "nowhere", "pipe", "/dev/null"]) {
      Deno.symlinkSync(target, join(folder, "out"));
      await writeOutput(join(folder, "out"), twoPieces);
      assertEquals(Deno.lstatSync(join(folder, "out")).isSymlink, false);
      assertEquals(Deno.readTextFileSync(join(folder, "victim")), "keep");
      Deno.removeSync(join(folder, "out"));
    }
    assertEquals(namesIn(folder), ["pipe", "victim"]);
  }));

Deno.test("writeOutput() refuses a folder, a path below none, a pipe and a device", () =>
  inFolderAsync(async (folder) => {
    Deno.writeTextFileSync(join(folder, "file"), "");
    if (POSIX) run("mkfifo", [join(folder, "pipe")]);
    for (
      const [path, words] of [
        [folder, "it is a folder"],
        [join(folder, "no", "out"), "its folder does not exist"],
        [join(folder, "file", "out"), "its folder is not a folder"],
        ...POSIX
          ? [
            [join(folder, "pipe"), "it is a named pipe"],
            ["/dev/null", "it is in a folder of devices"],
            ["/dev/stderr", "it is in a folder of devices"],
            ["/proc/self/fd/2", "it is in a folder of devices"],
            ["/sys/out", "it is in a folder of devices"],
          ] as const
          : [],
      ] as const
    ) {
      const error = await assertRejects(
        () => writeOutput(path, twoPieces),
        OutputError,
      );
      assertStringIncludes(error.message, words);
    }
    assertEquals(namesIn(folder), POSIX ? ["file", "pipe"] : ["file"]);
  }));

Deno.test("writeOutput() writes to the longest name that a file can have", () =>
  inFolderAsync(async (folder) => {
    const path = join(folder, "n".repeat(255));
    assertEquals(await writeOutput(path, twoPieces), "renamed");
    assertEquals(Deno.readTextFileSync(path), "abcd");
  }));

Deno.test("writeOutput() removes what a killed process left, and nothing else", () =>
  inFolderAsync(async (folder) => {
    const written = ".rollout-trace-00000000.tmp";
    const others = ["other.tmp", ".rollout-trace-1.tmp"];
    for (const name of [".rollout-trace-0123abcd.tmp", written, ...others]) {
      Deno.writeTextFileSync(join(folder, name), "half");
    }
    // The lock of a process that still writes.
    using file = Deno.openSync(join(folder, written), { write: true });
    file.lockSync(true);
    assertEquals(await writeOutput(join(folder, "out"), twoPieces), "renamed");
    assertEquals(namesIn(folder), [written, ...others, "out"].sort());
  }));

const narrow = Deno.realPathSync(Deno.makeTempDirSync());
const target = join(narrow, "out");

Deno.test({
  name:
    "writeOutput() writes in one go where only the file may be written, and reads it as well",
  permissions: { read: [narrow], write: [target] },
  fn: async () => {
    assertEquals(await writeOutput(target, twoPieces), "in one go");
    assertEquals(Deno.readTextFileSync(target), "abcd");
    await assertRejects(() => writeOutput(target, half), RangeError);
    assertEquals(Deno.readTextFileSync(target), "abcd");
    assertEquals(await writeOutput(target, twoPieces), "in one go");
    assertEquals(namesIn(narrow), ["out"]);
  },
});

Deno.test({
  name: "writeOutput() does not replace a file that may not even be inspected",
  permissions: { read: false, write: [target] },
  fn: async () => {
    await assertRejects(
      () => writeOutput(target, twoPieces),
      OutputError,
      "only what may be read is replaced",
    );
    Deno.removeSync(target);
    assertEquals(await writeOutput(target, twoPieces), "in one go");
    await assertRejects(() => writeOutput(target, half), RangeError);
  },
});

function large(write: WriteChunk): void {
  const piece = new Uint8Array(8 << 20);
  for (let i = 0; i < 5; i++) write(piece);
}

function largeAndBreaking(write: WriteChunk): void {
  large(write);
  throw new RangeError("broken off");
}

Deno.test({
  name:
    "writeOutput() keeps the old file where only it may be written, and much of a result breaks off",
  permissions: { read: [narrow], write: [target] },
  fn: async () => {
    assertEquals(await writeOutput(target, large), "in one go");
    assertEquals(Deno.statSync(target).size, 5 * (8 << 20));
    await assertRejects(
      () => writeOutput(target, largeAndBreaking),
      RangeError,
    );
    assertEquals(Deno.statSync(target).size, 5 * (8 << 20));
    assertEquals(await writeOutput(target, twoPieces), "in one go");
  },
});

Deno.test("writeOutput() left one complete file behind, and is tidied away", () => {
  assertEquals(Deno.readTextFileSync(target), "abcd");
  assertEquals(namesIn(narrow), ["out"]);
  Deno.removeSync(narrow, { recursive: true });
});

/** Writes an output, and prints a line when there is a temporary file with a part of it. */
const SLOW = `
import { InterruptedError } from "${
  toFileUrl(join(PROJECT, "lib/bundle/output/interruption.ts"))
}";
import { writeOutput } from "${
  toFileUrl(join(PROJECT, "lib/bundle/output/output_file.ts"))
}";
try {
  await writeOutput("out", (write) => {
    for (let i = 0; i < 5; i++) write(new Uint8Array(8 << 20));
    console.log("writing");
    // Until the signal was sent, and then long enough for it to arrive.
    for (let isSent = false; !isSent;) {
      try {
        isSent = Deno.statSync("sent").isFile;
      } catch { /* Not yet. */ }
    }
    const end = performance.now() + 1000;
    while (performance.now() < end);
  });
} catch (error) {
  if (!(error instanceof InterruptedError)) throw error;
  Deno.exit(error.signal === "SIGTERM" ? 143 : 130);
}
`;

/** Runs {@linkcode SLOW} in a folder and sends a signal as soon as it writes. */
async function interrupt(folder: string, signal: Deno.Signal) {
  const script = join(folder, "slow.ts");
  Deno.writeTextFileSync(script, SLOW);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-read", "--allow-write", script],
    cwd: folder,
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill(signal);
  Deno.writeTextFileSync(join(folder, "sent"), "");
  const { code } = await child.status;
  await reader.cancel();
  Deno.removeSync(script);
  Deno.removeSync(join(folder, "sent"));
  return code;
}

slowTest({
  name: "SIGINT and SIGTERM remove the temporary file and keep the old file",
  ignore: !POSIX,
  fn: () =>
    inFolderAsync(async (folder) => {
      Deno.writeTextFileSync(join(folder, "out"), "old");
      assertEquals(await interrupt(folder, "SIGINT"), 130);
      assertEquals(await interrupt(folder, "SIGTERM"), 143);
      assertEquals(namesIn(folder), ["out"]);
      assertEquals(Deno.readTextFileSync(join(folder, "out")), "old");
    }),
});

Deno.test({
  name: "what SIGKILL leaves is removed by the next output",
  ignore: !POSIX,
  fn: () =>
    inFolderAsync(async (folder) => {
      await interrupt(folder, "SIGKILL");
      const [left = ""] = namesIn(folder);
      assert(/^\.rollout-trace-\w{8}\.tmp$/.test(left), left);
      await writeOutput(join(folder, "out"), twoPieces);
      assertEquals(namesIn(folder), ["out"]);
    }),
});

Deno.test({
  name: "a disk that fills up leaves no half of a file",
  ignore: Deno.build.os !== "linux",
  fn: () => {
    inFolder((folder) => {
      putBundle(folder, "bundle");
      const read = "--allow-read=bundle,out";
      for (
        const [write, before] of [
          ["--allow-write=out/state.json", undefined],
          ["--allow-write=out", undefined],
          ["--allow-write=out", "of yesterday"],
        ] as const
      ) {
        Deno.mkdirSync(join(folder, "out"));
        const state = join(folder, "out", "state.json");
        if (before !== undefined) Deno.writeTextFileSync(state, before);
        // A limit on the size of files makes the same fault as a full disk, without one.
        const script =
          `trap '' XFSZ; ulimit -f ${
            Math.floor(GOOD_STATE.length / 1024 / 2)
          }; ` +
          `exec "$0" run --no-code-cache ${read} ${write} "$1" reduce bundle -o out/state.json`;
        const ended = run("bash", ["-c", script, Deno.execPath(), MAIN], {
          cwd: folder,
        });
        assertEquals([ended.code, ended.stdout], [4, ""], ended.stderr);
        assertStringIncludes(
          ended.stderr,
          `error: Cannot write "out/state.json": `,
        );
        assertEquals(
          namesIn(join(folder, "out")),
          before === undefined ? [] : ["state.json"],
        );
        if (before !== undefined) {
          assertEquals(Deno.readTextFileSync(state), before);
        }
        Deno.removeSync(join(folder, "out"), { recursive: true });
      }
    });
  },
});

/** Counts the workers that an output starts which takes 300 ms for so many megabytes. */
async function countWorkers(megabytes: number): Promise<number> {
  const { Worker } = globalThis;
  const { now } = performance;
  let count = 0;
  let ms = 1;
  class CountedWorker {
    constructor() {
      count++;
    }
    postMessage(): void {}
    terminate(): void {}
  }
  Reflect.set(globalThis, "Worker", CountedWorker);
  performance.now = () => ms;
  try {
    await inFolderAsync(async (folder) => {
      await writeOutput(join(folder, "out"), (write) => {
        const megabyte = new Uint8Array(1024 * 1024);
        for (let i = 1; i < megabytes; i++) write(megabyte);
        ms += 300;
        write(megabyte);
      });
    });
  } finally {
    globalThis.Worker = Worker;
    performance.now = now;
  }
  return count;
}

Deno.test(
  "an output of usual size starts no thread on a busy machine, a large one does",
  async () => {
    assertEquals(await countWorkers(16), 0);
    assertEquals(await countWorkers(48), 1);
  },
);

slowTest("a signal is known within a task that does not end", () => {
  using interruption = new Interruption();
  interruption.watch();
  interruption.check();
  const isKnown = () => {
    try {
      interruption.check();
      return false;
    } catch (error) {
      return error instanceof InterruptedError && error.signal === "SIGTERM";
    }
  };
  if (!POSIX) return;
  // The other thread needs a moment to begin, on a busy machine a long one: the signal is sent until
  // it listens. A listener of this thread is not called meanwhile.
  const end = performance.now() + 60_000;
  for (let next = 0; !isKnown() && performance.now() < end;) {
    if (performance.now() < next) continue;
    run("kill", ["-TERM", String(Deno.pid)]);
    next = performance.now() + 500;
  }
  assert(isKnown());
});

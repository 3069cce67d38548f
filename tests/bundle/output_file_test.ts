/**
 * A result on disk is complete or absent.
 *
 * @module
 */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  OutputError,
  type WriteChunk,
  writeOutput,
} from "../../lib/bundle/write/output_file.ts";
import { GOOD_STATE, inFolder, namesIn, putBundle } from "../support/cli.ts";
import { MAIN } from "../support/paths.ts";
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

Deno.test("writeOutput() makes a private file, beside and renamed", () => {
  inFolder((folder) => {
    const path = join(folder, "out");
    assertEquals(writeOutput(path, twoPieces), "renamed");
    assertEquals(Deno.readTextFileSync(path), "abcd");
    assertEquals(namesIn(folder), ["out"]);
    if (POSIX) assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("writeOutput() keeps the mode of the file it replaces", () => {
  if (!POSIX) return;
  inFolder((folder) => {
    const path = join(folder, "out");
    Deno.writeTextFileSync(path, "old");
    Deno.chmodSync(path, 0o664);
    writeOutput(path, twoPieces);
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o664);
  });
});

Deno.test("writeOutput() leaves the old file and nothing else when the content breaks off", () => {
  inFolder((folder) => {
    const path = join(folder, "out");
    assertThrows(() => writeOutput(path, half), RangeError, "broken off");
    assertEquals(namesIn(folder), []);
    Deno.writeTextFileSync(path, "old");
    assertThrows(() => writeOutput(path, half), RangeError, "broken off");
    assertEquals(namesIn(folder), ["out"]);
    assertEquals(Deno.readTextFileSync(path), "old");
  });
});

Deno.test("writeOutput() replaces a symbolic link and does not follow it", () => {
  if (!POSIX) return;
  inFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "victim"), "keep");
    for (const target of ["victim", "nowhere"]) {
      Deno.symlinkSync(target, join(folder, "out"));
      writeOutput(join(folder, "out"), twoPieces);
      assertEquals(Deno.lstatSync(join(folder, "out")).isSymlink, false);
      assertEquals(Deno.readTextFileSync(join(folder, "victim")), "keep");
      Deno.removeSync(join(folder, "out"));
    }
    assertEquals(namesIn(folder), ["victim"]);
  });
});

Deno.test("writeOutput() refuses a folder, and a path below none", () => {
  inFolder((folder) => {
    Deno.writeTextFileSync(join(folder, "file"), "");
    for (
      const [path, words] of [
        [folder, "it is a folder"],
        [join(folder, "no", "out"), "its folder does not exist"],
        [join(folder, "file", "out"), "its folder is not a folder"],
      ] as const
    ) {
      const error = assertThrows(
        () => writeOutput(path, twoPieces),
        OutputError,
      );
      assertStringIncludes(error.message, words);
    }
    assertEquals(namesIn(folder), ["file"]);
  });
});

const narrow = Deno.realPathSync(Deno.makeTempDirSync());
const target = join(narrow, "out");

Deno.test({
  name:
    "writeOutput() writes in one go where only the file may be written, and reads it as well",
  permissions: { read: [narrow], write: [target] },
  fn: () => {
    assertEquals(writeOutput(target, twoPieces), "in one go");
    assertEquals(Deno.readTextFileSync(target), "abcd");
    assertThrows(() => writeOutput(target, half), RangeError, "broken off");
    assertEquals(Deno.readTextFileSync(target), "abcd");
    assertEquals(writeOutput(target, twoPieces), "in one go");
    assertEquals(namesIn(narrow), ["out"]);
  },
});

Deno.test({
  name:
    "writeOutput() writes in one go where the file may not even be inspected",
  permissions: { read: false, write: [target] },
  fn: () => {
    assertEquals(writeOutput(target, twoPieces), "in one go");
    assertThrows(() => writeOutput(target, half), RangeError, "broken off");
  },
});

Deno.test({
  name:
    "writeOutput() leaves nothing of a result that breaks off after much of it is written",
  permissions: { read: [narrow], write: [target] },
  fn: () => {
    const large = (pieces: number) => (write: WriteChunk) => {
      const piece = new Uint8Array(8 << 20);
      for (let i = 0; i < pieces; i++) write(piece);
    };
    assertEquals(writeOutput(target, large(5)), "in one go");
    assertEquals(Deno.statSync(target).size, 5 * (8 << 20));
    const breaking = (write: WriteChunk) => {
      large(5)(write);
      throw new RangeError("broken off");
    };
    assertThrows(() => writeOutput(target, breaking), RangeError);
    assertEquals(namesIn(narrow), []);
    assertEquals(writeOutput(target, twoPieces), "in one go");
  },
});

Deno.test("writeOutput() left one complete file behind, and is tidied away", () => {
  assertEquals(Deno.readTextFileSync(target), "abcd");
  assertEquals(namesIn(narrow), ["out"]);
  Deno.removeSync(narrow, { recursive: true });
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

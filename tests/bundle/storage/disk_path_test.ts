/**
 * Paths by the rules of each system, as text.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { OutputError } from "../../../lib/bundle/output/output_error.ts";
import { refuseDevice } from "../../../lib/bundle/output/output_place.ts";
import {
  replaceInUse,
  TemporaryFile,
} from "../../../lib/bundle/output/temporary_file.ts";
import {
  isInside,
  pathBelow,
  plainPath,
  splitPath,
  withoutSeparators,
} from "../../../lib/bundle/storage/disk_path.ts";
import { shellWord } from "../../../lib/cli/text/shell_word.ts";

Deno.test("splitPath() splits at separators of the system, and a drive is a folder", () => {
  for (
    const [path, isWindows, folder, name] of [
      ["a/b/c.jsonl", false, "a/b", "c.jsonl"],
      ["/c.jsonl", false, "/", "c.jsonl"],
      ["c.jsonl", false, ".", "c.jsonl"],
      ["a\\b", false, ".", "a\\b"],
      ["a\\b/c.jsonl", true, "a\\b", "c.jsonl"],
      ["C:\\Users\\me\\c.jsonl", true, "C:\\Users\\me", "c.jsonl"],
      ["C:\\c.jsonl", true, "C:\\", "c.jsonl"],
      ["C:c.jsonl", true, "C:", "c.jsonl"],
      ["\\\\server\\share\\c.jsonl", true, "\\\\server\\share", "c.jsonl"],
    ] as const
  ) {
    assertEquals(splitPath(path, isWindows), { folder, name }, path);
  }
});

Deno.test("separators at the end of a path are left out by the rules of the system, but those of a root", () => {
  for (
    const [path, isWindows, plain] of [
      ["a/b//", false, "a/b"],
      ["/", false, "/"],
      ["a\\", false, "a\\"],
      ["C:\\t\\", true, "C:\\t"],
      ["C:\\t\\/", true, "C:\\t"],
      ["C:\\", true, "C:\\"],
      ["\\", true, "\\"],
    ] as const
  ) {
    assertEquals(withoutSeparators(path, isWindows), plain, path);
  }
  for (
    const [folder, isWindows, path] of [
      ["a/", false, "a/x"],
      ["/", false, "/x"],
      ["a\\", false, "a\\/x"],
      ["C:\\t\\", true, "C:\\t\\x"],
      ["C:\\", true, "C:\\x"],
      ["C:/t\\u", true, "C:/t\\u/x"],
      ["t", true, "t/x"],
    ] as const
  ) {
    assertEquals(pathBelow(folder, "x", isWindows), path, folder);
  }
  assertEquals(pathBelow("C:\\t", "2026/12/x", true), "C:\\t\\2026\\12\\x");
  assertEquals(pathBelow("C:/t", "2026/12/x", true), "C:/t/2026/12/x");
});

Deno.test("isInside() compares by names, with the separators of the system", () => {
  for (
    const [path, outer, isWindows, inside] of [
      ["/work/a", "/work/", false, true],
      ["/work", "/work/", false, true],
      ["/workshop", "/work", false, false],
      ["/work", "/", false, true],
      ["/work\\a", "/work", false, false],
      ["C:\\work\\a", "C:\\work\\", true, true],
      ["C:\\work/a", "C:\\work", true, true],
      ["C:\\workshop", "C:\\work", true, false],
      ["C:\\work", "C:\\", true, true],
    ] as const
  ) {
    assertEquals(isInside(path, outer, isWindows), inside, path);
  }
});

Deno.test("a temporary file is the one at its path by device and number", () => {
  const folder = Deno.makeTempDirSync();
  const { lstatSync } = Deno;
  let looks = 0;
  Deno.lstatSync = (path) => {
    const info = lstatSync(path);
    return looks++ === 0 ? { ...info, dev: info.dev + 1 } : info;
  };
  try {
    TemporaryFile.beside(`${folder}/output`)?.discard();
    // The first one was of another device: it is left to its owner.
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  } finally {
    Deno.lstatSync = lstatSync;
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("plainPath() takes the prefix of long paths away, on Windows only", () => {
  for (
    const [path, plain] of [
      ["\\\\?\\C:\\traces", "C:\\traces"],
      ["\\\\?\\UNC\\server\\share\\t", "\\\\server\\share\\t"],
      ["\\\\?\\Volume{1}\\t", "\\\\?\\Volume{1}\\t"],
      ["C:\\traces", "C:\\traces"],
    ] as const
  ) {
    assertEquals(plainPath(path, true), plain);
    assertEquals(plainPath(path, false), path);
  }
});

Deno.test("an output on Windows is no device, no stream and no name that is changed", () => {
  for (const path of ["C:\\t\\nul", "con.html", "t/a.html:b", "page. "]) {
    const error = assertThrows(() => refuseDevice(path, true), OutputError);
    assertEquals(error.hint?.startsWith("name a regular file"), true);
    refuseDevice(path, false);
  }
  for (const path of ["C:\\t\\page.html", "C:page.html", "console.txt"]) {
    refuseDevice(path, true);
  }
});

Deno.test("a file that is in use is replaced when it is closed, or named as in use", () => {
  const busy = () => new Error("sharing violation (os error 32)");
  let tries = 0;
  const waits: number[] = [];
  replaceInUse(() => {
    if (++tries < 4) throw busy();
  }, (ms) => void waits.push(ms));
  assertEquals([tries, waits.length], [4, 3]);
  tries = 0;
  const error = assertThrows(() =>
    replaceInUse(() => {
      tries++;
      throw new Deno.errors.PermissionDenied("access denied (os error 5)");
    }, () => {})
  );
  assertEquals(tries > 3, true);
  assertEquals(String(error).includes("another program has it open"), true);
  tries = 0;
  assertThrows(() =>
    replaceInUse(() => {
      tries++;
      throw new Deno.errors.NotFound("gone");
    }, () => {}), Deno.errors.NotFound);
  assertEquals(tries, 1);
});

Deno.test("shellWord() of Windows is one word for cmd and PowerShell", () => {
  for (
    const [word, quoted] of [
      ["C:\\traces\\trace-1", "C:\\traces\\trace-1"],
      ["C:\\Program Files\\t", '"C:\\Program Files\\t"'],
      ["C:\\my traces\\", '"C:\\my traces\\\\"'],
      ["@latest", '"@latest"'],
      ["a,b", '"a,b"'],
      ["a&b", '"a&b"'],
      ["$HOME it's", "'$HOME it''s'"],
      ["", '""'],
    ] as const
  ) assertEquals(shellWord(word, true), quoted);
});

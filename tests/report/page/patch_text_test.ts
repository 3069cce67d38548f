/**
 * Patches and differences by file, with their sizes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  diffFilesIn,
  patchFilesIn,
  patchSize,
  patchSizeText,
} from "../../../lib/report/page/ui/content/patch_text.ts";
import { patchTokens } from "../../../lib/report/page/ui/content/code/patch_tokens.ts";
import { startWork } from "../../support/work_cost.ts";

const PATCH = `*** Begin Patch
*** Update File: src/a.ts
@@ function a()
 one
-two
+TWO
+three
*** Delete File: b.txt
*** Update File: c.txt
*** Move to: d.txt
@@
-x
+y
*** Add File: e.txt
+new
*** End Patch
`;

Deno.test("a patch lists its files, what happens to each, and its lines", () => {
  const files = patchFilesIn(`cd x && apply_patch <<'EOF'\n${PATCH}EOF`) ?? [];
  assertEquals(
    files.map(({ path, change, movedTo, lines }) => [
      path,
      change,
      movedTo,
      lines.length,
    ]),
    [
      ["src/a.ts", "update", null, 5],
      ["b.txt", "delete", null, 0],
      ["c.txt", "move", "d.txt", 3],
      ["e.txt", "add", null, 1],
    ],
  );
  assertEquals(files[0]?.lines.map(({ type }) => type), [
    "position",
    "context",
    "removed",
    "added",
    "added",
  ]);
});

/** The tokens of each line with a color, as style and text. */
function colors(path: string, ...lines: readonly string[]): string[][] {
  const patch = ["*** Begin Patch", `*** Update File: ${path}`, ...lines];
  const [file] = patchFilesIn(patch.join("\n")) ?? [];
  assert(file !== undefined);
  return patchTokens(file).map((tokens) =>
    (tokens ?? []).flatMap(({ text, style }) =>
      style === null ? [] : `${style} ${text}`
    )
  );
}

Deno.test("the lines of a patch have the colors of the language of its file", () => {
  const lines = ["@@ if", " /* a", "-if", "+b */ if", " const"];
  assertEquals(colors("src/a.ts", ...lines), [
    [],
    ["comment /* a"],
    ["comment if"],
    ["comment b */", "keyword if"],
    ["keyword const"],
  ]);
  // A hunk does not continue the comment of the one before.
  assertEquals(colors("a.ts", "@@", "+/* a", "@@", "+if").at(-1), [
    "keyword if",
  ]);
  assertEquals(colors("src/a.ts", "+", " if"), [[], ["keyword if"]]);
  for (const path of ["Makefile", "ts", "a.constructor", "a.ts/b"]) {
    assertEquals(colors(path, "+if"), [[]]);
  }
  const long = Array<string>(5_000).fill("+const");
  assert(colors("a.ts", ...long).every((each) => each.length === 0));
});

Deno.test("how many lines a deleted file had is unknown", () => {
  const files = patchFilesIn(PATCH) ?? [];
  assertEquals(patchSizeText(patchSize(files)), "+4 −?");
  assertEquals(patchSizeText(patchSize(files.slice(2))), "+2 −1");
});

Deno.test("a difference of Git is read by file, also one whose lines look like heads", () => {
  const text = `diff --git a/x b/x
index 1..2 100644
--- a/x
+++ b/x
@@ -1,3 +1,3 @@
 ctx
--- old comment
+++ new comment
-old
diff --git a/y b/y
new file mode 100644
--- /dev/null
+++ b/y
@@ -0,0 +1 @@
+y
`;
  const files = diffFilesIn(text) ?? [];
  assertEquals(files.map(({ path, change }) => [path, change]), [
    ["x", null],
    ["y", "add"],
  ]);
  assertEquals(patchSize(files), { added: 2, removed: 2 });
  // No line is lost.
  assertEquals(files.flatMap(({ lines }) => lines).length, 15);
});

Deno.test("diff -u of several files is read by file", () => {
  const text =
    "--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n--- c\t2026\n+++ d\t2026\n@@ -1 +1 @@\n-c\n+d\n";
  assertEquals(diffFilesIn(text)?.map(({ path }) => path), ["b", "d"]);
});

Deno.test("other texts are neither", () => {
  for (const text of ["", "garbage", "--- a line\n--- another", "+1\n-1"]) {
    assertEquals(patchFilesIn(text), null);
    assertEquals(diffFilesIn(text), null);
  }
});

Deno.test("long texts take no time, whatever they are", () => {
  const work = startWork();
  for (const text of ["line\n", "x", "--- ", "+++ ", "diff --git "]) {
    const long = text.repeat(10_000_000 / text.length);
    assertEquals(diffFilesIn(long), null);
    assertEquals(patchFilesIn(`*** Begin Patch\n${long}`), null);
  }
  const took = work();
  assert(took < 2000, `${took} ms`);
});

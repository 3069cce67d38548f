/**
 * How lines for people are formatted: columns that shrink, commands that can be copied, progress.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { commandLines } from "../../../lib/cli/text/command_line.ts";
import { shellWord } from "../../../lib/cli/text/shell_word.ts";
import { fieldLines } from "../../../lib/cli/text/fields.ts";
import { styleFor } from "../../../lib/cli/text/style.ts";
import { Progress } from "../../../lib/cli/text/progress.ts";
import {
  fewLines,
  flowed,
  sheetLines,
} from "../../../lib/cli/text/definition_list.ts";
import { ageOf } from "../../../lib/text/figures.ts";
import { recordedIo } from "../../support/cli.ts";

const PLAIN = styleFor(false);

Deno.test("commandLines() continues a line without room, and never shortens the place", () => {
  const lines = (width: number, args: readonly string[] = ["call:3"]) =>
    commandLines("explain", "some/bundle", args, width);
  assertEquals(lines(40), ["rollout-trace explain some/bundle call:3"]);
  assertEquals(lines(39), [
    "rollout-trace explain \\",
    "  some/bundle call:3",
  ]);
  assertEquals(lines(10), [
    "rollout-trace explain \\",
    "  some/bundle \\",
    "  call:3",
  ]);
  assertEquals(lines(10, []), ["rollout-trace explain \\", "  some/bundle"]);
});

Deno.test("shellWord() quotes what a shell would read as more than a word", () => {
  assertEquals(shellWord("traces~/a-1.json"), "traces~/a-1.json");
  assertEquals(shellWord("~/a"), "'~/a'");
  assertEquals(shellWord("/a b/"), "'/a b/'");
  assertEquals(shellWord("$(x)"), "'$(x)'");
  assertEquals(shellWord(""), "''");
});

Deno.test("fieldLines() leaves out the columns that matter least, then cuts the shrinkable one", () => {
  const fields = [
    { title: "name", shrinkable: true, cell: (row: string) => row },
    { title: "first", dropPriority: 1, cell: () => "11111" },
    { title: "second", dropPriority: 2, cell: () => "222222" },
  ];
  const lines = (width: number) =>
    fieldLines(fields, ["a long name"], { width, style: PLAIN });
  assertEquals(lines(40), [
    "name         first  second",
    "a long name  11111  222222",
  ]);
  assertEquals(lines(20), ["name         first", "a long name  11111"]);
  assertEquals(lines(12), ["name", "a long name"]);
  assertEquals(lines(9), ["name", "a long n…"]);
  assertEquals(fieldLines(fields, [], { width: 9, style: PLAIN }), []);
});

Deno.test("flowed() breaks between pieces, and cuts one that is too long by itself", () => {
  assertEquals(flowed(["one", "two", "three"], 9), ["one · two", "three"]);
  assertEquals(flowed(["much too long", "b"], 6), ["much …", "b"]);
  assertEquals(flowed([], 6), []);
});

Deno.test("fewLines() keeps to the lines it may have, with a mark where more follows", () => {
  assertEquals(fewLines("short", 10, 2), ["short"]);
  const lines = fewLines("many words that do not fit anywhere", 10, 2);
  assertEquals(lines.length, 2);
  assert(lines[1]?.endsWith("…"));
  assertEquals(fewLines("two\nlines", 20, 2), ["two ⏎ lines"]);
});

Deno.test("sheetLines() leaves out facts without lines", () => {
  const lines = sheetLines([
    { label: "none", lines: [] },
    { label: "two", lines: ["a", "b"] },
  ], { width: 40, style: PLAIN });
  assertEquals([...lines], ["two          a", "             b"]);
});

Deno.test("ageOf() prints the largest unit", () => {
  const second = 1000;
  const day = 24 * 3600 * second;
  assertEquals(
    [-5, 999, 59 * second, 90 * second, 5 * 3600 * second, 20 * day, 800 * day]
      .map(ageOf),
    ["in future", "999 ms", "59 s", "1 min", "5 h", "20 d", "2 y"],
  );
});

Deno.test("Progress shows itself after a second, where a user looks, and goes away", async () => {
  const start = performance.now();
  const clock = performance.now.bind(performance);
  let passed = 0;
  performance.now = () => start + passed;
  try {
    const written: string[] = [];
    const io = {
      ...recordedIo(),
      stderrTerminal: () => ({
        isTTY: true as const,
        write: (text: string) => written.push(text) > 0,
      }),
    };
    const progress = new Progress(io, 3, "bundles read");
    await progress.step();
    assertEquals(written, []);
    passed = 1500;
    await progress.step();
    assert(written.join("").includes("2 of 3 bundles read"));
    // An estimate, without milliseconds.
    assert(written.join("").includes("a second, 1 s left"));
    progress.end();
    // The cursor is shown again.
    assert(written.join("").includes("\u001b[?25h"));

    const silent = new Progress(recordedIo(), 2, "bundles read");
    passed = 9000;
    await silent.step();
    silent.end();
  } finally {
    performance.now = clock;
  }
});

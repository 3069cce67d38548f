/**
 * Outputs as a terminal shows them: colours, lines written over, and hostile sequences.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  contrastOf,
  readableOn,
  type Rgb,
} from "../../../lib/report/page/ui/content/readable_color.ts";
import { foldOf } from "../../../lib/report/page/ui/content/terminal_block.tsx";
import { terminalRuns } from "../../../lib/report/page/ui/content/terminal_text.ts";
import fc from "../../support/random_seed.ts";
import { startWork } from "../../support/work_cost.ts";

const ESC = "\u001b";

function shown(text: string): string {
  return terminalRuns(text).map((run) => run.text).join("");
}

Deno.test("a line that is written over shows what was written last", () => {
  assertEquals(
    shown("Downloading 10%\rDownloading 50%\rDownloading 100%\ndone"),
    "Downloading 100%\ndone",
  );
  assertEquals(shown("long line\rab"), "abng line");
  assertEquals(shown(`long line\r${ESC}[Kab`), "ab");
  assertEquals(shown("ab\b\bxy"), "xy");
  assertEquals(shown(`one\ntwo\n${ESC}[2Anew`), "new\ntwo\n");
  assertEquals(shown(`a${ESC}[3Cb${ESC}[2Gx`), "ax  b");
});

Deno.test("colours apply until they are reset, whatever way they are written", () => {
  const runs = terminalRuns(
    `${ESC}[1m${ESC}[31merror${ESC}[0m: ${ESC}[38;5;208mfive${ESC}[38;2;10;200;10mtwo${ESC}[m end${ESC}[38:2::1:2:3mcolons${ESC}[49;39mno`,
  );
  assertEquals(runs.map(({ text, style }) => [text, style.foreground]), [
    ["error", [187, 0, 0]],
    [": ", null],
    ["five", [255, 135, 0]],
    ["two", [10, 200, 10]],
    [" end", null],
    ["colons", [1, 2, 3]],
    ["no", null],
  ]);
  assertEquals(runs[0]?.style.decorations, ["bold"]);
  assertEquals(runs[1]?.style.decorations, []);
});

Deno.test("a text is kept where a terminal clears its screen, links and titles are dropped", () => {
  assertEquals(shown(`kept${ESC}[2J${ESC}[H here`), "kept here");
  assertEquals(
    shown(`${ESC}]8;;https://evil.example${ESC}\\link${ESC}]8;;${ESC}\\`),
    "link",
  );
  assertEquals(shown(`${ESC}]0;title\u0007text`), "text");
  assertEquals(shown(`${ESC}]0;without an end`), `${ESC}]0;without an end`);
});

Deno.test("a text without controls is returned as it is", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    // deno-lint-ignore no-control-regex
    if (/[\r\u0007\u0008\u001b\u009b]/.test(text)) return;
    assertEquals(shown(text), text);
  }));
});

Deno.test("any text is shown, also one made of sequences", () => {
  const pieces = fc.array(fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...["\r", "\n", "\b", `${ESC}[`, `${ESC}]`, "31", ";", "m", "K", "A"],
      ...[`${ESC}[9999C`, `${ESC}[9999B`, `${ESC}[9999D`, `${ESC}[1;31m`],
    ),
  ));
  fc.assert(fc.property(pieces, (parts) => {
    const text = parts.join("");
    assert(shown(text).length <= text.length + 20_100);
  }));
});

Deno.test("hostile outputs take no time: incomplete sequences, colours, moves", () => {
  const work = startWork();
  terminalRuns(`\u0007${`${ESC}]`.repeat(50_000)}`);
  terminalRuns(`${ESC}[`.repeat(50_000));
  terminalRuns(`${ESC}[[[[[`.repeat(20_000));
  const runs = terminalRuns(
    Array.from({ length: 20_000 }, (_, i) => `${ESC}[${31 + i % 2}mx`).join(""),
  );
  assert(runs.length < 6000, `${runs.length} runs`);
  terminalRuns(`${ESC}[9999Cx\n`.repeat(10_000));
  const took = work();
  // Work that grows with the square takes minutes.
  assert(took < 10_000, `${took} ms`);
});

Deno.test("every colour is readable on every background", () => {
  const part = fc.integer({ min: 0, max: 255 });
  const rgb = fc.tuple(part, part, part);
  fc.assert(fc.property(rgb, rgb, (background, color) => {
    const [red = 0, green = 0, blue = 0] =
      readableOn(background, color).match(/\d+/g)?.map(Number) ?? [];
    const result: Rgb = [red, green, blue];
    assert(contrastOf(result, background) >= 4.5);
  }));
  assertEquals(readableOn([255, 255, 255], [0, 0, 200]), "rgb(0 0 200)");
});

Deno.test("a long output shows its start and its end, a short one all of it", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");
  assertEquals(foldOf(lines(20), 0), { head: lines(20), tail: "", hidden: 0 });
  const { head, tail, hidden } = foldOf(lines(500), 0);
  assert(head.endsWith("line 11\n"), head);
  assert(tail.startsWith("line 492\n"), tail);
  assertEquals(hidden, 480);
  assertEquals(foldOf(lines(500), 1e9).head, lines(500));
  const one = foldOf("x".repeat(100_000), 0);
  assert(one.head.length + one.tail.length < 5000);
});

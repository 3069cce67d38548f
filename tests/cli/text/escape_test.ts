/**
 * Escaped texts show what could hide, and keep what is part of writing.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { escapeControls } from "../../../lib/text/escape.ts";

Deno.test("escapeControls() shows characters without width that could hide text", () => {
  const hidden: readonly [string, string][] = [
    // Variation selectors: after a letter, at the start, a second one.
    ["a\ufe0f", "a\\ufe0f"],
    ["\ufe00", "\\ufe00"],
    ["\u2764\ufe0f\ufe0f", "\u2764\ufe0f\\ufe0f"],
    ["1\ufe0f", "1\\ufe0f"],
    ["x\u{e0100}", "x\\udb40\\udd00"],
    ["\u845b\u{e0100}\u{e0101}", "\u845b\u{e0100}\\udb40\\udd01"],
    // Hangul fillers, and what else Unicode calls ignorable.
    ["\u115f\u1160\u3164\uffa0", "\\u115f\\u1160\\u3164\\uffa0"],
    ["\u034f\u17b4\u17b5\u2065", "\\u034f\\u17b4\\u17b5\\u2065"],
    ["\u180b\u{e0041}", "\\u180b\\udb40\\udc41"],
    // Joiners that join nothing.
    ["a\u200db\u200c", "a\\u200db\\u200c"],
    ["\u{1f469}\u200d\u200d", "\u{1f469}\u200d\\u200d"],
  ];
  for (const [text, escaped] of hidden) {
    assertEquals(escapeControls(text), escaped);
  }
});

Deno.test("escapeControls() keeps emoji, keycaps, variants of signs, and letters that join", () => {
  const kept = [
    "\u2764\ufe0f \u26a0\ufe0f 1\ufe0f\u20e3",
    "\u{1f441}\ufe0f\u200d\u{1f5e8}\ufe0f",
    "\u{1f575}\u{1f3fb}\u200d\u2642\ufe0f",
    "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
    "\u845b\u{e0100} \u2268\ufe00 \u1820\u180b",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "\u0915\u094d\u200d\u0937",
  ];
  for (const text of kept) assertEquals(escapeControls(text), text);
});

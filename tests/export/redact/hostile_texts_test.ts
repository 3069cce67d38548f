/**
 * Texts that are made to take long: what is walked of them grows with their length alone.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Detectors } from "../../../lib/export/redact/detect/detectors.ts";
import { TextWalker } from "../../../lib/export/redact/text/text_walker.ts";

const TOKEN = ["ghp", "q8Zt2LmVx0RbN5cYk3HdWs7JfPgA1uEoTi9C"].join("_");

/** What is found in a text, and how many characters were searched. */
function walked(text: string): { values: Set<string>; searched: number } {
  const values = new Set<string>();
  let searched = 0;
  new TextWalker(new Detectors(), (plain, findings) => {
    searched += plain.length;
    for (const { start, end } of findings) values.add(plain.slice(start, end));
    return undefined;
  }, { onBinary: () => {}, onTooDeep: () => {} }).walk(text);
  return { values, searched };
}

/** One escape of each kind. */
const ESCAPES = [
  ...["\\u0041", "\\101", "&#65;", "\x1b[0m", "\u200b", "\\u0000"],
  ...["\\\n", "=5F=3D", "\\x22", "&amp;", "\\."],
];

Deno.test("a text with escapes of every kind is read in as many ways as there are kinds", () => {
  const text = `${ESCAPES.join(" ")} ${TOKEN.replace("_", "\\x5f")} end`;
  const { values, searched } = walked(text);
  assertEquals([...values], [TOKEN]);
  assert(searched < 80 * text.length, `${searched} of ${text.length}`);
});

Deno.test("escapes of every kind inside one another are walked a limited number of times", () => {
  const nested = ESCAPES.map((each) => encodeURIComponent(`"${each}"%`));
  const text = `${ESCAPES.join("")}${nested.join("+")}%25`.repeat(20);
  const { searched } = walked(text);
  assert(searched < 100 * text.length, `${searched} of ${text.length}`);
});

// Each of them would take hours, or all of the stack, if it was searched anew for each character.
const LONG: Readonly<Record<string, string>> = {
  "backslashes": `${"\\".repeat(1e6)} \\u0041`,
  "words of a line with a backslash": `\\.${" a".repeat(1e6)} `,
  "spaces of a line with a backslash": `\\.${" ".repeat(1e6)}`,
  "starts of keys": "sk-".repeat(1e5),
  "lines of a private key": `-----BEGIN RSA ${"PRIVATE"} KEY-----\n${
    `${"QUJD".repeat(16)}\n`.repeat(1e5)
  }`,
};

for (const [name, text] of Object.entries(LONG)) {
  Deno.test(`a value is found after many ${name}`, () => {
    const { values } = walked(`${text}\n\n(${TOKEN})\n`);
    assert(values.has(TOKEN));
  });
}

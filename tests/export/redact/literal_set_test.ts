/**
 * Literals are found wherever they are in a text, and nothing else is.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { base64Runs } from "../../../lib/export/redact/detect/base64_runs.ts";
import { LiteralSet } from "../../../lib/export/redact/detect/literal_set.ts";

/** The literals in a text, with their offsets; a match does not end the search there. */
function found(literals: LiteralSet<string>, text: string): string[] {
  const matches: string[] = [];
  literals.search(text, ({ text: literal }, at) => {
    matches.push(`${at} ${literal}`);
    return undefined;
  });
  return matches;
}

Deno.test("literals are found at the ends of a text, in the case that they have, the longest first", () => {
  const literals = new LiteralSet([
    { text: "ab", ignoresCase: false, value: "" },
    { text: "abc", ignoresCase: false, value: "" },
    { text: "key:", ignoresCase: true, value: "" },
    { text: "@x", ignoresCase: true, value: "" },
  ]);
  assertEquals(found(literals, "abc ab"), ["0 abc", "0 ab", "4 ab"]);
  assertEquals(found(literals, "Ab KEY: kEy:"), ["3 key:", "8 key:"]);
  assertEquals(found(literals, "@X x\u0140x a"), ["0 @x"]);
  assertEquals(found(literals, ""), []);
  assertEquals(found(literals, "a"), []);
});

Deno.test("runs of base64 and hexadecimal digits are found wherever they begin", () => {
  const text = "a secret text";
  const hex = Array.from(
    text,
    (char) => char.charCodeAt(0).toString(16),
  ).join("");
  for (const before of ["", "a", "word ", "fifteen-letters ", "é "]) {
    const decoded = (run: string) =>
      [...base64Runs(`${before}${run}`)].map((each) => each.decoded);
    if (/\W$|^$/.test(before)) {
      assertEquals(decoded(btoa(text)), [text], before);
      assertEquals(decoded(`${hex} 0x${hex.toUpperCase()}`), [text, text]);
    }
    assertEquals(decoded("0123456789abcdef0123456789abcdef0123"), []);
    assertEquals(decoded("shortWord1+/ abc"), []);
  }
});

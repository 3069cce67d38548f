/**
 * Literals are found wherever they are in a text, and nothing else is.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { TextCodes } from "../../../lib/export/redact/detect/code_at.ts";
import { base64Runs } from "../../../lib/export/redact/detect/digits/base64_runs.ts";
import {
  LiteralSet,
  Offsets,
} from "../../../lib/export/redact/detect/literal_set.ts";

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

Deno.test("of many literals with the same start, each is found, the longest first", () => {
  const texts = Array.from({ length: 300 }, (_, at) => `10.0.${at}`);
  const literals = new LiteralSet(
    texts.map((text) => ({ text, ignoresCase: false, value: "" })),
  );
  assertEquals(found(literals, "x10.0.299"), [
    "1 10.0.299",
    "1 10.0.29",
    "1 10.0.2",
  ]);
  const names = new LiteralSet(
    texts.map((text) => ({ text: `ab${text}`, ignoresCase: true, value: "" })),
  );
  assertEquals(found(names, "AB10.0.3"), ["0 ab10.0.3"]);
  assertEquals(found(names, "AB10.1.3"), []);
});

Deno.test("literals are found that share a start of any length", () => {
  const start = `#${"ab".repeat(20_000)}`;
  const literals = new LiteralSet(
    Array.from({ length: 20 }, (_, at) => ({
      text: `${start}${at}`,
      ignoresCase: false,
      value: "",
    })),
  );
  assertEquals(
    found(literals, `${start} ${start}17`),
    [`40002 ${start}17`, `40002 ${start}1`],
  );
});

Deno.test("offsets are those of literals that can matter, and of marks", () => {
  const literals = new LiteralSet([
    { text: "://", ignoresCase: false, value: "" },
    {
      text: "name",
      ignoresCase: true,
      mayMatch: (text: string, at: number) => text.charAt(at + 4) === "=",
      value: "",
    },
  ], "%");
  const offsets = new Offsets();
  const text = "a://b Name name= 5% é% NAME=";
  literals.addOffsets(text, TextCodes.of(text), offsets);
  assertEquals(
    [...offsets.values.subarray(0, offsets.length)],
    [1, 11, 18, 21, 23],
  );
  const matches: number[] = [];
  literals.search(text, (_, at) => {
    matches.push(at);
    return undefined;
  }, offsets);
  assertEquals(matches, [1, 11, 23]);
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

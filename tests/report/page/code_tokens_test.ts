/**
 * Colors of code: all of the text is in the tokens, and long code has none.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  type CodeLanguage,
  codeTokens,
  languageNamed,
} from "../../../lib/report/page/ui/content/code/code_tokens.ts";

const LANGUAGES: readonly CodeLanguage[] = [
  ...["diff", "go", "javascript", "json", "python"] as const,
  ...["rust", "shell", "typescript"] as const,
];

/** What is colored, as style and text. */
function colored(text: string, language: CodeLanguage): string[] {
  return (codeTokens(text, language) ?? []).flatMap(({ style, text }) =>
    style === null ? [] : `${style} ${text}`
  );
}

Deno.test("keywords, strings, numbers and comments have their colors", () => {
  assertEquals(colored("const a = 'x'; // why\n", "javascript"), [
    ...["keyword const", "string 'x'", "comment // why"],
  ]);
  assertEquals(colored('for x in 1; do echo "a\nb" # c', "shell"), [
    ...["keyword for", "keyword in", "number 1", "keyword do", "type echo"],
    ...['string "a', 'string b"', "comment # c"],
  ]);
  assertEquals(colored("def f(x):\n  y = 'a' # c\n", "python"), [
    ...["keyword def", "string 'a'", "comment # c"],
  ]);
  assertEquals(colored("-a\n+b\n c", "diff"), ["deleted -a", "inserted +b"]);
});

Deno.test("tokens of any text are all of it, without half a character", () => {
  const parts = fc.constantFrom(
    ...["\n", "'", '"', "`", "${", "}", "(", ")", "=>", "<<E", "/*", "//", "#"],
    ...[
      "😀",
      "\ud83d",
      "é",
      "\t",
      "\u0000",
      "x",
      "1",
      "-",
      "+",
      "[",
      "r#",
      "/",
    ],
  );
  fc.assert(fc.property(
    fc.array(parts, { maxLength: 40 }).map((each) => each.join("")),
    fc.constantFrom(...LANGUAGES),
    (text, language) => {
      const tokens = codeTokens(text, language);
      if (tokens === null) return;
      assertEquals(tokens.map((each) => each.text).join(""), text);
      for (const { text: part } of tokens.slice(0, -1)) {
        const last = part.codePointAt(part.length - 1) ?? 0;
        const next = text.charCodeAt(text.indexOf(part) + part.length);
        assertEquals(
          last >= 0xd800 && last < 0xdc00 && next >= 0xdc00 && next < 0xe000,
          false,
        );
      }
    },
  ));
});

Deno.test("long code and long lines have no colors", () => {
  for (const language of LANGUAGES) {
    assertEquals(codeTokens("a\n".repeat(10_001), language), null);
    assertEquals(codeTokens("(".repeat(401), language), null);
  }
});

Deno.test("a language is found by the names that authors use for it", () => {
  assertEquals(languageNamed("TS title=x"), "typescript");
  assertEquals(languageNamed("bash"), "shell");
  assertEquals(languageNamed("__proto__"), null);
  assertEquals(languageNamed("constructor"), null);
  assertEquals(languageNamed(null), null);
});

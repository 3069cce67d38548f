/**
 * Markdown of messages: what is read as such, and that no text costs much.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { markdownTokens } from "../../../lib/report/page/ui/content/markdown/markdown_tokens.ts";
import { startWork } from "../../support/work_cost.ts";

Deno.test("headings, lists, tables, code and emphasis are read", () => {
  const text =
    "# A\n\n- one\n- **two**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx\n```\n\n> q\n\n---\n";
  assertEquals(
    markdownTokens(text)?.map(({ type }) => type).filter((type) =>
      type !== "space"
    ),
    ["heading", "list", "table", "code", "blockquote", "hr"],
  );
});

Deno.test("a text without Markdown is none, whatever markup it has", () => {
  for (
    const text of [
      "",
      "plain",
      "two lines\nof text\n\nand a paragraph",
      "<environment_context>\n  <cwd>/repo</cwd>\n</environment_context>",
      "5 < 6 & 7 > 2",
    ]
  ) {
    assertEquals(markdownTokens(text), null, text);
  }
});

Deno.test("no character of a text is lost", () => {
  const text =
    "A [link](javascript:x) and ![image](https://evil.example/i.png)\n\n<b>raw</b> `code` *em*\n";
  assertEquals(markdownTokens(text)?.map(({ raw }) => raw).join(""), text);
});

const SIZE = 60_000;
const HOSTILE: Readonly<Record<string, string>> = {
  quotes: ">",
  spacedQuotes: "> ",
  lists: "- ",
  numbers: "1. ",
  mixed: "> - ",
  brackets: "[",
  images: "![",
  links: "[a](",
  emphasis: "*a ",
  underscores: "a_",
  stars: "*_",
  ticks: "`",
  tags: "<a ",
  comments: "<!--",
  references: "[a]: b\n",
  setext: "a\n=\n",
  table: "|a",
};

for (const [name, part] of Object.entries(HOSTILE)) {
  Deno.test(`a text of ${name} alone takes no time`, () => {
    const work = startWork();
    markdownTokens(part.repeat(SIZE / part.length));
    const paragraph = part.repeat(3900 / part.length);
    markdownTokens(`${paragraph}\n\n`.repeat(SIZE / 4000));
    const took = work();
    assert(took < 4000, `${took} ms`);
  });
}

Deno.test("lists that nest deeper than people write are shown as they were written", () => {
  const nested = Array.from(
    { length: 140 },
    (_, i) => `${" ".repeat(i * 2)}- x`,
  ).join("\n");
  assertEquals(markdownTokens(nested), null);
});

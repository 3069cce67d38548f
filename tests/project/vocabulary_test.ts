/**
 * The words of the project: names, comments, texts and documentation use none of the words that
 * `../support/vocabulary/vocabulary.jsonc` bans. `deno task vocabulary PATH…` checks any other path.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { PROJECT } from "../support/paths.ts";
import { filesOf } from "../support/vocabulary/files.ts";
import {
  type Finding,
  findingText,
  readVocabulary,
  VocabularyCheck,
} from "../support/vocabulary/findings.ts";
import { slowTest } from "../support/cases.ts";

/** All files and folders of the project but recorded ones, the license and the lock file. */
const CLEAN: readonly string[] = [
  ".ci",
  ".editorconfig",
  ".github",
  ".gitattributes",
  ".gitignore",
  ".vscode",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "README.md",
  "SECURITY.md",
  "deno.json",
  "docs",
  "lib",
  "main.ts",
  "mod.ts",
  "testdata/README.md",
  "tests",
  "types",
];

slowTest(
  "names, comments, texts and documentation use the words of the project",
  () => {
    const check = new VocabularyCheck();
    const findings = [...new Set(CLEAN.flatMap(filesOf))].flatMap((path) =>
      check.findings(path, Deno.readTextFileSync(join(PROJECT, path)))
    );
    assertEquals(findings.map(findingText), []);
    const clean = (path = "") =>
      CLEAN.some((each) => each === path || path.startsWith(`${each}/`));
    assertEquals(
      check.unusedExceptions.filter(({ path }) => clean(path)),
      [],
      "exceptions that are not needed",
    );
  },
);

/** A banned word, a banned phrase, and a banned first word, so that this file has none. */
const [WORD = ""] = readVocabulary().banned[0]?.words ?? [];
const PHRASE = readVocabulary().banned.flatMap(({ words }) => words)
  .find((each) => each.includes(" ")) ?? "";
const [FIRST = ""] = readVocabulary().bannedFirst[0]?.words ?? [];
const CAPITAL = WORD.replace(/^./, (letter) => letter.toUpperCase());

/** Every kind of place with a banned word in its line 2. */
const PLANTED:
  readonly (readonly [place: string, path: string, source: string])[] = [
    ["a name in camelCase", "a.ts", `\nconst x = user${CAPITAL}s;`],
    ["a name in snake_case", "a.ts", `\nconst user_${WORD}_x = 1;`],
    ["a private name", "a.ts", `class A {\n  #${WORD}Start = 1;\n}`],
    [
      "a constant's first word",
      "a.ts",
      `\nconst ${FIRST.toUpperCase()}_FILES = 1;`,
    ],
    ["a key", "a.ts", `const x = {\n  ${WORD}: 1,\n};`],
    ["a line comment", "a.ts", `\n// They ${WORD} it.`],
    [
      "a docstring",
      "a.ts",
      `/**\n * They ${WORD} it.\n */\nexport const x = 1;`,
    ],
    ["a comment before a bracket", "a.ts", `const x = [\n// ${WORD}\n];`],
    [
      "a phrase over two lines",
      "a.ts",
      `/*\n * They ${PHRASE.replace(" ", "\n * ")}. */`,
    ],
    ["a text", "a.ts", `\nconst x = "to\\n${WORD}";`],
    [
      "a template",
      "a.ts",
      `const a = 1;\nconst x = \`\${a} to ${WORD} \${a}\`;`,
    ],
    [
      "the end of a template",
      "a.ts",
      `const a = 1;\nconst x = \`\${a} to ${WORD}\`;`,
    ],
    ["a pattern", "a.ts", `\nconst x = /to ${WORD}/;`],
    ["a path that is imported", "a.ts", `\nimport "./to_${WORD}.ts";`],
    ["a text of JSX", "a.tsx", `const x = (\n<p>to ${WORD}</p>);`],
    ["an attribute of JSX", "a.tsx", `const x = (\n<p title="to ${WORD}" />);`],
    ["JavaScript", "a.js", `\nconst x = "${WORD}";`],
    ["CSS", "a.css", `a {\n  /* They ${WORD}. */\n}`],
    ["a shell script", "a.sh", `set -e\n# They ${WORD}.`],
    [
      "a task",
      "deno.json",
      `{ "tasks": { "a": {\n"description": "They ${WORD}" } } }`,
    ],
    ["Markdown", "a.md", `# A\nThey ${WORD}.`],
    ["an example in Markdown", "a.md", `\`\`\`ts\nconst ${WORD} = 1;\n\`\`\``],
  ];

for (const [place, path, source] of PLANTED) {
  Deno.test(`a banned word in ${place} is found, with its line`, () => {
    assertEquals(found(path, source), [2]);
  });
}

Deno.test("a banned word in the path of a file is found", () => {
  assertEquals(found(`to_${WORD}.ts`, ""), [0]);
});

Deno.test("a banned word in Markdown after a block is found", () => {
  assertEquals(found("a.md", `\`\`\`console\n$ ls\n\`\`\`\nThey ${WORD}.`), [
    4,
  ]);
});

Deno.test("output in Markdown is no prose, and a word in a longer one is no word", () => {
  assertEquals(found("a.md", `\`\`\`console\n$ they ${WORD}\n\`\`\``), []);
  assertEquals(
    found("a.ts", `const x${WORD}x = "in${WORD}ing"; // a${WORD}`),
    [],
  );
});

Deno.test("an exception covers its passage in its place only", () => {
  const check = new VocabularyCheck({
    banned: [{ words: ["bad"], write: "good" }],
    bannedFirst: [],
    exceptions: [{ text: "bad_wire", path: "lib/a", reason: "a test" }],
  });
  const source = 'const x = "bad_wire", y = "bad";';
  assertEquals(check.unusedExceptions.length, 1);
  assertEquals(check.findings("lib/a/b.ts", source).map(findingText), [
    'lib/a/b.ts:1: "bad" → good',
  ]);
  assertEquals(check.unusedExceptions, []);
  assertEquals(check.findings("lib/ab.ts", source).length, 2);
});

function found(path: string, source: string): number[] {
  return new VocabularyCheck().findings(path, source).map(({ line }: Finding) =>
    line
  );
}

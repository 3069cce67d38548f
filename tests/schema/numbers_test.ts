/**
 * No file of the library outside `lib/schema/` asks for the number of a schema: what depends on
 * it is an answer of the schema.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { join, relative } from "@std/path";
import { PROJECT } from "../support/paths.ts";

/** A name that holds a schema's number, such as `schema`, `schema_version`, `schema.version`. */
const NUMBER =
  String.raw`\b\w*(?:[sS]chema(?:_?[vV]ersion)?|SCHEMA(?:_VERSION)?` +
  String.raw`|[vV]ersion|VERSION)(?:\.version)?`;
const COMPARED = String.raw`\s*(?:[!=]==?|[<>]=?)\s*`;

/** What depends on a schema's number, and how it is found. */
const RULES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["compares a schema", new RegExp(String.raw`${NUMBER}${COMPARED}\d`, "g")],
  [
    "compares a schema",
    new RegExp(String.raw`(?<![\w.])\d+${COMPARED}(?:\w+\.)*${NUMBER}\b`, "g"),
  ],
  [
    "has cases for schemas",
    new RegExp(
      String.raw`\bswitch\s*\([^)]*${NUMBER}\)\s*\{[^}]*?\bcase\s+\d+\s*:`,
      "g",
    ),
  ],
  [
    "has cases for schemas",
    new RegExp(String.raw`${NUMBER}\b[^\n]*\n?[^\n]*\bcase\s+\d+\s*:`, "g"),
  ],
  ["lists schemas", /\[\s*1\s*,\s*2(?:\s*,\s*3)?\s*,?\s*\]/g],
  // Schemas count from 1: a list from 0 is one of exit codes.
  ["lists schemas", /(?<!\b0\s*\|\s*)\b1\s*\|\s*2\b(?:\s*\|\s*3\b)?/g],
  ["has a type of schema numbers", /\bSchemaVersion\b/g],
  ["names a schema", /\bV[1-9]\d*\b(?!\.\d)/g],
  ["loads a schema", /\bschema\/v\d+\b/g],
  [
    "has the number of a schema",
    new RegExp(String.raw`${NUMBER}(?::\s*\w+)?\s*[:=]\s*\d+\b(?!\.)`, "g"),
  ],
];

/** The code with its comments blanked out, every line in its place. */
function withoutComments(code: string): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, " ");
  return code
    .replace(/\/\*[\s\S]*?\*\//g, blank)
    .replace(/(?<=^|[\s;{}(),])\/\/[^\n]*/gm, blank);
}

/** Where a file depends on a schema's number, as `path:line: what`. */
function numbersIn(path: string, text: string): string[] {
  const code = withoutComments(text);
  const found = RULES.flatMap(([what, pattern]) =>
    [...code.matchAll(pattern)].map(({ 0: match, index }) => {
      const line = code.slice(0, index).split("\n").length;
      const source = match.replaceAll(/\s+/g, " ").trim();
      return `${path}:${line}: ${what}: ${source}`;
    })
  );
  return [...new Set(found)];
}

function librarySources(): string[] {
  const entries = walkSync(join(PROJECT, "lib"), { exts: [".ts", ".tsx"] });
  return Array.from(
    entries,
    ({ path }) => relative(PROJECT, path).replaceAll("\\", "/"),
  ).filter((path) => !path.startsWith("lib/schema/")).sort();
}

Deno.test("no file outside lib/schema asks for the number of a schema", () => {
  const sources = [...librarySources(), "mod.ts", "main.ts"];
  const faults = sources.flatMap((path) =>
    numbersIn(path, Deno.readTextFileSync(join(PROJECT, path)))
  );
  assertEquals(faults, []);
});

/** Code that depends on a number, and what is found in it. */
const PLANTED: readonly (readonly [code: string, what: string])[] = [
  ["if (schema === 1) return;", "compares a schema: schema === 1"],
  ["return schema_version !== 2;", "compares a schema: schema_version !== 2"],
  ["schemaVersion<3 ? a : b", "compares a schema: schemaVersion<3"],
  ["const is = schema.version >= 2;", "compares a schema: schema.version >= 2"],
  ["manifest.schema_version > 1", "compares a schema: schema_version > 1"],
  ["if (2 <= rules.schema) {}", "compares a schema: 2 <= rules.schema"],
  ["version == 3", "compares a schema: version == 3"],
  [
    "switch (rules.schema) {\n  case 1:\n    return a;\n}",
    "has cases for schemas: switch (rules.schema) { case 1:",
  ],
  ["const SCHEMA = 2;", "has the number of a schema: SCHEMA = 2"],
  [
    "f({ schema_version: 2 });",
    "has the number of a schema: schema_version: 2",
  ],
  ["[1, 2].includes(version)", "lists schemas: [1, 2]"],
  ["for (const each of [1, 2, 3]) {}", "lists schemas: [1, 2, 3]"],
  ["function f(schema: 1 | 2): void {}", "lists schemas: 1 | 2"],
  [
    "let version: SchemaVersion;",
    "has a type of schema numbers: SchemaVersion",
  ],
  ["const rules = V2.reduce;", "names a schema: V2"],
  [
    'import { V3_STATE } from "../../schema/v3.ts";',
    "loads a schema: schema/v3",
  ],
];

for (const [code, what] of PLANTED) {
  Deno.test(`a number that is given away is found: ${JSON.stringify(code)}`, () => {
    const text = `/** Schema === 1 in a comment. */\n\n${code}\n`;
    assertEquals(numbersIn("lib/a.ts", text)[0], `lib/a.ts:3: ${what}`);
  });
}

Deno.test("what asks a schema, or is a number of something else, is not found", () => {
  const code = [
    "// schema === 1 means that",
    "/* case 1: of schema 2 */",
    "if (schema.reduce.emptyBodies) return;",
    "if (schema_version !== expected) return;",
    "if (schema_version < OLDEST_SCHEMA.version) return;",
    "const message = `schema ${version} is not known`;",
    "if (items.length === 1) return;",
    "switch (count) {\n  case 1:\n    return;\n}",
  ].join("\n");
  assertEquals(numbersIn("lib/a.ts", code), []);
});

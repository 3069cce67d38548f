/**
 * What the documentation names exists: links with their anchors, paths, and functions.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { dirname, join, relative } from "@std/path";
import { PROJECT } from "../support/paths.ts";

/** Folders whose Markdown is not of this project. */
const SKIPPED = [/\/(?:dist|node_modules|\.git)(?:\/|$)/];

/** Files and folders that the examples of a document create. */
const CREATED: Readonly<Record<string, RegExp>> = {
  "docs/common-tasks.md": /models/,
  "docs/adding-a-schema.md": /v[N*]/,
};

/** Documents that name functions and classes, which are in `lib/`. */
const NAMING_CODE: readonly string[] = ["docs/architecture.md"];

const DOCUMENTS: ReadonlyMap<string, string> = new Map(
  [...walkSync(PROJECT, { exts: [".md"], skip: SKIPPED })].map(({ path }) => [
    relative(PROJECT, path).replaceAll("\\", "/"),
    Deno.readTextFileSync(path),
  ]),
);

/** A document without its blocks of code, which may contain anything. */
function prose(text: string): string {
  return text.replace(/^ *(```+)[\s\S]*?^ *\1$/gm, "");
}

/** The anchors of a document, as GitHub makes them of its headings. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose(text).matchAll(/^#+ (.*)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(
      " ",
      "-",
    );
    let unique = anchor;
    for (let i = 1; anchors.has(unique); i++) unique = `${anchor}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(join(PROJECT, path));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Why a link of a document leads nowhere; null if it does not. */
function faultOf(document: string, target: string): string | null {
  if (/^(?:https?|mailto):/.test(target)) return null;
  const [path = "", anchor] = target.split("#");
  const file = path === ""
    ? document
    : join(dirname(document), path).replaceAll("\\", "/");
  if (!exists(file)) return `${document}: ${target} does not exist`;
  if (anchor === undefined) return null;
  const text = DOCUMENTS.get(file);
  return text !== undefined && anchorsOf(text).has(anchor)
    ? null
    : `${document}: ${target} has no such heading`;
}

Deno.test("every link in Markdown leads to a file, and to a heading in it", () => {
  let links = 0;
  const faults = [...DOCUMENTS].flatMap(([document, text]) =>
    [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
      links++;
      return faultOf(document, target) ?? [];
    })
  );
  assert(links > 20);
  assertEquals(faults, []);
});

Deno.test("a link to a missing file or heading is found", () => {
  assertEquals(
    faultOf("README.md", "docs/none.md"),
    "README.md: docs/none.md does not exist",
  );
  assertEquals(
    faultOf("README.md", "docs/architecture.md#none"),
    "README.md: docs/architecture.md#none has no such heading",
  );
  assertEquals(faultOf("docs/architecture.md", "#the-layers"), null);
});

Deno.test("every path that a document names exists", () => {
  const named = /`((?:lib|tests|docs|testdata)\/[\w./-]+)`/g;
  let paths = 0;
  const missing = [...DOCUMENTS].flatMap(([document, text]) =>
    [...prose(text).matchAll(named)].flatMap(([, path = ""]) => {
      paths++;
      if (CREATED[document]?.test(path) || exists(path)) return [];
      return [`${document}: ${path}`];
    })
  );
  assert(paths > 50);
  assertEquals(missing, []);
});

Deno.test("every function and class that a document names is in the file beside it", () => {
  const named = /`(\w+)(?:\(\))?`\s+\(`((?:lib|tests)\/[\w./-]+\.tsx?)`\)/g;
  for (const document of NAMING_CODE) {
    const found = [...(DOCUMENTS.get(document) ?? "").matchAll(named)];
    assert(found.length > 20, document);
    for (const [, name = "", path = ""] of found) {
      const code = Deno.readTextFileSync(join(PROJECT, path));
      const declared = new RegExp(
        `^export (?:abstract |async )?(?:class|const|function\\*?|interface|type) ${name}\\b`,
        "m",
      );
      assert(declared.test(code), `${document}: no ${name} in ${path}`);
    }
  }
});

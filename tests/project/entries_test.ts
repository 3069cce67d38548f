/**
 * The entries of the package: which names they publish, and that every one can be used.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { join, relative } from "@std/path";
import * as exports from "../../lib/export/mod.ts";
import * as format from "../../lib/schema/mod.ts";
import * as query from "../../lib/query/mod.ts";
import * as record from "../../lib/record/mod.ts";
import * as report from "../../lib/report/mod.ts";
import * as main from "../../mod.ts";
import { VERSION } from "../../lib/cli/about/version.ts";
import { PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";

/** What can be imported from each entry. */
const MODULES: Readonly<Record<string, object>> = {
  ".": main,
  "./export": exports,
  "./format": format,
  "./query": query,
  "./record": record,
  "./report": report,
};

/** How many names the main entry may publish: more is no table of contents. */
const MAX_NAMES = 90;

/** What exists when the program runs; the others are types. */
const VALUE_KINDS = new Set(["class", "enum", "function", "variable"]);

const CONFIG: {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
} = JSON.parse(Deno.readTextFileSync(join(PROJECT, "deno.json")));

/** An example that Deno runs. */
const EXAMPLE = /^(?: \* )?```ts$/m;

interface PublishedName {
  readonly name: string;
  readonly isValue: boolean;
}

interface DocumentedEntry {
  readonly moduleDoc: string;
  readonly names: readonly PublishedName[];
}

/** What `deno doc --json` prints: version 1 up to Deno 2.6, version 2 from then on. */
type DenoDoc = {
  readonly version: 1;
  readonly nodes: readonly {
    readonly kind: string;
    readonly name: string;
    readonly jsDoc?: { readonly doc?: string };
  }[];
} | {
  readonly version: 2;
  readonly nodes: Readonly<
    Record<string, {
      readonly module_doc?: { readonly doc?: string };
      readonly symbols: readonly {
        readonly name: string;
        readonly declarations: readonly { readonly kind: string }[];
      }[];
    }>
  >;
};

/** Returns what `deno doc` prints about an entry. */
function documented(path: string): DocumentedEntry {
  const { stdout, stderr } = run(Deno.execPath(), ["doc", "--json", path], {
    cwd: PROJECT,
  });
  assert(stdout !== "", stderr);
  const doc: DenoDoc = JSON.parse(stdout);
  return doc.version === 1 ? entryOfNodes(doc.nodes) : entryOfFile(doc.nodes);
}

/** Version 1: a flat list, in which a name that is a value and a type is listed twice. */
function entryOfNodes(
  nodes: Extract<DenoDoc, { version: 1 }>["nodes"],
): DocumentedEntry {
  const names = nodes.filter(({ kind }) => kind !== "moduleDoc");
  const values = new Set(
    names.filter(({ kind }) => VALUE_KINDS.has(kind)).map(({ name }) => name),
  );
  return {
    moduleDoc: nodes.find(({ kind }) => kind === "moduleDoc")?.jsDoc?.doc ?? "",
    names: [...new Set(names.map(({ name }) => name))]
      .map((name) => ({ name, isValue: values.has(name) })),
  };
}

/** Version 2: one entry for the file. */
function entryOfFile(
  nodes: Extract<DenoDoc, { version: 2 }>["nodes"],
): DocumentedEntry {
  const [node] = Object.values(nodes);
  assert(node !== undefined, "no documentation");
  return {
    moduleDoc: node.module_doc?.doc ?? "",
    names: node.symbols.map(({ name, declarations }) => ({
      name,
      isValue: declarations.some(({ kind }) => VALUE_KINDS.has(kind)),
    })),
  };
}

const ENTRIES = Object.entries(CONFIG.exports).map(([entry, path]) => ({
  entry,
  path,
  ...documented(path),
}));

for (const { entry, path, moduleDoc, names } of ENTRIES) {
  Deno.test(`every value of the entry ${entry} can be imported`, () => {
    const module = new Map(Object.entries(MODULES[entry] ?? {}));
    const values = names.filter(({ isValue }) => isValue);
    assert(values.length > 0);
    assertEquals(
      values.map(({ name }) => name).sort(),
      [...module.keys()].sort(),
    );
    for (const { name } of values) assert(module.get(name) !== undefined, name);
  });

  Deno.test(`the entry ${entry} is described, with an example`, () => {
    assert(moduleDoc.length > 0);
    const text = Deno.readTextFileSync(join(PROJECT, path));
    assert(text.includes("@example"), `${path} has no example`);
  });

  Deno.test(`the examples can import the entry ${entry}`, () => {
    assertEquals(CONFIG.imports[entry.replace(".", "rollout-trace")], path);
  });
}

Deno.test("every published name is documented, with the types that it mentions", () => {
  const paths = ENTRIES.map(({ path }) => path);
  const { code, stderr } = run(
    Deno.execPath(),
    ["doc", "--lint", ...paths],
    { cwd: PROJECT },
  );
  assertEquals(code, 0, stderr);
});

Deno.test("the main entry reads as a table of contents", () => {
  const main = ENTRIES.find(({ entry }) => entry === ".")?.names ?? [];
  assert(main.length > 0);
  assert(main.length <= MAX_NAMES, `${main.length} names`);
});

Deno.test("the package has a scope, and one version", () => {
  assert(/^@[a-z-]+\/[a-z-]+$/.test(CONFIG.name));
  assertEquals(VERSION, CONFIG.version);
});

/** Returns a pattern for a glob whose only special character is the asterisk. */
function globPattern(glob: string): RegExp {
  const text = glob.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
  return new RegExp(`^${text}$`);
}

Deno.test("the task verify runs every example", () => {
  const { command } = CONFIG.tasks["verify"] ?? { command: "" };
  const [, paths = ""] = /deno test --doc (?:--\S+ )+(.*)$/.exec(command) ?? [];
  const patterns = paths.split(" ").map(globPattern);
  const skip = [/\/(?:dist|testdata|tests|\.git)(?:\/|$)/];
  const withExample = [...walkSync(PROJECT, { exts: [".md", ".ts"], skip })]
    .filter(({ path }) => EXAMPLE.test(Deno.readTextFileSync(path)))
    .map(({ path }) => relative(PROJECT, path).replaceAll("\\", "/"));
  assert(withExample.length >= ENTRIES.length);
  assertEquals(
    withExample.filter((path) => !patterns.some((each) => each.test(path))),
    [],
  );
});

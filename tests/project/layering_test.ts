/**
 * The layers, as a table, and the house rules that a machine can check.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { join, normalize, relative } from "@std/path";
import { PROJECT } from "../support/paths.ts";

/**
 * The layers, the lowest first. A file may import from groups of lower layers, and from its own
 * group: the longest entry that its path starts with.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["lib/errors.ts"],
  ["lib/format/"],
  ["lib/graph/", "lib/text/"],
  ["lib/bundle/", "lib/graph/codec/"],
  [
    "lib/reduce/rules.ts",
    "lib/reduce/fault_handler.ts",
    "lib/reduce/decode_payload.ts",
  ],
  ["lib/reduce/items/"],
  ["lib/reduce/state/"],
  ["lib/reduce/agents/"],
  ["lib/reduce/runtime/"],
  ["lib/reduce/conversation/"],
  ["lib/reduce/lost_starts.ts", "lib/reduce/session.ts"],
  ["lib/reduce/handlers.ts"],
  ["lib/reduce/reduce.ts"],
  ["lib/schema/"],
  ["lib/record/", "lib/replay.ts"],
  ["lib/check/", "lib/graph/view/"],
  ["lib/query/session/"],
  ["lib/query/evidence/"],
  ["lib/query/failures/", "lib/query/payload/", "lib/query/search/"],
  ["lib/query/context/"],
  [
    "lib/query/explain/",
    "lib/query/stats/",
    "lib/query/timeline/",
  ],
  ["lib/query/list/", "lib/query/show/"],
  ["lib/query/diff/"],
  ["lib/query/transcript/"],
  ["lib/report/", "lib/export/"],
  ["lib/report/viewer/"],
  [
    "lib/cli/",
    "lib/report/page/",
    "lib/export/mod.ts",
    "lib/schema/mod.ts",
    "lib/query/mod.ts",
    "lib/record/mod.ts",
    "lib/report/mod.ts",
    "mod.ts",
  ],
  ["main.ts"],
];

/** Lower, and forbidden all the same. */
const FORBIDDEN: readonly (readonly [from: string, to: string, why: string])[] =
  [
    ["lib/reduce/", "lib/bundle/", "the reducer knows no disk"],
    ["lib/graph/view/", "lib/bundle/", "a view is pure"],
  ];

/** What the page may load besides itself: it runs in a browser, away from the program. */
const LOADED_BY_PAGE: readonly string[] = [
  "lib/report/block_names.ts",
  "lib/text/",
  "lib/format/sha256.ts",
  "lib/query/session/names/object_address.ts",
  "lib/query/session/names/object_kind.ts",
  "lib/query/failures/outcome/outcome.ts",
  "lib/report/packed_table.ts",
];

/** What may be imported from outside, and where: the rest depends on nothing. */
const OUTSIDE: readonly (readonly [group: string, specifier: RegExp])[] = [
  [
    "lib/cli/",
    /^(?:ansi-styles|cli-progress|csv-stringify\/sync|diff|fastest-levenshtein|re2js|slice-ansi|string-width|wrap-ansi)$/,
  ],
  [
    "lib/export/",
    /^(?:node:sqlite|hyparquet-writer|re2js|@secretlint\/secretlint-rule-preset-recommend)$/,
  ],
  ["lib/report/viewer/", /^(?:@zip\.js\/zip\.js|modern-tar)$/],
  [
    "lib/report/page/",
    /^(?:preact|preact\/hooks|uplot|@tanstack\/virtual-core|anser|ansi-regex|image-dimensions|marked|@codemirror\/streamparser|@codemirror\/legacy-modes\/mode\/\w+)$/,
  ],
];

/** Made by `deno task build` and loaded when they are asked for; in no checkout. */
const MADE: readonly string[] = [
  "dist/licenses.js",
  "dist/page.js",
  "dist/viewer_worker.js",
];

/** Ask for a module of Node at run time: four for what Deno does not have, two make databases. */
const ASK_FOR_NODE: readonly string[] = [
  "lib/bundle/output/output_budget.ts",
  "lib/bundle/shard/runtime_zstd.ts",
  "lib/bundle/storage/seen_file.ts",
  "lib/cli/config/folder_trust.ts",
  "lib/export/tables/database.ts",
  "lib/export/tables/table_database.ts",
];

/**
 * Reads bundles, and must work in a browser: it takes files from `BundleFiles` and does not use
 * Deno, but where a bundle is a folder of the disk.
 */
const WITHOUT_DENO =
  /^lib\/(?:errors\.ts|replay\.ts|(?:bundle|check|format|graph|query|reduce|report|schema|text)\/)/;
const ON_DISK: readonly string[] = [
  "lib/bundle/output/",
  "lib/bundle/state_text.ts",
  "lib/bundle/storage/disk_files.ts",
  "lib/bundle/storage/disk_path.ts",
  "lib/bundle/storage/file_info.ts",
  "lib/bundle/storage/seen_file.ts",
  "lib/bundle/write/",
  "lib/query/list/list_bundles.ts",
];

const MAX_LINES = 400;
/** Files and folders in one folder; more hide what is in it. */
const MAX_ENTRIES = 15;

interface Source {
  path: string;
  text: string;
  imports: string[];
  /** Those that remain when types are erased. */
  loads: string[];
}

/** Returns every file and folder below a folder, relative to the project. */
function pathsBelow(folder: string): string[] {
  return [...walkSync(join(PROJECT, folder))]
    .map(({ path }) => relative(PROJECT, path).replaceAll("\\", "/"))
    .filter((path) => path !== folder);
}

function sourcesOf(paths: readonly string[]): Source[] {
  const modules = paths.filter((path) => /\.tsx?$/.test(path));
  return modules.sort().map((path) => {
    const text = Deno.readTextFileSync(join(PROJECT, path));
    const code = text.replace(/\/\*[\s\S]*?\*\//g, "");
    const erased = code.replace(/^(?:import|export) type\b[^;]*;/gm, "");
    return { path, text, imports: importsOf(code), loads: importsOf(erased) };
  });
}

/** Every specifier of a module without comments, `import()` and re-exports included. */
function importsOf(code: string): string[] {
  const found = [
    ...code.matchAll(/^(?:import|export)\b[^;"']*?\bfrom\s+"([^"]+)"/gm),
    ...code.matchAll(/^import\s+"([^"]+)"/gm),
    ...code.matchAll(/\bimport\(\s*"([^"]+)"/g),
  ];
  return found.map((match) => match[1] ?? "");
}

/** Returns the group of a file and the number of its layer. */
function groupOf(path: string): readonly [string, number] {
  const groups = LAYERS.flatMap((names, layer) =>
    names.filter((name) =>
      path === name || (name.endsWith("/") && path.startsWith(name))
    ).map((name) => [name, layer] as const)
  );
  const [group] = groups.sort(([a], [b]) => b.length - a.length);
  assert(
    group !== undefined,
    `${path} has no layer: add its folder to the table`,
  );
  return group;
}

/** The files of ours that a specifier may name; empty for what the build makes. */
function ours(from: string, specifiers: readonly string[]): string[] {
  return specifiers.filter((each) => each.startsWith("."))
    .map((each) => targetOf(from, each))
    .filter((target) => !MADE.includes(target));
}

/** Path of an imported file of ours, relative to the project. */
function targetOf(from: string, specifier: string): string {
  return normalize(join(from, "..", specifier)).replaceAll("\\", "/");
}

const ALL = sourcesOf(["mod.ts", "main.ts", ...pathsBelow("lib")]);
const ALL_WITH_TESTS = [...ALL, ...sourcesOf(pathsBelow("tests"))];

Deno.test("every file imports from lower layers or from its own group", () => {
  const faults: string[] = [];
  for (const { path, imports } of ALL) {
    const [group, layer] = groupOf(path);
    for (const target of ours(path, imports)) {
      const [targetGroup, targetLayer] = groupOf(target);
      if (group !== targetGroup && targetLayer >= layer) {
        faults.push(
          `${path} (layer ${layer}) imports ${target} (layer ${targetLayer})`,
        );
      }
      for (const [from, to, why] of FORBIDDEN) {
        if (path.startsWith(from) && target.startsWith(to)) {
          faults.push(`${path} imports ${target}: ${why}`);
        }
      }
    }
  }
  assertEquals(faults, []);
});

Deno.test("the page takes types from the program, and little that it loads", () => {
  const mayLoad = ["lib/report/page/", ...LOADED_BY_PAGE];
  const isPages = (path: string) =>
    mayLoad.some((each) => path.startsWith(each));
  const faults = ALL.filter(({ path }) => isPages(path)).flatMap(
    ({ path, loads }) =>
      loads.filter((each) => each.startsWith("."))
        .filter((specifier) => !isPages(targetOf(path, specifier)))
        .map((specifier) => `${path} loads ${specifier}`),
  );
  assertEquals(faults, []);
});

Deno.test("nothing but the command line and the page imports from outside", () => {
  const faults = ALL.flatMap(({ path, imports }) => {
    const [group] = groupOf(path);
    const allowed = OUTSIDE.filter(([each]) => each === group);
    return imports
      .filter((each) => !each.startsWith("."))
      .filter((each) => !allowed.some(([, specifier]) => specifier.test(each)))
      .map((each) => `${path} imports ${each}`);
  });
  assertEquals(faults, []);
});

Deno.test("what reads a bundle uses nothing of Deno below the interface of its files", () => {
  const readers = ALL.filter(({ path }) => WITHOUT_DENO.test(path));
  const users = readers.filter(({ text }) =>
    /\bDeno\./.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""))
  ).map(({ path }) => path);
  const isOnDisk = (path: string) =>
    ON_DISK.some((each) => path.startsWith(each));
  assert(readers.length > 200, `${readers.length} files`);
  assertEquals(users.filter((path) => !isOnDisk(path)), []);
  assertEquals(
    ON_DISK.filter((each) => !users.some((path) => path.startsWith(each))),
    [],
  );
});

Deno.test("no folder has more entries than a reader can survey", () => {
  const entries = new Map<string, number>();
  for (const path of [...pathsBelow("lib"), ...pathsBelow("tests")]) {
    const folder = folderOf(path);
    entries.set(folder, (entries.get(folder) ?? 0) + 1);
  }
  assert(entries.size > 50, `${entries.size} folders`);
  assertEquals([...entries].filter(([, count]) => count > MAX_ENTRIES), []);
});

Deno.test("no file imports itself in a circle, not even a type", () => {
  const byPath = new Map(ALL_WITH_TESTS.map((source) => [source.path, source]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start !== -1) circles.push([...trail.slice(start), path].join(" -> "));
    if (start !== -1 || done.has(path)) return;
    for (const target of ours(path, byPath.get(path)?.imports ?? [])) {
      visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of ALL_WITH_TESTS) visit(path, []);
  assertEquals(circles, []);
});

Deno.test("no two folders import from each other, unless one contains the other", () => {
  const examples = new Map<string, string>();
  for (const { path, imports } of ALL_WITH_TESTS) {
    for (const target of ours(path, imports)) {
      const [from, to] = [folderOf(path), folderOf(target)];
      if (contains(from, to) || contains(to, from)) continue;
      examples.set(`${from} -> ${to}`, `${path} imports ${target}`);
    }
  }
  const faults = [...examples].filter(([pair]) => {
    const [from, to] = pair.split(" -> ");
    return examples.has(`${to} -> ${from}`);
  });
  assertEquals(faults.map(([, example]) => example), []);
});

/** Returns the folder of a file; empty for the project's own. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** Whether a folder is another one, or one of the folders around it. */
function contains(outer: string, inner: string): boolean {
  return outer === "" || inner === outer || inner.startsWith(`${outer}/`);
}

Deno.test("every file of the library is short and has a header", () => {
  const faults = ALL.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    const header = /^\/\*\*[\s\S]*?@module[\s\S]*?\*\//.test(text);
    return [
      ...(lines > MAX_LINES ? [`${path} has ${lines} lines`] : []),
      ...(header ? [] : [`${path} has no header with @module`]),
    ];
  });
  assertEquals(faults, []);
});

Deno.test("the library neither prints nor dodges the type checker", () => {
  const rules: readonly (readonly [string, RegExp])[] = [
    ["prints", /\bconsole\./],
    ["casts through unknown", /\bas unknown as\b/],
    ["silences the type checker", /@ts-(?:ignore|nocheck|expect-error)/],
    ["silences a rule of the house", /deno-lint-ignore.*(?:any|non-null)/],
    ["ends the process", /\bDeno\.exit\(/],
    ["uses Node's own modules", /["']node:/],
  ];
  const faults = ALL.filter(({ path }) => path.startsWith("lib/")).flatMap(
    ({ path, text }) =>
      rules.filter(([, pattern]) => pattern.test(text)).map(([what]) =>
        `${path} ${what}`
      ),
  );
  assertEquals(
    faults,
    ASK_FOR_NODE.map((path) => `${path} uses Node's own modules`),
  );
});

/**
 * What `deno task build` makes: files of which each command needs a part, and no package. And that
 * the program names the task to run when nothing was built.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { copySync } from "@std/fs";
import { basename, fromFileUrl, join } from "@std/path";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { licenseTexts } from "../../lib/cli/about/licenses.ts";
import { loadViewer } from "../../lib/report/load_page.ts";
import { VERSION } from "../../lib/cli/about/version.ts";
import { BUNDLED_PROGRAM, MAIN, PROJECT, TESTDATA } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import {
  bundledPackages,
  folderOf,
} from "../tools/packaging/licenses/bundled_packages.ts";
import { idsOf } from "../tools/packaging/licenses/licenses_text.ts";
import {
  KNOWN_DENO,
  runtimeCrates,
  UNKNOWN_CRATES,
} from "../tools/packaging/licenses/runtime_crates.ts";
import { sbomJson } from "../tools/packaging/sbom.ts";
import { pageInputs } from "../tools/packaging/build_page.ts";
import { slowTest } from "../support/cases.ts";

/** A module of the graph of `deno info --json`. */
interface Module {
  specifier: string;
  dependencies?: { code?: { specifier: string }; isDynamic?: boolean }[];
}

/** Those of the Deno that runs this. */
const crates = runtimeCrates();

/** Files that may be open: a few more than Deno itself needs. */
const MAX_OPEN_FILES = 40;

/** Characters of the code that `main.js` and a command load; more than there are, by little. */
const MAX_START = 88_500;
const MAX_REDUCE = 301_500;
const MAX_QUESTION = 597_000;
/** The page that it writes has the page of the report and the library in it. */
const MAX_VIEWER = 780_000;

Deno.test("the bundled program needs no package, and a command loads its own code only", () => {
  const main = join(BUNDLED_PROGRAM, "main.js");
  const { stdout } = run(Deno.execPath(), ["info", "--json", main]);
  const { modules }: { modules: Module[] } = JSON.parse(stdout);
  const byName = new Map(
    modules.map((module) => [nameOf(module.specifier), module]),
  );
  const start = reachedFrom("main.js", byName, false);
  assert(sizeOf(start) < MAX_START, `${sizeOf(start)} bytes`);
  const found = reachedFrom("main.js", byName, true);
  assertEquals(found.filter((name) => name.startsWith("npm:")), []);
  assert(found.includes("page.js"), found.join());
  for (const { name } of COMMANDS) {
    const reached = reachedFrom(`${name}.js`, byName, false);
    const loaded = reached.filter((file) => !file.startsWith("node:"));
    const bytes = sizeOf([...new Set([...start, ...loaded])]);
    const max = name === "reduce"
      ? MAX_REDUCE
      : name === "viewer"
      ? MAX_VIEWER
      : MAX_QUESTION;
    assert(loaded.length > 1 && bytes < max, `${name}: ${bytes}`);
    assert(!loaded.includes("unicode_packages.js"), name);
    // The package that writes Parquet can also read files, with Node's own module; so can a rule of
    // secretlint that is not used.
    const isOther = name === "tables" || name === "redact";
    assert(loaded.length === reached.length || isOther, name);
  }
});

function sizeOf(files: readonly string[]): number {
  return files.map((name) => Deno.statSync(join(BUNDLED_PROGRAM, name)).size)
    .reduce((sum, size) => sum + size, 0);
}

slowTest({
  name: "the bundled program closes the files that it opens",
  ignore: Deno.build.os === "windows",
  fn: () => {
    const folder = Deno.makeTempDirSync();
    try {
      const upstream = join(TESTDATA, "upstream");
      const bundle = join(upstream, "0.164.0-agents_v2_sol_tree", "bundle");
      const payloads = [...Deno.readDirSync(join(bundle, "payloads"))].length;
      assert(payloads > MAX_OPEN_FILES, `${payloads} payloads`);
      const main = join(BUNDLED_PROGRAM, "main.js");
      // Tables are written together, up to one file each.
      for (
        const [max, ...args] of [
          [MAX_OPEN_FILES, "report", bundle, "-o", join(folder, "report.html")],
          [MAX_OPEN_FILES, "search", upstream, "the", "--jobs", "1"],
          [MAX_OPEN_FILES, "redact", bundle, "-o", join(folder, "copy")],
          [2 * MAX_OPEN_FILES, "tables", TESTDATA, "-o", join(folder, "t")],
        ]
      ) {
        const { code, stderr } = run("sh", [
          ...["-c", `ulimit -n ${max} && exec "$0" "$@"`],
          ...[Deno.execPath(), "run", "-A", main, ...args.map(String)],
        ]);
        assert(code === 0 || code === 3, `${args[0]}: ${stderr}`);
        assert(
          !/too many open files|payloads that cannot/i.test(stderr),
          stderr,
        );
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

Deno.test("the bundled program is small", () => {
  const sizes = Array.from(
    Deno.readDirSync(BUNDLED_PROGRAM),
    ({ name }) => Deno.statSync(join(BUNDLED_PROGRAM, name)).size,
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  // With the runtime, which has 92.98 MB in Deno 2.6, and 15 kB around it, this is less than 95 MB.
  assert(bytes < 2_005_000, `${bytes} bytes are compiled`);
});

/** A file of a package from npm, as a bundler names it where it does not shorten. */
const PACKAGE_FILE =
  /npm[/\\]registry\.npmjs\.org[/\\]((?:@[^/\\\s]+[/\\])?[^/\\\s]+)[/\\]([^/\\\s"]+)[/\\]/g;

function packagesIn(text: string): string[] {
  const found = text.matchAll(PACKAGE_FILE);
  return Array.from(
    found,
    ([, name = "", version = ""]) => `${name.replaceAll("\\", "/")} ${version}`,
  );
}

slowTest(
  "the licenses name every package that the bundles contain, with its text",
  async () => {
    const folder = Deno.makeTempDirSync();
    try {
      const bundled = run(Deno.execPath(), [
        ...["bundle", "--quiet", "--platform", "deno", "--code-splitting"],
        ...["--outdir", folder, join(PROJECT, "lib", "cli", "program.ts")],
      ], { cwd: PROJECT });
      assertEquals(bundled.code, 0, bundled.stderr);
      const code = Array.from(
        Deno.readDirSync(folder),
        ({ name }) => Deno.readTextFileSync(join(folder, name)),
      ).join("\n");
      const program = new Set(packagesIn(code));
      const page = new Set(packagesIn((await pageInputs()).join("\n")));
      assert(program.size > 10 && page.size > 2, [...program, ...page].join());

      const { stdout } = run(Deno.execPath(), ["run", MAIN, "--licenses"], {
        cwd: PROJECT,
      });
      const sections = new Map(
        // A license may have headings of its own.
        stdout.split(/^## (?=\S+ \S+ \([^)\n]*\)$)/m).map((
          each,
        ) => [each.split(" (")[0], each]),
      );
      for (const name of [...program, ...page]) {
        const text = sections.get(name) ?? "";
        assert(/permission is hereby granted|redistribution/i.test(text), name);
      }
      // The viewer has the page in it.
      const viewer = await loadViewer();
      const scripts = viewer.page.script + viewer.worker;
      for (const name of page) {
        assert(scripts.includes(`${name}\n\n`), name);
        assert(
          scripts.includes(
            sections.get(name)?.split("\n\n")[2] ?? name,
          ),
        );
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

Deno.test("the worker of the viewer uses nothing of Deno or Node", async () => {
  const { worker } = await loadViewer();
  assertEquals(worker.match(/\bDeno\./g), null);
  // The zstd of Node is asked for where there is a Node.
  assertEquals(worker.match(/\bnode:\w+/g), ["node:zlib"]);
});

Deno.test("the licenses name what packages contain of others, as their source maps and headers show", () => {
  const packages = bundledPackages();
  const names = new Set(packages.map(({ name }) => name));
  const { stdout } = run(Deno.execPath(), ["info", "--json"]);
  const { npmCache } = JSON.parse(stdout);
  const texts = packages.map(({ licenseText }) => licenseText).join("\n");
  const missing = new Set<string>();
  for (const each of packages) {
    // Those that another one contains are in no folder.
    if (each.integrity !== undefined) continue;
    for (const path of scriptsBelow(folderOf(npmCache, each))) {
      const text = Deno.readTextFileSync(path);
      const sources: string[] = path.endsWith(".map")
        ? JSON.parse(text).sources
        : [];
      for (const source of sources) {
        const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ??
          [];
        if (name !== undefined && !names.has(name)) missing.add(name);
      }
      for (const [, holder = ""] of text.matchAll(HOLDER)) {
        if (!texts.includes(holder)) missing.add(`${each.name}: ${holder}`);
      }
    }
  }
  assertEquals([...missing].sort(), []);
});

/** Who has the copyright, in the header of a script. */
const HOLDER =
  /^(?: \*|\/\/) Copyright \(c\) (?:\d{4}[-, ]*)+([A-Z]\w+ [A-Z]\w+)/gm;

/** The scripts and source maps of a package. */
function scriptsBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    if (isDirectory) return name === "node_modules" ? [] : scriptsBelow(path);
    return /\.[cm]?js(?:\.map)?$/.test(name) ? [path] : [];
  });
}

Deno.test("the bill of materials has the same packages, with checksums and licenses", () => {
  const packages = bundledPackages();
  const { components }: { components: Component[] } = JSON.parse(
    sbomJson(packages, crates),
  );
  const known = packages.map(({ name, version, license }) => ({
    name,
    version,
    license,
  }));
  const libraries = components.filter(({ purl }) => purl.startsWith("pkg:npm"));
  assertEquals(
    libraries.map(({ name, version, licenses: [first] = [] }) => ({
      name,
      version,
      license: first?.license?.id,
    })),
    known,
  );
  for (const { hashes: [hash] = [], purl } of libraries) {
    assertEquals([hash?.alg, hash?.content.length], ["SHA-512", 128], purl);
  }
  const named = components.filter(({ purl }) => purl.startsWith("pkg:cargo"));
  assertEquals(
    new Set(
      named.map((each) =>
        `${each.name} ${each.version} ${each.licenses?.[0]?.expression}`
      ),
    ),
    new Set(
      crates.map(({ name, version, license }) =>
        `${name} ${version} ${license ?? undefined}`
      ),
    ),
  );
  assertEquals(
    components.filter(({ type }) => type === "platform").map(({ name }) =>
      name
    ),
    ["deno"],
  );
});

Deno.test("the licenses name every crate that Deno's binary names, with the text of each license", async () => {
  const text = await licenseTexts();
  assert(crates.length > 300, `${crates.length} crates`);
  const lines = new Set(text.split("\n"));
  for (const { name, version, license } of crates) {
    const line = license ?? `unknown; see crates.io/crates/${name}`;
    assert(lines.has(`- ${name} ${version}: ${line}`), name);
    for (const id of idsOf(license ?? "")) {
      assert(lines.has(`## License ${id}`), id);
    }
  }
  if (Deno.version.deno !== KNOWN_DENO) return;
  const unknown = crates.filter(({ license }) => license === null);
  assertEquals([...new Set(unknown.map(({ name }) => name))], UNKNOWN_CRATES);
});

Deno.test("a crate is found in the path of its source, of each system", () => {
  const path = Deno.makeTempFileSync();
  try {
    const before = "x".repeat(1024 * 1024 - 30);
    Deno.writeTextFileSync(
      path,
      `${before}/registry/src/index.crates.io-1949cf8c6b5b557f/aes-kw-0.2.1/src/lib.rs` +
        "C:\\registry\\src\\index.crates.io-6f17d22bba15001f\\ash-0.38.0+1.3.281\\src" +
        "/index.crates.io-6f17d22bba15001f/not-in-the-table-1.0.0-rc.8/src",
    );
    assertEquals(runtimeCrates(path), [
      { name: "aes-kw", version: "0.2.1", license: "MIT OR Apache-2.0" },
      { name: "ash", version: "0.38.0+1.3.281", license: "MIT OR Apache-2.0" },
      { name: "not-in-the-table", version: "1.0.0-rc.8", license: null },
    ]);
  } finally {
    Deno.removeSync(path);
  }
});

/** A component of a CycloneDX document. */
interface Component {
  type: string;
  name: string;
  version: string;
  purl: string;
  licenses?: { license?: { id: string }; expression?: string }[];
  hashes?: { alg: string; content: string }[];
}

/** Runs `main.ts` of a checkout in which nothing was built, after a change of its sources. */
function runUnbuilt(args: readonly string[], change: (root: string) => void) {
  const root = Deno.makeTempDirSync();
  try {
    const { imports } = JSON.parse(
      Deno.readTextFileSync(join(PROJECT, "deno.json")),
    );
    Deno.writeTextFileSync(
      join(root, "deno.json"),
      JSON.stringify({ imports, nodeModulesDir: "none" }),
    );
    for (const name of ["lib", "main.ts", "deno.lock"]) {
      copySync(join(PROJECT, name), join(root, name));
    }
    change(root);
    const grants = [`--allow-read=${TESTDATA}`, `--allow-write=${root}`];
    return run(Deno.execPath(), [
      "run",
      "--quiet",
      ...grants,
      "main.ts",
      ...args,
    ], {
      cwd: root,
    });
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

slowTest(
  "without a build, report names the task to run, and every other command runs",
  () => {
    const bundle = join(TESTDATA, "upstream", "0.128.0-hello", "bundle");
    const report = runUnbuilt(["report", bundle, "-o", "page.html"], () => {});
    assertEquals(report, {
      code: 2,
      stdout: "",
      stderr: "error: the page of the report is not built\n" +
        "hint: run deno task build\n",
    });
    const show = runUnbuilt(["show", bundle], () => {});
    assertEquals({ code: show.code, stderr: show.stderr }, {
      code: 0,
      stderr: "",
    });
  },
);

Deno.test("main.ts runs the sources as they are", () => {
  const { stdout } = runUnbuilt(["--version"], (root) => {
    const path = join(root, "lib", "cli", "about", "version.ts");
    const code = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, code.replace(VERSION, "99.9.9"));
  });
  assertEquals(stdout, "rollout-trace 99.9.9\n");
});

/** What a module loads at once, or may load as well when a command asks for it. */
function reachedFrom(
  start: string,
  modules: ReadonlyMap<string, Module>,
  withDynamic: boolean,
): string[] {
  const reached = new Set([start]);
  for (const name of reached) {
    for (const { code, isDynamic } of modules.get(name)?.dependencies ?? []) {
      if (code === undefined || (isDynamic && !withDynamic)) continue;
      reached.add(nameOf(code.specifier));
    }
  }
  return [...reached].sort();
}

function nameOf(specifier: string): string {
  return specifier.startsWith("file:")
    ? basename(fromFileUrl(specifier))
    : specifier;
}

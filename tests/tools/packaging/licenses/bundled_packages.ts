/**
 * The packages that the program and the page contain, with their licenses: what the modules of both
 * import, and what these packages need themselves.
 *
 * @module
 */

import { join } from "@std/path";
import { PROJECT } from "../../../support/paths.ts";
import { run } from "../../../support/processes.ts";
import inlinedPackages from "./inlined_packages.json" with { type: "json" };

const SNAPPY = `Its file snappy.js is made of snappyjs:

The MIT License (MIT)
Copyright (c) 2016 Zhipeng Jia
https://github.com/zhipeng-jia/snappyjs`;

/** A package from npm. */
export interface BundledPackage {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** The packages that it needs, as `name@version`. */
  readonly dependencies: readonly string[];
  /** The identifier of its license, by SPDX. */
  readonly license: string;
  /** The text of its license. */
  readonly licenseText: string;
  /** Its checksum, `sha512-BASE64`, where the lockfile does not have it. */
  readonly integrity?: string;
}

/**
 * Packages whose code others contain without depending on them. Which they are, their source maps
 * show; each file is that of the version here.
 */
const INLINED: Readonly<Record<string, readonly BundledPackage[]>> = {
  "@secretlint/secretlint-rule-preset-recommend": inlinedPackages,
};

/** Code that a package has from another one, in a version that is unknown. */
const ADAPTED: Readonly<Record<string, string>> = {
  "hyparquet": SNAPPY,
  "hyparquet-writer": SNAPPY,
};

/** What `deno info --json` prints. */
interface ModuleGraph {
  readonly modules: readonly Module[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly npmPackages: Readonly<Record<string, NpmPackage>>;
}

interface Module {
  readonly specifier: string;
  readonly npmPackage?: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier: string };
  }[];
}

interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
}

const ENTRIES = [
  "lib/cli/program.ts",
  "lib/report/page/main.tsx",
  "lib/report/page/viewer/viewer.tsx",
  "lib/report/viewer/viewer_worker.ts",
];

/**
 * Returns the packages, sorted by name and version.
 *
 * @throws {Error} If a package has no license or no text of it.
 */
export function bundledPackages(): BundledPackage[] {
  const { npmCache } = JSON.parse(deno("info", "--json"));
  const graphs = ENTRIES.map((entry): ModuleGraph =>
    JSON.parse(deno("info", "--json", join(PROJECT, entry)))
  );
  const known = Object.assign({}, ...graphs.map((each) => each.npmPackages));
  const needed = new Set(graphs.flatMap(importedBy));
  for (const id of needed) {
    for (const other of known[id].dependencies) needed.add(other);
  }
  const packages = [...needed].map((id): BundledPackage => {
    const { name, version, dependencies }: NpmPackage = known[id];
    const { license, licenseText } = licenseIn(folderOf(npmCache, known[id]));
    const inlined = INLINED[name] ?? [];
    return {
      name,
      version,
      dependencies: [...dependencies, ...inlined.map(idOf)],
      license,
      licenseText: [licenseText, ADAPTED[name] ?? []].flat().join("\n\n"),
    };
  });
  const inlined = packages.flatMap(({ name }) => INLINED[name] ?? []);
  return [...packages, ...inlined].sort((a, b) => idOf(a) < idOf(b) ? -1 : 1);
}

/** The name of a package in other lists: `name@version`. */
export function idOf(each: Pick<BundledPackage, "name" | "version">): string {
  return `${each.name}@${each.version}`;
}

/** Where the cache of Deno has a package. */
export function folderOf(
  npmCache: string,
  { name, version }: Pick<BundledPackage, "name" | "version">,
): string {
  return join(npmCache, "registry.npmjs.org", name, version);
}

/** The packages that modules import; the graph also has those of the import map. */
function importedBy({ modules, redirects }: ModuleGraph): string[] {
  const byName = new Map(modules.map((each) => [each.specifier, each]));
  return modules.flatMap(({ dependencies = [] }) =>
    dependencies.flatMap(({ code }) => {
      if (code === undefined) return [];
      const { specifier } = code;
      const id = byName.get(redirects[specifier] ?? specifier)?.npmPackage;
      return id === undefined ? [] : [id];
    })
  );
}

function deno(...args: string[]): string {
  const { code, stdout, stderr } = run(Deno.execPath(), args, { cwd: PROJECT });
  if (code !== 0) throw new Error(`deno ${args.join(" ")}: ${stderr}`);
  return stdout;
}

function licenseIn(
  folder: string,
): Pick<BundledPackage, "license" | "licenseText"> {
  const { license }: { license?: string } = JSON.parse(
    Deno.readTextFileSync(join(folder, "package.json")),
  );
  const file = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort()
    .find((name) => /^(?:licen[cs]e|copying)/i.test(name));
  if (license === undefined || file === undefined) {
    throw new Error(`${folder} has no license or no text of it`);
  }
  const text = Deno.readTextFileSync(join(folder, file));
  return { license, licenseText: text.replaceAll("\r", "").trim() };
}

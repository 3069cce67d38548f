/**
 * The packages that the program and the page contain, with their licenses: what the modules of both
 * import, and what these packages need themselves.
 *
 * @module
 */

import { join } from "@std/path";
import { PROJECT } from "../../../support/paths.ts";
import { run } from "../../../support/processes.ts";

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
}

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
  return [...needed].sort().map((id) => {
    const { name, version, dependencies }: NpmPackage = known[id];
    const folder = join(npmCache, "registry.npmjs.org", name, version);
    return { name, version, dependencies, ...licenseIn(folder) };
  });
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

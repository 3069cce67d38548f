/**
 * Packs the files of a release: `deno task release`.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join, relative } from "@std/path";
import { COMMANDS } from "../../../../lib/cli/catalog/catalog.ts";
import { runProgram } from "../../../../lib/cli/program.ts";
import { VERSION } from "../../../../lib/cli/about/version.ts";
import { SHELLS } from "../../../../lib/cli/catalog/choices.ts";
import { loadViewer } from "../../../../lib/report/load_page.ts";
import { viewerPage } from "../../../../lib/report/html/report_html.ts";
import { recordedIo } from "../../../support/cli.ts";
import { DIST, PROJECT } from "../../../support/paths.ts";
import { outputName } from "../../compile.ts";
import { bundledPackages } from "../licenses/bundled_packages.ts";
import { runtimeCrates } from "../licenses/runtime_crates.ts";
import { sbomJson } from "../sbom.ts";
import { type ArchiveFile, tarGz, zip } from "./archives.ts";
import {
  archiveName,
  checksumsText,
  isWindows,
  programName,
  RELEASE_TARGETS,
  type ReleaseTarget,
  sha256,
} from "./artifacts.ts";
import { installPs1, installSh } from "./installers.ts";
import { manPage } from "./man_page.ts";
import {
  mainPackage,
  type PackageFacts,
  platformPackage,
  targetsOf,
  writePackage,
} from "./npm_packages.ts";
import { homebrewFormula, scoopManifest } from "./package_managers.ts";

const HELP = `Packs the programs of dist/ as the files of a release.

Usage: deno task release --repository OWNER/NAME [--tag vVERSION] [--date DATE] [--some]

  --repository  the repository on GitHub where the release will be
  --tag         fail unless it is v and the version of deno.json
  --date        the date of the release, YYYY-MM-DD; by default today
  --some        pack the machines that have a program; without, each must have one

Makes dist/release/: archives, install.sh, install.ps1, the manual page, completions, SBOM,
SHA256SUMS, notes.md; and beside it dist/npm/, dist/homebrew/ and dist/scoop/.`;

/** What a release is made of, and what it is called. */
export interface ReleaseJob {
  /** The programs by the triples of their machines. */
  readonly programs: ReadonlyMap<string, Uint8Array>;
  /** `OWNER/NAME` on GitHub. */
  readonly repository: string;
  readonly version: string;
  readonly date: Date;
  /** Files beside the archives, which the release has as well. */
  readonly extra: ReadonlyMap<string, string>;
}

/** The files of a release by their names, and the packages for npm. */
export interface ReleaseFiles {
  /** What is attached to the release. */
  readonly release: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly npm: ReturnType<typeof mainPackage>[];
  /** The formula for a tap of Homebrew. */
  readonly formula: string;
  /** The manifest for a bucket of Scoop; `undefined` without a program for Windows. */
  readonly scoop: string | undefined;
}

/** Packs a release. */
export async function packRelease(job: ReleaseJob): Promise<ReleaseFiles> {
  const { programs, repository, version, date, extra } = job;
  const documents = await documentFiles(version, date);
  const release = new Map<string, Uint8Array<ArrayBuffer>>();
  const targets = targetsOf(programs);
  for (const target of targets) {
    const program = programs.get(target.triple) ?? new Uint8Array(0);
    const files = archiveFiles(target, program, documents, version);
    const content = isWindows(target)
      ? zip(files, date)
      : await tarGz(files, date);
    release.set(archiveName(target), content);
  }
  const sums = await checksumsOf(release);
  const url = `https://github.com/${repository}/releases/download/v${version}`;
  const facts = { version, url, checksums: sums };
  const texts = new Map([
    ["install.sh", installSh(facts)],
    ["install.ps1", installPs1(facts)],
    ...extra,
  ]);
  for (const [name, text] of texts) {
    release.set(name, new TextEncoder().encode(text));
  }
  const all = checksumsText(await checksumsOf(release));
  release.set("SHA256SUMS", new TextEncoder().encode(all));
  return {
    release,
    npm: npmPackages(targets, job),
    formula: homebrewFormula(facts, repository),
    scoop: targets.some(isWindows)
      ? scoopManifest(facts, repository)
      : undefined,
  };
}

function npmPackages(
  targets: readonly ReleaseTarget[],
  { programs, repository, version }: ReleaseJob,
) {
  const facts: PackageFacts = {
    version,
    repository,
    license: textOf("LICENSE"),
  };
  return [
    ...targets.map((target) =>
      platformPackage(
        target,
        programs.get(target.triple) ?? new Uint8Array(0),
        facts,
      )
    ),
    mainPackage(targets, textOf("README.md"), facts),
  ];
}

/** What every archive has besides the program. */
async function documentFiles(
  version: string,
  date: Date,
): Promise<ReadonlyMap<string, string>> {
  const completions = SHELLS.map(async (shell) =>
    [
      `completions/${COMPLETION_NAMES[shell]}`,
      await completionOf(shell),
    ] as const
  );
  return new Map([
    ["LICENSE", textOf("LICENSE")],
    ["README.md", textOf("README.md")],
    ["CHANGELOG.md", textOf("CHANGELOG.md")],
    ["man/rollout-trace.1", manPage(COMMANDS, version, date)],
    ...await Promise.all(completions),
  ]);
}

const COMPLETION_NAMES: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: "rollout-trace.bash",
  zsh: "_rollout-trace",
  fish: "rollout-trace.fish",
  powershell: "rollout-trace.ps1",
};

async function completionOf(shell: string): Promise<string> {
  const io = recordedIo();
  await runProgram(["completions", shell], io);
  return io.stdout;
}

function archiveFiles(
  target: ReleaseTarget,
  program: Uint8Array,
  documents: ReadonlyMap<string, string>,
  version: string,
): ArchiveFile[] {
  const folder = `rollout-trace-${version}-${target.triple}`;
  return [
    ...Array.from(documents, ([path, text]) => ({
      path: `${folder}/${path}`,
      content: new TextEncoder().encode(text),
      isProgram: false,
    })),
    {
      path: `${folder}/${programName(target)}`,
      content: program,
      isProgram: true,
    },
  ];
}

async function checksumsOf(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>();
  for (const [name, content] of files) sums.set(name, await sha256(content));
  return sums;
}

/** What CHANGELOG.md has about a version. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const own = sections.find((section) => section.split(/\s/, 1)[0] === version);
  if (own === undefined) {
    throw new Error(`CHANGELOG.md has no section "## ${version}"`);
  }
  return own.slice(own.indexOf("\n")).trim() + "\n";
}

function textOf(path: string): string {
  return Deno.readTextFileSync(join(PROJECT, path));
}

/** The programs that `deno task compile:all` made; with `some`, those that are there. */
function programsIn(folder: string, some: boolean): Map<string, Uint8Array> {
  const programs = new Map<string, Uint8Array>();
  for (const { triple } of RELEASE_TARGETS) {
    const path = join(folder, outputName(triple));
    try {
      programs.set(triple, Deno.readFileSync(path));
    } catch (error) {
      if (some && error instanceof Deno.errors.NotFound) continue;
      throw new Error(`${path} cannot be read: run deno task compile:all`, {
        cause: error,
      });
    }
  }
  return programs;
}

function writeFiles(
  folder: string,
  files: ReadonlyMap<string, Uint8Array | string>,
): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    const path = join(folder, name);
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    console.log(relative(PROJECT, path));
  }
}

function removeOld(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const flags = parseArgs([...args], {
    string: ["repository", "tag", "date"],
    boolean: ["help", "some"],
  });
  const repository = text(flags.repository);
  const tag = text(flags.tag);
  const date = text(flags.date) ?? new Date().toISOString().slice(0, 10);
  if (flags.help === true) {
    console.log(HELP);
    return 0;
  }
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    console.error("error: name the repository: --repository OWNER/NAME");
    return 2;
  }
  if (tag !== undefined && tag !== `v${VERSION}`) {
    console.error(`error: the tag is ${tag}, and the version ${VERSION}`);
    return 1;
  }
  const files = await packRelease({
    programs: programsIn(DIST, flags.some === true),
    repository,
    version: VERSION,
    date: new Date(date),
    extra: new Map([
      ["rollout-trace.1", manPage(COMMANDS, VERSION, new Date(date))],
      ["sbom.cdx.json", sbomJson(bundledPackages(), runtimeCrates())],
      ["viewer.html", viewerPage(await loadViewer())],
    ]),
  });
  for (const name of ["release", "npm", "homebrew", "scoop"]) {
    removeOld(join(DIST, name));
  }
  writeFiles(join(DIST, "release"), files.release);
  const notes = releaseNotes(textOf("CHANGELOG.md"), VERSION);
  writeFiles(DIST, new Map([["release-notes.md", notes]]));
  const formula = new Map([["rollout-trace.rb", files.formula]]);
  writeFiles(join(DIST, "homebrew"), formula);
  if (files.scoop !== undefined) {
    const manifest = new Map([["rollout-trace.json", files.scoop]]);
    writeFiles(join(DIST, "scoop"), manifest);
  }
  for (const each of files.npm) {
    const folder = join(
      DIST,
      "npm",
      each.name.slice(each.name.indexOf("/") + 1),
    );
    writePackage(folder, each);
    console.log(relative(PROJECT, folder));
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));

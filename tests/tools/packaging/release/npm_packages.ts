/**
 * The packages for npm: one with the program for each machine, and one that runs the right one.
 *
 * No script of theirs runs when they are installed.
 *
 * @module
 */

import { join } from "@std/path";
import {
  isWindows,
  programName,
  RELEASE_TARGETS,
  type ReleaseTarget,
} from "./artifacts.ts";

const SCOPE = "@rollout-trace";
const TEMPLATE = join(
  import.meta.dirname ?? "",
  "templates",
  "rollout-trace.js",
);
const DESCRIPTION = "Explains recorded sessions of Codex";

/** A file of a package: its path inside, what is in it, and whether it is a program. */
export interface PackageFile {
  readonly path: string;
  readonly content: Uint8Array | string;
  readonly isProgram?: boolean;
}

/** A package for npm. */
export interface NpmPackage {
  readonly name: string;
  readonly files: readonly PackageFile[];
}

/** What every package has, besides its name. */
export interface PackageFacts {
  readonly version: string;
  /** `OWNER/NAME` of the repository on GitHub, which npm compares with the provenance. */
  readonly repository: string;
  readonly license: string;
}

/** The package with the program of a machine. */
export function platformPackage(
  target: ReleaseTarget,
  program: Uint8Array,
  facts: PackageFacts,
): NpmPackage {
  const name = packageName(target);
  const { os, cpu } = target.npm;
  return {
    name,
    files: [
      manifest(name, facts, {
        description: `${DESCRIPTION}: the program for ${os} ${cpu}`,
        os: [os],
        cpu: [cpu],
        ...os === "linux" ? { libc: ["glibc"] } : {},
        files: ["bin"],
        preferUnplugged: true,
      }),
      license(facts),
      {
        path: `bin/${programName(target)}`,
        content: program,
        isProgram: !isWindows(target),
      },
    ],
  };
}

/** The package that users install, for the machines that have a program. */
export function mainPackage(
  targets: readonly ReleaseTarget[],
  readme: string,
  facts: PackageFacts,
): NpmPackage {
  const name = `${SCOPE}/cli`;
  const names = targets.map((target) =>
    [`${target.npm.os}-${target.npm.cpu}`, packageName(target)] as const
  );
  const script = Deno.readTextFileSync(TEMPLATE)
    .replace(
      "__PACKAGES__",
      JSON.stringify(Object.fromEntries(names), null, 2),
    );
  return {
    name,
    files: [
      manifest(name, facts, {
        description: DESCRIPTION,
        bin: { "rollout-trace": "bin/rollout-trace.js" },
        engines: { node: ">=18" },
        optionalDependencies: Object.fromEntries(
          names.map(([, name]) => [name, facts.version]),
        ),
        files: ["bin"],
      }),
      license(facts),
      { path: "README.md", content: readme },
      { path: "bin/rollout-trace.js", content: script, isProgram: true },
    ],
  };
}

/** Every machine has the name of its package from npm's words for it. */
function packageName({ npm: { os, cpu } }: ReleaseTarget): string {
  return `${SCOPE}/cli-${os}-${cpu}`;
}

function manifest(
  name: string,
  { version, repository }: PackageFacts,
  rest: Readonly<Record<string, unknown>>,
): PackageFile {
  const content = {
    name,
    version,
    license: "MIT",
    repository: {
      type: "git",
      url: `git+https://github.com/${repository}.git`,
    },
    publishConfig: { access: "public" },
    ...rest,
  };
  return {
    path: "package.json",
    content: `${JSON.stringify(content, null, 2)}\n`,
  };
}

function license({ license }: PackageFacts): PackageFile {
  return { path: "LICENSE", content: license };
}

/** Writes a package to a folder, which is made. */
export function writePackage(folder: string, { files }: NpmPackage): void {
  for (const { path, content, isProgram = false } of files) {
    const file = join(folder, path);
    Deno.mkdirSync(join(file, ".."), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(file, content);
    else Deno.writeFileSync(file, content);
    if (isProgram && Deno.build.os !== "windows") Deno.chmodSync(file, 0o755);
  }
}

/** The machines of a release, those of which there is a program. */
export function targetsOf(
  programs: ReadonlyMap<string, unknown>,
): readonly ReleaseTarget[] {
  return RELEASE_TARGETS.filter(({ triple }) => programs.has(triple));
}

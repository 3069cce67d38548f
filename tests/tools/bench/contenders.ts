/**
 * The programs that are timed.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { MAIN } from "../../support/paths.ts";
import type { Contender } from "./contest.ts";
import type { CommandLine } from "./measure.ts";
import type { Settings } from "./settings.ts";

/** Names of the contenders that ratios are reported about. */
export const NAMES = {
  reading: "reading all bytes",
  ours: "ours, deno run",
  compiled: "ours, compiled",
  reference: "reference",
} as const;

const READER = fromFileUrl(
  new URL("./read.ts", import.meta.url),
);

/** Everything that takes part for a bundle. */
export function contendersFor(
  settings: Settings,
  bundle: string,
  withReference: boolean,
): Contender[] {
  const { binary, codex } = settings;
  const reduce = ["reduce", bundle, "-o", ourState(bundle)];
  const found: Contender[] = [
    contender(NAMES.reading, denoRun(READER, ["--allow-read"], [bundle])),
    contender(
      NAMES.ours,
      denoRun(MAIN, ["--allow-read", "--allow-write"], reduce),
    ),
  ];
  if (binary !== undefined) {
    found.push(contender(NAMES.compiled, { program: binary, args: reduce }));
  }
  if (codex !== undefined && withReference) {
    const command = referenceCommand(codex, bundle);
    found.push(contender(NAMES.reference, command, settings.codexSeconds));
  }
  return found;
}

/** Where our state of a bundle goes. */
export function ourState(bundle: string): string {
  return `${bundle}.ours.json`;
}

/** Where the reference's state of a bundle goes. */
export function referenceState(bundle: string): string {
  return `${bundle}.reference.json`;
}

/** Removes a bundle and what was made of it. */
export function removeBundle(bundle: string): void {
  for (
    const path of [
      bundle,
      ourState(bundle),
      referenceState(bundle),
      homeFor(bundle),
    ]
  ) {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function contender(
  name: string,
  command: CommandLine,
  seconds = Infinity,
): Contender {
  return { name, command, seconds };
}

function denoRun(
  script: string,
  grants: readonly string[],
  args: readonly string[],
): CommandLine {
  return {
    program: Deno.execPath(),
    args: ["run", ...grants, script, ...args],
  };
}

function homeFor(bundle: string): string {
  return `${bundle}.home`;
}

function referenceCommand(codex: string, bundle: string): CommandLine {
  // A home of its own: the user's configuration is no part of the contest.
  const home = homeFor(bundle);
  Deno.mkdirSync(home, { recursive: true });
  return {
    program: codex,
    args: ["debug", "trace-reduce", bundle, "-o", referenceState(bundle)],
    env: { HOME: home, CODEX_HOME: home },
  };
}

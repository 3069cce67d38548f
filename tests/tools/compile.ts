/**
 * Builds the program as one file: `deno task compile`, `deno task compile:all`.
 *
 * The flags are here once, so that the test of a compiled program uses these.
 *
 * @module
 */

import { join } from "@std/path";
import { BUNDLED_PROGRAM, DIST } from "../support/paths.ts";
import { RELEASE_TARGETS } from "./packaging/release/artifacts.ts";

/** What is compiled: the program as `deno task build` bundled it. */
export const ENTRY = join(BUNDLED_PROGRAM, "main.js");
/** What its workers start with, which nothing imports. */
const WORKER = join(BUNDLED_PROGRAM, "worker.js");

/**
 * What is baked in: files may be read and written, two variables may be read (a dumb terminal gets plain
 * text, and the root of recordings is a default), nothing else, and nothing is asked. And the
 * program keeps no compiled code in the folder for temporary files: it would start some 10 ms
 * sooner, but run what others on the machine may have put there.
 *
 * New objects get at most 2 MB before garbage is collected: by default the engine takes up to 56 MB
 * more, and is not faster. They are collected by one thread, and the old ones from 48 MB on: a long
 * session takes 5 % less time, and 4 MB less memory. `report` collects garbage itself where it knows that
 * there is much.
 */
export const COMPILE_FLAGS: readonly string[] = [
  "--allow-read",
  "--allow-write",
  "--allow-env=TERM,CODEX_ROLLOUT_TRACE_ROOT",
  "--no-prompt",
  "--no-code-cache",
  "--v8-flags=--max-semi-space-size=2,--no-parallel-scavenge,--initial-heap-size=48,--expose-gc",
];

/** What to build. */
export interface CompileJob {
  /** Module to start with, absolute. */
  entry: string;
  /** File to make. */
  output: string;
  /** Machine to build for; this one unless given. */
  target?: string;
}

/** The arguments of the `deno` that does the job. */
export function compileArgs(job: CompileJob): string[] {
  const target = job.target === undefined ? [] : ["--target", job.target];
  return [
    ...["compile", "--quiet", "--no-check", "--no-config", "--no-lock"],
    ...COMPILE_FLAGS,
    ...target,
    ...(job.entry === ENTRY ? ["--include", WORKER] : []),
    ...["--output", job.output, job.entry],
  ];
}

/** The name of the program for a target. */
export function outputName(target?: string): string {
  const name = target === undefined
    ? "rollout-trace"
    : `rollout-trace-${target}`;
  const windows = target === undefined
    ? Deno.build.os === "windows"
    : target.includes("windows");
  return windows ? `${name}.exe` : name;
}

/** Does the job with the Deno that runs this. */
function build(job: CompileJob): boolean {
  return new Deno.Command(Deno.execPath(), {
    args: compileArgs(job),
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync().success;
}

function main(): number {
  const targets = Deno.args.includes("--all")
    ? RELEASE_TARGETS.map(({ triple }) => triple)
    : [undefined];
  for (const target of targets) {
    const output = join(DIST, outputName(target));
    const job = { entry: ENTRY, output };
    if (!build(target === undefined ? job : { ...job, target })) {
      console.error(`error: ${output} could not be built`);
      return 1;
    }
    console.log(output);
  }
  return 0;
}

if (import.meta.main) Deno.exit(main());

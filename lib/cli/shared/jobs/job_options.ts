/**
 * The flags `--jobs` and `--verbose`.
 *
 * @module
 */

import type { ParsedFlags } from "../../args/parse_args.ts";
import type { CommandIo } from "../../command.ts";
import type { JobOptions } from "./run_job.ts";

/** More threads than these wait for memory and disk, and not for a core. */
const MAX_DEFAULT_JOBS = 8;

/** How the command line wants jobs to be run. */
export function jobOptions(flags: ParsedFlags, io: CommandIo): JobOptions {
  const cores = Math.min(navigator.hardwareConcurrency, MAX_DEFAULT_JOBS);
  return {
    jobs: flags.number("jobs") ?? cores,
    note: (why) => {
      if (flags.on("verbose")) io.stderrLine(`note: ${why}`);
    },
  };
}

/** For work that only the program itself can do. */
export const ONE_THREAD: JobOptions = { jobs: 1, note: () => {} };

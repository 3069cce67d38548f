/**
 * `rollout-trace`, the program: the command line goes in, the exit code comes out.
 *
 * @module
 */

import { processIo } from "./lib/cli/process_io.ts";
import { runProgram } from "./lib/cli/program.ts";

if (import.meta.main) {
  Deno.exit(await runProgram(Deno.args, processIo()));
}

/**
 * `rollout-trace`, the program: the command line goes in, the exit code comes out.
 *
 * It runs what `deno task build` made of `lib/cli/program.ts`: few files, which are found and
 * loaded faster than the hundreds they were made of.
 *
 * @module
 */

// @ts-types="./lib/cli/program.ts"
import { runProgram } from "./lib/built/program.js";

if (import.meta.main) Deno.exit(await runProgram(Deno.args));

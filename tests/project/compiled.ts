/**
 * Compiled programs, for tests and measurements.
 *
 * @module
 */

import { compileArgs, type CompileJob } from "../tools/compile.ts";
import { run } from "../support/processes.ts";

/** A compiled program, or why there is none. */
export type Compiled = { built: true } | { built: false; why: string };

/**
 * Compiles. Only where the base binary cannot be had, and none was given by `DENORT_BIN`, is a
 * failure an answer; every other failure is thrown.
 */
export function compile(job: CompileJob): Compiled {
  const [program, ...before] = compiler();
  // A base binary given by hand reports a closed network, perhaps with certificates of its own.
  const stores = Deno.env.get("DENO_TLS_CA_STORE") ?? "mozilla,system";
  const args = compileArgs(job);
  const env = { DENO_TLS_CA_STORE: stores };
  const { code, stderr } = run(program, [...before, ...args], { env });
  return code === 0 ? { built: true } : notCompiled(args, stderr);
}

function notCompiled(args: readonly string[], stderr: string): Compiled {
  const given = Deno.env.get("DENORT_BIN") !== undefined;
  if (given || !stderr.includes("base binary")) {
    throw new Error(`deno ${args.join(" ")}: ${stderr}`);
  }
  return {
    built: false,
    why: "the base binary of deno compile cannot be downloaded here",
  };
}

/** The Deno that fits a base binary given by hand: it has to be of the same minor version. */
function compiler(): [string, ...string[]] {
  const given = Deno.env.get("DENORT_BIN") !== undefined;
  return given && !Deno.version.deno.startsWith("2.6.")
    ? ["npx", "--yes", "deno@2.6.8"]
    : [Deno.execPath()];
}

/**
 * Runs programs and returns their output.
 *
 * @module
 */

import { MAIN } from "./paths.ts";

/** How a program ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** What a program is given. */
export interface Given {
  /** Working folder; the current one unless given. */
  cwd?: string;
  /** Environment variables beside those of this process. */
  env?: Record<string, string>;
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  given: Given = {},
): Ended {
  const { code, stdout, stderr } = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    env: { NO_COLOR: "1", ...given.env },
    ...(given.cwd === undefined ? {} : { cwd: given.cwd }),
  }).outputSync();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Runs `deno run <permissions> main.ts <args>`, with nothing granted but what is given. */
export function runMain(
  permissions: readonly string[],
  args: readonly string[],
  given: Given = {},
): Ended {
  return run(Deno.execPath(), ["run", ...permissions, MAIN, ...args], given);
}

/** The shortest of several runs, in milliseconds: the one least disturbed by other work. */
export function fastest(runs: number, once: () => void): number {
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    once();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

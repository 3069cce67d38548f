/**
 * `rollout-trace`, the program: the command line goes in, the exit code comes out.
 *
 * It runs what `deno task build` made of `lib/cli/program.ts`: few files, which are found and
 * loaded faster than the hundreds they were made of.
 *
 * @module
 */

if (import.meta.main) {
  // Not a static import: between it and what follows Deno keeps what the engine compiled, for
  // the next start. That is lost when a program ends before it has waited for anything.
  const { runProgram } = await import("./lib/built/program.js");
  Deno.exit(await runProgram(Deno.args));
}

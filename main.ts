/**
 * `rollout-trace`, the program: the command line goes in, the exit code comes out.
 *
 * It runs the sources. `deno task build` bundles them for `deno task compile`, and makes the page
 * that the command `report` needs.
 *
 * @module
 */

if (import.meta.main) {
  // Not a static import: between it and what follows Deno keeps what the engine compiled, for
  // the next start. That is lost when a program ends before it has waited for anything.
  const { runProgram } = await import("./lib/cli/program.ts");
  Deno.exit(await runProgram(Deno.args));
}

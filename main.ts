/**
 * The program `rollout-trace`: runs a command line and ends with its exit code.
 *
 * It runs the sources. `deno task build` bundles them for `deno task compile`, and makes the page
 * for the command `report`.
 *
 * @module
 */

if (import.meta.main) {
  // Not a static import: between it and what follows Deno keeps what the engine compiled, for
  // the next start. That is lost when a program ends before it has waited for anything.
  const { runProgram } = await import("./lib/cli/program.ts");
  Deno.exit(await runProgram(Deno.args));
}

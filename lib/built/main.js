// Made by `deno task build` from lib/cli/program.ts, not written. LICENSES.txt names what it contains of others.
import { runProgram } from "./program.js";
Deno.exit(await runProgram(Deno.args));

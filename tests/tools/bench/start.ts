/**
 * Times the start of the program against that of an empty script: `deno task bench:start`.
 *
 * @module
 */

import { join } from "@std/path";
import { compile } from "../../project/compiled.ts";
import { MAIN, TESTDATA } from "../../support/paths.ts";
import { fastest, run } from "../../support/processes.ts";
import { ENTRY } from "../compile.ts";

const RUNS = 20;
const BUNDLE = join(TESTDATA, "upstream", "0.128.0-hello", "bundle");

function timed(program: string, args: readonly string[]): string {
  const best = fastest(RUNS, () => {
    const { code, stderr } = run(program, args);
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
  });
  return `${best.toFixed(1)} ms`;
}

function main(): void {
  const folder = Deno.makeTempDirSync();
  try {
    const empty = join(folder, "empty.ts");
    Deno.writeTextFileSync(empty, "");
    const out = join(folder, "state.json");
    const reduce = ["reduce", BUNDLE, "-o", out];
    const grants = [`--allow-read=${BUNDLE}`, `--allow-write=${out}`];
    console.log(`fastest of ${RUNS} runs each`);
    console.log(
      `deno run, empty script   ${timed(Deno.execPath(), ["run", empty])}`,
    );
    console.log(
      `deno run, reduce         ${
        timed(Deno.execPath(), ["run", ...grants, MAIN, ...reduce])
      }`,
    );
    for (
      const [name, entry, args] of [
        ["compiled, empty script ", empty, []],
        ["compiled, reduce       ", ENTRY, reduce],
      ] as const
    ) {
      const output = join(folder, "program");
      const result = compile({ entry, output });
      console.log(
        `${name}  ${result.built ? timed(output, args) : result.why}`,
      );
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

if (import.meta.main) main();

/**
 * Writes a generated bundle:
 * `deno run -RW tests/tools/bench/generate.ts OUT --calls 400 --shape delta --out-bytes 4000 …`.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { writeBenchBundle } from "../../support/bundles/long/long_bundle.ts";
import {
  shapeOf,
  SWITCH_FLAGS,
  VALUE_FLAGS,
} from "../../support/bundles/long/shape.ts";

const USAGE = `Usage: bench_generate.ts OUT [options]

  OUT              folder to make
  ${VALUE_FLAGS.map((flag) => `--${flag} N`).join("\n  ")}
  ${SWITCH_FLAGS.map((flag) => `--${flag}`).join("\n  ")}`;

function main(): void {
  const flags = parseArgs(Deno.args, {
    string: VALUE_FLAGS,
    boolean: ["help", ...SWITCH_FLAGS],
    unknown: (arg) => {
      if (arg.startsWith("-")) throw new TypeError(`Cannot take ${arg}`);
    },
  });
  const [out] = flags._;
  if (out === undefined || flags.help === true) {
    console.log(USAGE);
    return;
  }
  console.log(JSON.stringify(writeBenchBundle(String(out), shapeOf(flags))));
}

if (import.meta.main) main();

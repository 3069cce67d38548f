/**
 * The command line of the benchmark.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { asSchema } from "../../support/every_schema.ts";
import { findOracle } from "../../reduce/reference/oracle.ts";
import {
  type BenchShape,
  countOf,
  isShapeName,
  type ShapeName,
  shapeOf,
  SWITCH_FLAGS,
  VALUE_FLAGS,
} from "../../support/bundles/long/shape.ts";

/** What to do. */
export interface Settings {
  /** Lengths of the sessions. */
  readonly calls: readonly number[];
  readonly schema: number;
  readonly shape: Partial<BenchShape>;
  readonly shapeName: ShapeName;
  /** Whether the shape is exactly the one of that name. */
  readonly pureShape: boolean;
  readonly runs: number;
  /** Binary of the reference. */
  readonly codex: string | undefined;
  readonly codexSeconds: number;
  readonly codexMostMb: number;
  /** A compiled program of ours. */
  readonly binary: string | undefined;
  readonly dir: string;
  readonly keep: boolean;
}

const OWN_VALUES = [
  "calls",
  "runs",
  "codex",
  "codex-seconds",
  "codex-most",
  "binary",
  "dir",
];
const OWN_SWITCHES = ["keep", "help"];
const NEUTRAL: ReadonlySet<string> = new Set([
  "shape",
  "schema",
  "seed",
  "calls",
]);
const KNOBS = VALUE_FLAGS.filter((flag) => !NEUTRAL.has(flag));

/** What `--help` shows. */
export const USAGE = `Usage: deno task bench [options]

  --calls 100,400      lengths of the sessions, one bundle each
  --schema N           schema of the bundles
  --shape NAME         default, delta, compact, mutate, threads or mixed
  --runs 5             how often each program runs; the medians are printed
  --codex PATH|npm     the reference reducer: a binary, or the one of npm
  --codex-seconds 60   it is not run again once it took so long
  --codex-most 300     it is not run on bundles of more megabytes
  --binary PATH        a compiled program to time as well
  --dir FOLDER         where bundles are made, and removed again
  --keep               do not remove them

Changes to the shape:
${KNOBS.map((flag) => `  --${flag} N`).join("\n")}
${SWITCH_FLAGS.map((flag) => `  --${flag}`).join("\n")}`;

/** Reads the command line; undefined when it asks for help. */
export async function settingsOf(
  args: readonly string[],
): Promise<Settings | undefined> {
  const flags = parseArgs(args, {
    string: [...OWN_VALUES, ...VALUE_FLAGS],
    boolean: [...OWN_SWITCHES, ...SWITCH_FLAGS],
    unknown: (arg) => {
      throw new TypeError(`Cannot take ${arg}: see --help`);
    },
  });
  if (flags.help === true) return undefined;
  const { calls, ...shapeFlags } = flags;
  const shape = shapeOf(shapeFlags);
  const schema = shape.schema ?? 1;
  const name = textOf(flags.shape, "default");
  const count = (flag: string, otherwise: string) =>
    countOf(flag, flags[flag] ?? otherwise);
  return {
    calls: textOf(calls, "100,400").split(",").map((n) => countOf("calls", n)),
    schema,
    shape,
    shapeName: isShapeName(name) ? name : "default",
    pureShape: ![...KNOBS, ...SWITCH_FLAGS].some((flag) => flags[flag]),
    runs: count("runs", "5"),
    codex: await codexOf(flags.codex, schema),
    codexSeconds: count("codex-seconds", "60"),
    codexMostMb: count("codex-most", "300"),
    binary: typeof flags.binary === "string" ? flags.binary : undefined,
    dir: textOf(flags.dir, "") || Deno.makeTempDirSync({ prefix: "bench-" }),
    keep: flags.keep === true,
  };
}

function textOf(flag: unknown, otherwise: string): string {
  return typeof flag === "string" ? flag : otherwise;
}

async function codexOf(
  flag: unknown,
  schema: number,
): Promise<string | undefined> {
  if (flag === "npm") return await findOracle(asSchema(schema).reference);
  return typeof flag === "string" ? flag : undefined;
}

/**
 * Compares the program with the reference: on recorded cases, and on a session recorded by our
 * own contexts.
 *
 *     deno task conformance path/to/cases --codex 0.169.0 --codex 0.171.0
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import {
  casesBelow,
  type ConformanceCase,
  disagreement,
  eventTypes,
  expectedOutcome,
  type Outcome,
  recordSession,
  reduceByCodex,
  reduceByProgram,
  schemaOf,
  schemaOfRelease,
} from "../reduce/reference/conformance.ts";
import { Oracle, oracleVersion } from "../reduce/reference/oracle.ts";
import { redactBundle } from "../../lib/export/redact/redact_bundle.ts";
import { plantBundle } from "../export/redact/planted_bundle.ts";
import { plantedValues } from "../export/redact/planted_values.ts";
import { TESTDATA } from "../support/paths.ts";
import { eventTypesOf } from "../reduce/reference/coverage.ts";

const USAGE = `Compare the program with the reducer of Codex, byte for byte

Usage: deno task conformance [CASES_DIR] [--codex VERSION]... [--schema N]...

  CASES_DIR         folder of cases: <version>/<scenario>/bundle with expected.state.json or
                    expected.error.txt beside it (default testdata/upstream)
  --codex VERSION   let this release (from npm) reduce the cases of its schema, and a session
                    recorded by our own contexts; may be given several times
  --schema N        compare only the cases of this schema, and let its reference release reduce
                    them as --codex does; may be given several times

The environment variable CODEX_ORACLE_0164 (or 0169, 0171 …) may name the binary of a release.
`;

/** Counts of one version. */
interface Count {
  state: number;
  refused: number;
  better: number;
  noVerdict: number;
  mismatches: number;
}

class Report {
  readonly #counts = new Map<string, Count>();
  #mismatches = 0;

  /** Notes how two outcomes compare. */
  note(group: string, name: string, theirs: Outcome, ours: Outcome): void {
    const count = this.#counts.get(group) ??
      { state: 0, refused: 0, better: 0, noVerdict: 0, mismatches: 0 };
    this.#counts.set(group, count);
    const difference = disagreement(theirs, ours);
    if (difference !== undefined) {
      count.mismatches++;
      this.mismatch(`${group}: ${name}`, difference);
    } else if (theirs.kind === "state") count.state++;
    else if (theirs.kind === "refused" && ours.kind === "state") count.better++;
    else if (theirs.kind === "refused") count.refused++;
    else count.noVerdict++;
  }

  /** Prints a fault and remembers that there was one. */
  mismatch(name: string, text: string): void {
    this.#mismatches++;
    console.log(`MISMATCH ${name}\n${text}\n`);
  }

  /** Prints the table; returns the exit code. */
  finish(): number {
    console.log("same state  both refuse  better  no verdict  mismatch");
    for (const [group, count] of this.#counts) {
      const cells = [
        String(count.state).padStart(10),
        String(count.refused).padStart(12),
        String(count.better).padStart(7),
        String(count.noVerdict).padStart(11),
        String(count.mismatches).padStart(9),
      ];
      console.log(`${cells.join(" ")}  ${group}`);
    }
    return this.#mismatches === 0 ? 0 : 1;
  }
}

function compareCases(
  cases: readonly ConformanceCase[],
  work: string,
  report: Report,
): void {
  for (const each of cases) {
    const expected = expectedOutcome(each);
    if (expected === undefined) {
      report.mismatch(each.name, "neither a state nor an error is expected");
      continue;
    }
    const ours = reduceByProgram(each.bundle, work);
    report.note(`recorded by ${each.version}`, each.name, expected, ours);
  }
}

async function compareWithCodex(
  version: string,
  cases: readonly ConformanceCase[],
  work: string,
  report: Report,
): Promise<void> {
  using oracle = await Oracle.ofVersion(version);
  const schema = schemaOfRelease(version);
  for (const each of cases) {
    if (schemaOf(each.bundle) !== schema) continue;
    const theirs = await reduceByCodex(oracle, each.bundle);
    const ours = reduceByProgram(each.bundle, work);
    report.note(`reduced by ${version}`, each.name, theirs, ours);
  }
  const session = recordSession(join(work, `session-${version}`), schema);
  const recorded = eventTypes(session);
  const missing = eventTypesOf(schema).filter((type) => !recorded.has(type));
  if (missing.length > 0) {
    report.mismatch("own session", `never recorded: ${missing.join(", ")}`);
  }
  const theirs = await reduceByCodex(oracle, session);
  const ours = reduceByProgram(session, work);
  if (theirs.kind !== "state") {
    report.mismatch(
      "own session",
      `${version} does not reduce it: ${theirs.text}`,
    );
  }
  report.note(`own session, reduced by ${version}`, "session", theirs, ours);
  await compareRedacted(oracle, version, work, report);
}

/** Lets a release reduce the redacted copy of a bundle with a value of each kind everywhere. */
async function compareRedacted(
  oracle: Oracle,
  version: string,
  work: string,
  report: Report,
): Promise<void> {
  const schema = schemaOfRelease(version);
  const planted = join(work, `planted-${version}`);
  const copy = join(work, `redacted-${version}`);
  plantBundle(planted, schema, plantedValues(schema));
  const { isWritten } = await redactBundle(planted, copy, { personal: true });
  if (!isWritten) {
    report.mismatch("redacted copy", "the second scan found values");
    return;
  }
  const theirs = await reduceByCodex(oracle, copy);
  const ours = reduceByProgram(copy, work);
  if (theirs.kind !== "state") {
    report.mismatch("redacted copy", `${version} does not reduce it`);
  }
  report.note(`redacted copy, reduced by ${version}`, "copy", theirs, ours);
}

function texts(flag: unknown): string[] {
  return Array.isArray(flag) ? flag.map(String) : [];
}

async function main(args: string[]): Promise<number> {
  const flags = parseArgs(args, {
    string: ["codex", "schema"],
    collect: ["codex", "schema"],
    boolean: ["help"],
  });
  if (flags.help === true) {
    console.log(USAGE);
    return 0;
  }
  const root = flags._[0] ?? join(TESTDATA, "upstream");
  const schemas = texts(flags.schema).map(Number);
  const cases = casesBelow(String(root)).filter((each) =>
    schemas.length === 0 || schemas.includes(Number(schemaOf(each.bundle)))
  );
  if (cases.length === 0) {
    console.error(`Cannot compare: no case below ${root}`);
    return 2;
  }
  const versions = [...texts(flags.codex), ...schemas.map(oracleVersion)];
  const work = Deno.makeTempDirSync({ prefix: "conformance-" });
  const report = new Report();
  try {
    compareCases(cases, work, report);
    for (const version of versions) {
      await compareWithCodex(version, cases, work, report);
    }
  } finally {
    Deno.removeSync(work, { recursive: true });
  }
  return report.finish();
}

if (import.meta.main) Deno.exit(await main(Deno.args));

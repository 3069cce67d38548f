/**
 * Cases of `testdata/`, and what every one of them has to fulfil.
 *
 * @module
 */

import { assertEquals, fail } from "@std/assert";
import { copySync } from "@std/fs";
import { parse as parseJsonc } from "@std/jsonc";
import { join } from "@std/path";
import { diagnosticJson } from "../../lib/cli/commands/reduce/diagnostics_output.ts";
import {
  BundleFormatError,
  type Diagnostic,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../../lib/format/manifest.ts";
import { replayBundle } from "../../lib/replay.ts";
import { PROJECT, TESTDATA } from "./paths.ts";
import { stateBytes } from "./state_text.ts";

/** A bundle and what is expected of it: exactly one of a state and a refusal. */
export interface GoldenCase {
  /** Path below the root that was searched. */
  name: string;
  /** Folder of the bundle. */
  bundle: string;
  /** File with the expected bytes, when the bundle reduces. */
  state: string | undefined;
  /** File with the expected refusal, when it does not. */
  error: string | undefined;
  /** File with what a tolerant replay is expected to report then; recorded cases have none. */
  diagnostics?: string | undefined;
}

/** Cases laid out as `<case>/bundle`, `<case>/expected.state.json` or `expected.error.txt`. */
export function recordedCases(root: string, depth = 1): GoldenCase[] {
  return foldersBelow(root, depth).map((name) => {
    const folder = join(root, name);
    return {
      name,
      bundle: join(folder, "bundle"),
      state: existing(join(folder, "expected.state.json")),
      error: existing(join(folder, "expected.error.txt")),
    };
  });
}

/** Cases laid out as `<case>/manifest.json …`, `<case>/expected/{state.json,error.txt}`. */
export function handMadeCases(root: string): GoldenCase[] {
  return foldersBelow(root, 1).map((name) => {
    const folder = join(root, name);
    return {
      name,
      bundle: folder,
      state: existing(join(folder, "expected", "state.json")),
      error: existing(join(folder, "expected", "error.txt")),
      diagnostics: existing(join(folder, "expected", "diagnostics.jsonl")),
    };
  });
}

/** What is in the way of a case being one: nothing when the list is empty. */
export function layoutFaults(each: GoldenCase): string[] {
  const faults: string[] = [];
  if (existing(join(each.bundle, MANIFEST_FILE)) === undefined) {
    faults.push(`${each.name}: a golden without a bundle`);
  }
  if (each.state === undefined && each.error === undefined) {
    faults.push(`${each.name}: a bundle without a golden`);
  }
  if (each.state !== undefined && each.error !== undefined) {
    faults.push(`${each.name}: two goldens that exclude each other`);
  }
  return faults;
}

/** What a hand-made case is about, in its own words. */
export function aboutOf(each: GoldenCase): string {
  const text = Deno.readTextFileSync(join(each.bundle, "case.jsonc"));
  const value = parseJsonc(text);
  const about = typeof value === "object" && value !== null && "about" in value
    ? value.about
    : undefined;
  return typeof about === "string" ? about.trim() : "";
}

/** The bytes of `state.json` for a bundle. */
export function stateOf(bundle: string): Uint8Array {
  return stateBytes(replayBundle(bundle));
}

/** How the library refuses a bundle; fails where it does not, or not by an error of its own. */
export function refusalOf(bundle: string): string {
  try {
    stateOf(bundle);
  } catch (error) {
    return typed(error);
  }
  fail(`${bundle} was reduced, though a refusal is expected`);
}

/** What a tolerant replay reports about a bundle, as `--diagnostics` writes it. */
export function diagnosticsOf(bundle: string): string {
  let lines = "";
  const onDiagnostic = (result: Diagnostic) =>
    void (lines += `${diagnosticJson(result)}\n`);
  replayBundle(bundle, { tolerant: true, onDiagnostic });
  return lines;
}

/** Compares bytes; where they differ, shows the place and not all of it. */
export function assertSameBytes(
  actual: Uint8Array,
  expected: Uint8Array,
): void {
  const shorter = Math.min(actual.length, expected.length);
  let at = 0;
  while (at < shorter && actual[at] === expected[at]) at++;
  if (at === shorter && actual.length === expected.length) return;
  const around = (bytes: Uint8Array) =>
    new TextDecoder().decode(bytes.subarray(Math.max(0, at - 200), at + 200));
  assertEquals(
    around(actual),
    around(expected),
    `differ at byte ${at} (${actual.length} bytes, ${expected.length} expected)`,
  );
  fail(
    `differ at byte ${at} (${actual.length} bytes, ${expected.length} expected)`,
  );
}

/** Compares a bundle's state, or its refusal, with what is expected. */
export function assertGolden(each: GoldenCase, exactRefusal: boolean): void {
  if (each.state !== undefined) {
    assertSameBytes(stateOf(each.bundle), Deno.readFileSync(each.state));
  } else if (each.error !== undefined) {
    const refusal = refusalOf(each.bundle);
    if (exactRefusal) assertEquals(refusal, Deno.readTextFileSync(each.error));
  }
}

/** Two runs over a bundle end the same. */
export function assertRepeatable(each: GoldenCase): void {
  if (each.state === undefined) {
    assertEquals(refusalOf(each.bundle), refusalOf(each.bundle));
  } else assertSameBytes(stateOf(each.bundle), stateOf(each.bundle));
}

/** Every beginning of the log, cut between lines, reduces or is refused in typed words. */
export function assertPrefixesHold(each: GoldenCase): void {
  const folder = Deno.makeTempDirSync();
  try {
    const bundle = join(folder, "bundle");
    copySync(each.bundle, bundle);
    const log = join(bundle, EVENT_LOG_FILE);
    const lines = Deno.readTextFileSync(log).split(/(?<=\n)/);
    for (let kept = 0; kept < lines.length; kept++) {
      Deno.writeTextFileSync(log, lines.slice(0, kept).join(""));
      try {
        stateOf(bundle);
      } catch (error) {
        typed(error, `with ${kept} of ${lines.length} lines`);
      }
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function typed(error: unknown, when = ""): string {
  if (
    error instanceof BundleFormatError || error instanceof PayloadError ||
    error instanceof ReplayError
  ) return `${error.name}: ${error.message}\n`;
  throw new Error(`an error that is not the library's ${when}`, {
    cause: error,
  });
}

function foldersBelow(root: string, depth: number): string[] {
  if (existing(root) === undefined) return [];
  const names = [...Deno.readDirSync(root)]
    .filter((entry) => entry.isDirectory)
    .map((entry) => entry.name)
    .sort();
  if (depth === 1) return names;
  return names.flatMap((name) =>
    foldersBelow(join(root, name), depth - 1).map((below) => `${name}/${below}`)
  );
}

function existing(path: string): string | undefined {
  try {
    Deno.statSync(path);
    return path;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether tests cover every case there is, as `deno task test:slow` wants; else fewer. */
export const COVERS_ALL_CASES = Deno.env.get("ROLLOUT_TRACE_CASES") === "all";

/** What `Deno.test()` takes. */
type TestArguments =
  | [test: Deno.TestDefinition]
  | [name: string, fn: Deno.TestDefinition["fn"]];

/** Defines a test that takes long: only `deno task test:slow` runs it. */
export function slowTest(...given: TestArguments): void {
  const test = given.length === 1 ? given[0] : { name: given[0], fn: given[1] };
  Deno.test({ ...test, ignore: !COVERS_ALL_CASES || test.ignore === true });
}

/**
 * The folder that `ROLLOUT_TRACE_CORPUS` names, with more recorded cases than ship with the
 * sources, where tests cover every case; else a folder that does not exist.
 */
export const CORPUS =
  (COVERS_ALL_CASES ? Deno.env.get("ROLLOUT_TRACE_CORPUS") : undefined) ??
    join(PROJECT, "no-corpus");

/** Every case, in a fixed order. */
export function everyCase(): GoldenCase[] {
  return [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...handMadeCases(join(TESTDATA, "bundles")),
    ...handMadeCases(join(TESTDATA, "broken")),
    ...recordedCases(CORPUS, 2),
  ];
}

/** Whether tests cover the case at that position: all of them, or one in four. */
export function isInSample(at: number): boolean {
  return COVERS_ALL_CASES || at % 4 === 0;
}

/** Every case where tests cover all of them; else one in four, for what takes long per case. */
export function someCases(): GoldenCase[] {
  return everyCase().filter((_, at) => isInSample(at));
}

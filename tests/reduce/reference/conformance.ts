/**
 * What the program makes of a case, beside what is expected of it or what a real Codex makes
 * of it.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { basename, dirname, join, relative } from "@std/path";
import { betterThan } from "./known_improvements.ts";
import { playSession } from "../../support/bundles/host/scripted_host.ts";
import type { Oracle } from "./oracle.ts";
import { runMain } from "../../support/processes.ts";

/** A bundle with the outcome of the reference beside it, if that is known. */
export interface ConformanceCase {
  /** Path below the folder of cases. */
  name: string;
  /** Release that recorded it, according to the folder. */
  version: string;
  /** Folder of the bundle. */
  bundle: string;
  /** Folder with `expected.state.json` or `expected.error.txt`. */
  folder: string;
}

/** Every case below a folder, however deep. */
export function casesBelow(root: string): ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  for (const entry of walkSync(root, { includeFiles: false, maxDepth: 4 })) {
    if (entry.name !== "bundle") continue;
    const folder = dirname(entry.path);
    const name = relative(root, folder);
    const version = /\d+\.\d+\.\d+/.exec(name)?.[0] ?? basename(root);
    cases.push({ name, version, bundle: entry.path, folder });
  }
  return cases.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Schema that a bundle's manifest names. */
export function schemaOf(bundle: string): unknown {
  const text = Deno.readTextFileSync(join(bundle, "manifest.json"));
  const manifest: unknown = JSON.parse(text);
  return typeof manifest === "object" && manifest !== null &&
      "schema_version" in manifest
    ? manifest.schema_version
    : undefined;
}

/** Schema that a release of Codex writes and reads. */
export function schemaOfRelease(version: string): number {
  const minor = Number(version.split(".")[1]);
  if (minor >= 170) return 3;
  return minor >= 165 ? 2 : 1;
}

/** What a bundle results in: bytes of a state, or a refusal. */
export type Outcome =
  | { kind: "state"; bytes: Uint8Array }
  | { kind: "refused"; text: string }
  | { kind: "no verdict"; text: string };

/** What the case expects. A panic of the reference is no verdict. */
export function expectedOutcome(each: ConformanceCase): Outcome | undefined {
  const state = readIfThere(join(each.folder, "expected.state.json"));
  if (state !== undefined) return { kind: "state", bytes: state };
  const error = readIfThere(join(each.folder, "expected.error.txt"));
  if (error === undefined) return undefined;
  const text = new TextDecoder().decode(error).trim();
  return {
    kind: text.includes("panicked at") ? "no verdict" : "refused",
    text,
  };
}

/** Reduces through the program, under the permissions it asks for and no others. */
export function reduceByProgram(bundle: string, work: string): Outcome {
  const out = join(work, "ours.state.json");
  removeIfThere(out);
  const ended = runMain(
    ["--no-prompt", "--allow-read", `--allow-write=${work}`],
    ["reduce", bundle, "-o", out],
  );
  const bytes = readIfThere(out);
  if (ended.code === 0 && bytes !== undefined) return { kind: "state", bytes };
  const text = ended.stderr.trim();
  if (ended.code === 4 && bytes === undefined && !/^\s+at /m.test(text)) {
    return { kind: "refused", text };
  }
  throw new Error(`Cannot use the program: exit ${ended.code}, ${text}`);
}

/** Reduces through a real Codex. */
export async function reduceByCodex(
  oracle: Oracle,
  bundle: string,
): Promise<Outcome> {
  const outcome = await oracle.reduce(bundle);
  switch (outcome.kind) {
    case "state":
      return outcome;
    case "error":
      return { kind: "refused", text: outcome.text };
    case "crash":
      return { kind: "no verdict", text: outcome.text };
    case "timeout":
      return { kind: "no verdict", text: "it took too long" };
  }
}

/** In what two outcomes differ; undefined where they agree. */
export function disagreement(
  theirs: Outcome,
  ours: Outcome,
): string | undefined {
  if (theirs.kind === "no verdict" || ours.kind === "no verdict") {
    return undefined;
  }
  if (theirs.kind === "state" && ours.kind === "state") {
    return firstDifference(theirs.bytes, ours.bytes);
  }
  if (theirs.kind === ours.kind || betterThan(textOf(theirs)) !== undefined) {
    return undefined;
  }
  const result = (o: Outcome) => o.kind === "state" ? "a state" : o.text;
  return `expected ${result(theirs)}, got ${result(ours)}`;
}

function textOf(outcome: Outcome): string {
  return outcome.kind === "state" ? "" : outcome.text;
}

function firstDifference(a: Uint8Array, b: Uint8Array): string | undefined {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  if (at < 0 && a.length === b.length) return undefined;
  const from = at < 0 ? a.length : at;
  const line = new TextDecoder().decode(a.subarray(0, from)).split("\n").length;
  const around = (bytes: Uint8Array) =>
    new TextDecoder().decode(bytes.subarray(Math.max(0, from - 80), from + 80));
  return `line ${line}\n--- expected\n${around(a)}\n--- got\n${around(b)}`;
}

/** Records a session that uses every context method; returns the folder of the bundle. */
export function recordSession(root: string, schema: number): string {
  Deno.mkdirSync(root);
  playSession(root, schema);
  const [bundle] = [...Deno.readDirSync(root)];
  if (bundle === undefined) {
    throw new Error("Cannot record: no bundle appeared");
  }
  return join(root, bundle.name);
}

/** Types of the events in a bundle's log. */
export function eventTypes(bundle: string): Set<string> {
  const types = new Set<string>();
  const log = Deno.readTextFileSync(join(bundle, "trace.jsonl"));
  for (const line of log.trimEnd().split("\n")) {
    const type = /"payload":\{"type":"([a-z_]+)"/.exec(line)?.[1];
    if (type !== undefined) types.add(type);
  }
  return types;
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function removeIfThere(file: string): void {
  try {
    Deno.removeSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

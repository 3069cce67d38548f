/**
 * Our reducer beside the reference, on one bundle.
 *
 * @module
 */

import {
  BundleFormatError,
  PayloadError,
  ReplayError,
} from "../../../lib/errors.ts";
import { replayBundle } from "../../../lib/replay.ts";
import type { OracleOutcome } from "./oracle.ts";
import { betterThan } from "./known_improvements.ts";
import { stateBytes } from "../../support/state_text.ts";
import { errorTemplate } from "./coverage.ts";
import { brokenInvariants } from "./invariants.ts";

/** What our reducer made of a bundle. */
export type OurOutcome =
  | { kind: "state"; bytes: Uint8Array }
  | { kind: "refused"; name: string; code: string; text: string }
  | { kind: "crash"; text: string };

/** Reduces with our library; an error without a type of its own counts as a crash. */
export function reduceOurs(dir: string, sharePrefixes = true): OurOutcome {
  try {
    return {
      kind: "state",
      bytes: stateBytes(replayBundle(dir, { sharePrefixes })),
    };
  } catch (error) {
    if (
      error instanceof BundleFormatError || error instanceof ReplayError ||
      error instanceof PayloadError
    ) {
      const code = error instanceof BundleFormatError ? "format" : error.code;
      return { kind: "refused", name: error.name, code, text: error.message };
    }
    const text = error instanceof Error ? error.stack ?? error.message : "";
    return { kind: "crash", text };
  }
}

/** A difference: a class that stays the same while the bundle shrinks, and the details. */
export interface Difference {
  /** Class of the difference. */
  class: string;
  /** What a person wants to read. */
  detail: string;
}

/** True when two outcomes are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * Compares. A crash or a time-out of the reference is no verdict: there we must only not crash
 * ourselves.
 */
export function compare(
  oracle: OracleOutcome,
  ours: OurOutcome,
): Difference | undefined {
  if (ours.kind === "crash") {
    const [first = ""] = ours.text.split("\n");
    return { class: `we crash: ${errorTemplate(first)}`, detail: ours.text };
  }
  if (oracle.kind === "crash" || oracle.kind === "timeout") return undefined;
  if (oracle.kind === "error") {
    if (ours.kind === "refused") return undefined;
    if (betterThan(oracle.text) !== undefined) return unsound(ours);
    const why = errorTemplate(oracle.text);
    return { class: `only the reference refuses: ${why}`, detail: oracle.text };
  }
  if (ours.kind === "refused") {
    const why = errorTemplate(`${ours.code}: ${ours.text}`);
    return { class: `only we refuse: ${why}`, detail: ours.text };
  }
  if (sameBytes(oracle.bytes, ours.bytes)) return undefined;
  return firstDifference(oracle.bytes, ours.bytes);
}

/** What is wrong with a state that the reference cannot vouch for. */
function unsound(ours: OurOutcome): Difference | undefined {
  if (ours.kind !== "state") return undefined;
  const faults = brokenInvariants(new TextDecoder().decode(ours.bytes));
  const [first] = faults;
  if (first === undefined) return undefined;
  return {
    class: `broken invariant: ${errorTemplate(first)}`,
    detail: faults.join("\n"),
  };
}

/** Compares what we make of a bundle with shared prefixes and without. */
export function compareSharing(
  shared: OurOutcome,
  plain: OurOutcome,
): Difference | undefined {
  if (shared.kind === "state" && plain.kind === "state") {
    if (sameBytes(shared.bytes, plain.bytes)) return undefined;
    const { detail } = firstDifference(plain.bytes, shared.bytes);
    return { class: "sharing changes the state", detail };
  }
  if (shared.kind === plain.kind) return undefined;
  const result = [shared, plain].map((o) => "text" in o ? o.text : o.kind);
  return { class: "sharing changes the verdict", detail: result.join("\n") };
}

function firstDifference(theirs: Uint8Array, ours: Uint8Array): Difference {
  const decoder = new TextDecoder();
  const [a, b] = [theirs, ours].map((x) => decoder.decode(x).split("\n"));
  if (a === undefined || b === undefined) throw new Error("two texts expected");
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  const before = a.slice(Math.max(0, line - 6), line);
  const mark = (sign: string, lines: string[]) =>
    lines.slice(line, line + 4).map((text) => `${sign} ${text}`);
  const path = placeOf(a, line);
  return {
    class: `other bytes at ${path}`,
    detail: [
      `line ${line + 1}, ${path}`,
      ...before.map((text) => `  ${text}`),
      ...mark("-", a),
      ...mark("+", b),
    ].join("\n"),
  };
}

/** Keys on the way to a line of pretty JSON, ids of records left out. */
function placeOf(lines: readonly string[], line: number): string {
  const keys: string[] = [];
  let indent = Infinity;
  for (let i = Math.min(line, lines.length - 1); i >= 0; i--) {
    const match = /^( *)(?:"([^"]*)":)?/.exec(lines[i] ?? "");
    const depth = match?.[1]?.length ?? 0;
    if (depth >= indent) continue;
    indent = depth;
    const key = match?.[2];
    if (key !== undefined && depth !== 4) keys.unshift(key);
  }
  return keys.join(".");
}

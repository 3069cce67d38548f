/**
 * What holds for every bundle, however damaged.
 *
 * @module
 */

import { join } from "@std/path";
import { EVENT_LOG_FILE } from "../../../lib/format/manifest.ts";
import { errorTemplate } from "../../reduce/reference/coverage.ts";
import {
  firstDifference,
  isTyped,
  type Outcome,
  outcomeText,
  replayed,
} from "./outcome.ts";
import { unsoundness } from "./soundness.ts";

/** A property that did not hold. */
export interface Fault {
  /** The kind of a fault; equal for bundles that fail in the same way. */
  readonly kind: string;
  /** What a person wants to read. */
  readonly detail: string;
}

/** No bundle of these sizes may take longer. */
export const HANG_MS = 5000;

/** The outcomes of one bundle, in the four ways of replaying. */
export interface Outcomes {
  readonly strict: Outcome;
  readonly tolerant: Outcome;
  readonly faults: readonly Fault[];
  /** The longest replay. */
  readonly ms: number;
}

/** Replays the bundle in `dir` in every way and returns the properties that do not hold. */
export function examine(dir: string): Outcomes {
  const found = examineBriefly(dir);
  const strict = replayed(dir, { sharePrefixes: false });
  const tolerant = replayed(dir, { tolerant: true, sharePrefixes: false });
  const faults = [
    ...found.faults,
    ...[strict, tolerant].flatMap(crashes),
    ...differs("strictly, sharing changes all", found.strict, strict),
    ...differs("tolerantly, sharing changes all", found.tolerant, tolerant),
    ...lossesDiffer(found.tolerant, tolerant),
  ];
  return { ...found, faults, ms: Math.max(found.ms, strict.ms, tolerant.ms) };
}

/** The same as far as it goes without turning off the sharing of prefixes. */
export function examineBriefly(dir: string): Outcomes {
  const strict = replayed(dir);
  const tolerant = replayed(dir, { tolerant: true });
  const faults = [strict, tolerant].flatMap(crashes);
  faults.push(...tolerance(strict, tolerant));
  // Where both are states they are the same one, or a fault is reported already.
  faults.push(...soundness(tolerant, isOrdered(dir)));
  return { strict, tolerant, faults, ms: Math.max(strict.ms, tolerant.ms) };
}

function crashes(outcome: Outcome): Fault[] {
  if (outcome.ms > HANG_MS) {
    return [{ kind: "hangs", detail: `${Math.round(outcome.ms)} ms` }];
  }
  if (outcome.kind !== "crash") return [];
  const [first = ""] = outcome.words.split("\n");
  const kind = `crashes: ${errorTemplate(first)}`;
  return [{ kind, detail: outcome.words }];
}

function differs(kind: string, a: Outcome, b: Outcome): Fault[] {
  const [one, other] = [outcomeText(a), outcomeText(b)];
  if (a.kind === b.kind && one === other) return [];
  return [{ kind, detail: firstDifference(one, other) }];
}

function lossesDiffer(a: Outcome, b: Outcome): Fault[] {
  if (a.kind !== "state" || b.kind !== "state") return [];
  const [one, other] = [a, b].map((each) => diagnosticsOf(each).join("\n"));
  if (one === undefined || other === undefined || one === other) return [];
  const kind = "tolerantly, sharing changes the diagnostics";
  return [{ kind, detail: firstDifference(one, other) }];
}

function diagnosticsOf(outcome: Outcome & { kind: "state" }): string[] {
  return outcome.diagnostics.map((d) =>
    `${d.severity} ${d.code} ${d.file}:${d.line} ${d.seq} ${d.event_type} ${d.message}`
  );
}

/** What tolerance owes: a state wherever there is a manifest, and the strict one if there is. */
function tolerance(strict: Outcome, tolerant: Outcome): Fault[] {
  if (tolerant.kind === "crash" || strict.kind === "crash") return [];
  if (tolerant.kind === "refused") {
    if (tolerant.file === "manifest.json") return [];
    return [{ kind: "tolerantly refused", detail: tolerant.words }];
  }
  const losses = tolerant.diagnostics.filter((d) => d.severity === "loss");
  if (strict.kind === "refused") {
    if (losses.length > 0) return [];
    return [{ kind: "a loss is not reported", detail: strict.words }];
  }
  const [first] = losses;
  if (first !== undefined) {
    return [{ kind: "a loss without need", detail: first.message }];
  }
  return differs("tolerance changes the state", strict, tolerant);
}

/** Whether the sequence numbers in the log of the bundle ascend. */
function isOrdered(dir: string): boolean {
  const bytes = Deno.readFileSync(join(dir, EVENT_LOG_FILE));
  let last = -1;
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (line.trim() === "") continue;
    // A line whose number this does not find may be an event all the same.
    const seq = Number(/"seq": ?(\d+)/.exec(line)?.[1] ?? -1);
    if (seq <= last) return false;
    last = seq;
  }
  return true;
}

function soundness(outcome: Outcome, ordered: boolean): Fault[] {
  if (outcome.kind !== "state") return [];
  try {
    return unsoundness(outcome.text, ordered).map((detail) => ({
      kind: `unsound: ${errorTemplate(detail)}`,
      detail,
    }));
  } catch (error) {
    if (isTyped(error)) throw error;
    return [{
      kind: "unsound: the state cannot be read",
      detail: String(error),
    }];
  }
}

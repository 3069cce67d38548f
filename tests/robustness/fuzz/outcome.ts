/**
 * What becomes of a bundle, in whichever way it is replayed.
 *
 * @module
 */

import type { Diagnostic } from "../../../lib/errors.ts";
import * as errors from "../../../lib/errors.ts";
import { replayBundle, type ReplayOptions } from "../../../lib/replay.ts";
import { stateText } from "../../support/state_text.ts";
import { startWork } from "../../support/work_cost.ts";

/** How a replay ended. */
export type Outcome =
  | { kind: "state"; text: string; diagnostics: Diagnostic[]; ms: number }
  | { kind: "refused"; words: string; file: string | undefined; ms: number }
  | { kind: "crash"; words: string; ms: number };

/** Every class of error that the library documents. */
const OURS = Object.values(errors).filter((value) =>
  typeof value === "function" && value.prototype instanceof Error
);

/** True for an error that the library documents. */
export function isTyped(error: unknown): error is Error {
  return error instanceof Error &&
    OURS.some((known) => error.constructor === known);
}

/** Replays the bundle in `dir`. */
export function replayed(dir: string, options: ReplayOptions = {}): Outcome {
  const diagnostics: Diagnostic[] = [];
  const worked = startWork();
  try {
    const onDiagnostic = (d: Diagnostic) => void diagnostics.push(d);
    const text = stateText(replayBundle(dir, { onDiagnostic, ...options }));
    const ms = worked();
    return { kind: "state", text, diagnostics, ms };
  } catch (error) {
    const ms = worked();
    if (!isTyped(error)) return { kind: "crash", words: wordsOf(error), ms };
    const words = `${error.name}: ${error.message}`;
    const file = error instanceof errors.BundleFormatError
      ? error.file
      : undefined;
    return { kind: "refused", words, file, ms };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

/** What an outcome results in, in a text that two outcomes can be compared by. */
export function outcomeText(outcome: Outcome): string {
  return outcome.kind === "state" ? outcome.text : outcome.words;
}

/** Where two texts part, with a little of what is around it. */
export function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 120), at + 120);
  return `at ${at}: …${around(a)}… is not …${around(b)}…`;
}

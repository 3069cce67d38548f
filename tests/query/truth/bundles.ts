/**
 * The bundles that answers are compared with the facts of.
 *
 * @module
 */

import { join } from "@std/path";
import { CORPUS, handMadeCases, recordedCases } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { RawSession } from "./raw_session.ts";

/** A bundle that Codex recorded, with its log. */
export interface TruthCase {
  readonly name: string;
  readonly bundle: string;
  readonly raw: RawSession;
}

/** Every recorded bundle; without those in which one id is used by several objects. */
export function truthCases(): TruthCase[] {
  return [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...handMadeCases(join(TESTDATA, "bundles")),
    ...recordedCases(CORPUS, 2),
  ].map(({ name, bundle }) => ({ name, bundle, raw: new RawSession(bundle) }))
    .filter(({ raw }) => raw.reused.size === 0);
}

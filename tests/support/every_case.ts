/**
 * Every bundle at hand: those that ship with the sources, and those of a corpus.
 *
 * @module
 */

import { join } from "@std/path";
import { CORPUS } from "./corpus.ts";
import { type GoldenCase, handMadeCases, recordedCases } from "./golden.ts";
import { TESTDATA } from "./paths.ts";

/** Every case, in a fixed order. */
export function everyCase(): GoldenCase[] {
  return [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...handMadeCases(join(TESTDATA, "bundles")),
    ...handMadeCases(join(TESTDATA, "broken")),
    ...recordedCases(CORPUS, 2),
  ];
}

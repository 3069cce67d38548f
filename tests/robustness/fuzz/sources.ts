/**
 * Bundles to damage: recorded ones, and generated sessions.
 *
 * @module
 */

import { join } from "@std/path";
import { CORPUS, handMadeCases, recordedCases } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { bundleFiles } from "../../support/bundles/random/bundle.ts";
import {
  mutatedBundle,
  randomBundle,
  readBundle,
} from "../../support/bundles/random/mod.ts";
import { Prng } from "../../support/bundles/random/prng.ts";
import { damaged } from "./damage.ts";
import { type BundleFiles, readFiles } from "./files.ts";

/** A recorded bundle. */
export interface Source {
  readonly name: string;
  readonly dir: string;
  readonly files: BundleFiles;
}

/** The bundles of the corpus, or those of testdata where there is no corpus. */
export function recordedSources(): Source[] {
  const corpus = recordedCases(CORPUS, 2);
  const cases = corpus.length > 0 ? corpus : [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...handMadeCases(join(TESTDATA, "bundles")),
  ];
  return cases.map(({ name, bundle }) => ({
    name,
    dir: bundle,
    files: readFiles(bundle),
  }));
}

/** The damaged bundle of a seed: the bytes, the session, or both have been tampered with. */
export function fuzzedBundle(
  seed: number,
  sources: readonly Source[],
): BundleFiles {
  const p = new Prng(seed ^ 0xf022);
  const source = p.pick(sources);
  const origin = p.weighted<() => BundleFiles>([
    [6, () => source.files],
    [2, () => bundleFiles(mutatedBundle(seed, readBundle(source.dir)))],
    [2, () => bundleFiles(randomBundle(seed, p.pick([1, 2, 3])))],
  ])();
  const times = p.weighted([[1, 0], [6, 1], [4, 2], [2, 4], [1, 12]]);
  return damaged(p, origin, times);
}

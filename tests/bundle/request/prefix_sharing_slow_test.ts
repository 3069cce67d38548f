/**
 * Prefix sharing is an acceleration and nothing else: with it and without, a bundle ends the same.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join } from "@std/path";
import {
  BundleFormatError,
  PayloadError,
  ReplayError,
} from "../../../lib/errors.ts";
import type { RolloutTrace } from "../../../lib/graph/rollout_trace.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import {
  type BenchShape,
  writeBenchBundle,
} from "../../support/bundles/long/long_bundle.ts";
import { inFolder } from "../../support/cli.ts";
import { CORPUS, handMadeCases, recordedCases } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { randomBundle, writeBundle } from "../../support/bundles/random/mod.ts";
import { stateText } from "../../support/state_text.ts";

const SEEDS = 2;
const RANDOM_BUNDLES = 150;

/** What becomes of a bundle: its state, or the words of the refusal. */
function outcome(reduce: () => RolloutTrace): string {
  try {
    return stateText(reduce());
  } catch (error) {
    const ours = error instanceof BundleFormatError ||
      error instanceof PayloadError || error instanceof ReplayError;
    if (ours) return `${error.name}: ${error.message}`;
    throw error;
  }
}

function assertSharingIsExact(bundle: string, what: string): string {
  const plain = outcome(() => replayBundle(bundle, { sharePrefixes: false }));
  const shared = outcome(() => replayBundle(bundle));
  // Not assertEquals: the texts are long, and a diff of them takes minutes.
  assert(shared === plain, `${what}: ${firstDifference(shared, plain)}`);
  return shared;
}

function firstDifference(shared: string, plain: string): string {
  let at = 0;
  while (at < shared.length && shared[at] === plain[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 80), at + 80);
  return `at ${at}, shared …${around(shared)}… plain …${around(plain)}…`;
}

Deno.test("replayBundle() ends the same without sharing on every case of testdata", () => {
  const cases = [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...handMadeCases(join(TESTDATA, "bundles")),
    ...handMadeCases(join(TESTDATA, "broken")),
  ];
  assert(cases.length > 0);
  for (const each of cases) assertSharingIsExact(each.bundle, each.name);
});

const corpus = recordedCases(CORPUS, 2);
Deno.test({
  name: corpus.length > 0
    ? "replayBundle() ends the same without sharing on every case of the corpus"
    : "replayBundle() ends the same without sharing on every case of the corpus (skipped: ROLLOUT_TRACE_CORPUS names no folder)",
  ignore: corpus.length === 0,
  fn: () => {
    for (const each of corpus) assertSharingIsExact(each.bundle, each.name);
  },
});

const SMALL = {
  calls: 30,
  turn: 7,
  promptBytes: 600,
  toolsBytes: 600,
  outBytes: 200,
  unicode: 60,
} as const satisfies Partial<BenchShape>;

const SHAPES: readonly (readonly [name: string, Partial<BenchShape>])[] = [
  ["a plain session", {}],
  ["a history changed in the middle", { mutate: 4, tools: 2 }],
  ["a history changed before every request", { mutate: 1 }],
  ["compactions", { compact: 5 }],
  ["several threads", { threads: 4, tools: 2 }],
  ["images in messages", { images: 1, turn: 3 }],
  ["images in outputs", { outputImages: 3, tools: 2 }],
  ["incremental requests", { delta: true }],
  ["incremental requests and compactions", { delta: true, compact: 4 }],
  ["threads that begin with their parent's history", {
    fork: true,
    threads: 3,
    tools: 2,
  }],
  ["code cells", { cells: 2, tools: 2 }],
  ["agents that write to each other", { agents: 3, threads: 4 }],
  ["repeated messages", { reuse: 2, turn: 2 }],
  ["items with notes of the recorder", { passthrough: true, compact: 9 }],
];

const MIXED: Partial<BenchShape> = {
  calls: 50,
  threads: 3,
  tools: 2,
  turn: 5,
  compact: 11,
  mutate: 6,
  reuse: 4,
  code: 5,
  cells: 4,
  images: 2,
  outputImages: 7,
  agents: 4,
  fork: true,
  passthrough: true,
};

function checkGenerated(name: string, knobs: Partial<BenchShape>): void {
  inFolder((folder) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const bundle = join(folder, `bundle-${seed}`);
      writeBenchBundle(bundle, { ...SMALL, seed, ...knobs });
      const state = assertSharingIsExact(bundle, `${name}, seed ${seed}`);
      assert(state.startsWith("{"), `${name}, seed ${seed}: ${state}`);
    }
  });
}

for (const { version: schema } of SCHEMAS) {
  for (const [name, knobs] of SHAPES) {
    Deno.test(`replayBundle() ends the same without sharing: ${name} (schema ${schema})`, () => {
      checkGenerated(name, { schema, ...knobs });
    });
  }

  Deno.test(`replayBundle() ends the same without sharing: all at once (schema ${schema})`, () => {
    checkGenerated("all at once", { schema, ...MIXED });
    checkGenerated("all at once", { schema, ...MIXED, delta: true });
  });

  Deno.test(`replayBundle() ends the same without sharing on random bundles (schema ${schema})`, () => {
    inFolder((folder) => {
      const bundle = join(folder, "bundle");
      let reduced = 0;
      for (let seed = 0; seed < RANDOM_BUNDLES; seed++) {
        writeBundle(randomBundle(seed, schema), bundle);
        const state = assertSharingIsExact(bundle, `seed ${seed}`);
        if (state.startsWith("{")) reduced++;
      }
      assert(reduced > RANDOM_BUNDLES / 3, `only ${reduced} were reduced`);
    });
  });
}

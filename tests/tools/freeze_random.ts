/**
 * Chooses the random bundles that testdata/random keeps: few and small, and between them as
 * many rules as thousands of seeds reach.
 *
 *     deno run -A tests/tools/freeze_random.ts 3 4000
 *
 * @module
 */

import { join } from "@std/path";
import { betterThan } from "../reduce/reference/known_improvements.ts";
import { Oracle, oracleVersion } from "../reduce/reference/oracle.ts";
import { TESTDATA } from "../support/paths.ts";
import {
  bundleFiles,
  type RandomBundle,
} from "../support/bundles/random/bundle.ts";
import {
  bundleFeatures,
  errorTemplate,
  stateFeatures,
} from "../reduce/reference/coverage.ts";
import {
  randomBundle,
  type Schema,
  writeBundle,
} from "../support/bundles/random/mod.ts";
import { Shrinker } from "../reduce/reference/shrink.ts";

const STATES = 42;
const REFUSALS = 14;
const MAX_BYTES = 16_000;

/** A bundle that may be kept. */
interface Candidate {
  seed: number;
  size: number;
  features: Set<string>;
}

function sizeOf(bundle: RandomBundle): number {
  let size = 0;
  for (const bytes of bundleFiles(bundle).values()) size += bytes.length;
  return size;
}

/** Takes again and again the candidate that adds most for its size. */
function choose(candidates: Candidate[], count: number): Candidate[] {
  const covered = new Set<string>();
  const chosen: Candidate[] = [];
  while (chosen.length < count && candidates.length > 0) {
    const gain = (c: Candidate) => c.features.difference(covered).size;
    const worth = (c: Candidate) => (gain(c) + 0.01) / c.size ** 0.8;
    const best = candidates.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    candidates.splice(candidates.indexOf(best), 1);
    chosen.push(best);
    for (const feature of best.features) covered.add(feature);
  }
  return chosen;
}

async function freeze(schema: Schema, count: number): Promise<void> {
  using oracle = await Oracle.ofVersion(oracleVersion(schema));
  const work = Deno.makeTempDirSync();
  const candidates: Candidate[] = [];
  const refusals = new Map<string, number>();
  for (let seed = 1; seed <= count; seed++) {
    const bundle = randomBundle(seed, schema);
    const size = sizeOf(bundle);
    writeBundle(bundle, work);
    const outcome = await oracle.reduce(work);
    if (outcome.kind === "error") {
      const template = errorTemplate(outcome.text);
      const known = refusals.has(template) ||
        betterThan(outcome.text) !== undefined;
      if (!known) refusals.set(template, seed);
    } else if (outcome.kind === "state") {
      const total = size + outcome.bytes.length;
      if (total > MAX_BYTES) continue;
      const features = stateFeatures(new TextDecoder().decode(outcome.bytes))
        .union(bundleFeatures(bundle));
      candidates.push({ seed, size: total, features });
    }
  }
  const root = join(TESTDATA, "random", `${schema}`);
  for (const { seed } of choose(candidates, STATES)) {
    await keep(oracle, join(root, `${seed}`), randomBundle(seed, schema));
  }
  const step = Math.max(1, Math.floor(refusals.size / REFUSALS));
  const sorted = [...refusals].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [at, [template, seed]] of sorted.entries()) {
    if (at % step !== 0) continue;
    const shrinker = new Shrinker(async (candidate) => {
      writeBundle(candidate, work);
      const outcome = await oracle.reduce(work);
      return outcome.kind === "error" &&
        errorTemplate(outcome.text) === template;
    }, 250);
    const small = await shrinker.shrink(randomBundle(seed, schema));
    await keep(oracle, join(root, `${seed}-refused`), small);
  }
  Deno.removeSync(work, { recursive: true });
}

async function keep(
  oracle: Oracle,
  folder: string,
  bundle: RandomBundle,
): Promise<void> {
  writeBundle(bundle, join(folder, "bundle"));
  const outcome = await oracle.reduce(join(folder, "bundle"));
  if (outcome.kind === "state") {
    const file = join(folder, "expected.state.json");
    Deno.writeFileSync(file, outcome.bytes);
  } else if (outcome.kind === "error") {
    // Paths of the machine that made it mean nothing to others.
    const text = outcome.text.replaceAll(folder, "").replace(
      /read \/?bundle\//,
      "read ",
    );
    Deno.writeTextFileSync(join(folder, "expected.error.txt"), `${text}\n`);
  }
}

if (import.meta.main) {
  const [schema, count] = Deno.args;
  await freeze(Number(schema ?? 3), Number(count ?? 2000));
}

/**
 * Compares our reducer with the reference on random bundles.
 *
 *     deno task differential --schema 1 --count 1000 --seed 1
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import {
  Oracle,
  type OracleOutcome,
  oracleVersion,
} from "../reduce/reference/oracle.ts";
import {
  compare,
  compareSharing,
  type Difference,
  type OurOutcome,
  reduceOurs,
} from "../reduce/reference/compare.ts";
import {
  bundleFeatures,
  Coverage,
  errorTemplate,
  expectedFeatures,
  stateFeatures,
} from "../reduce/reference/coverage.ts";
import { type Json, Obj } from "../support/bundles/random/items/json_text.ts";
import {
  mutatedBundle,
  type RandomBundle,
  randomBundle,
  readBundle,
  type Schema,
  writeBundle,
} from "../support/bundles/random/mod.ts";
import { Shrinker } from "../reduce/reference/shrink.ts";

const USAGE = `Compare our reducer with that of Codex on random bundles

Usage: deno task differential [OPTIONS]

  --schema N        schema of the bundles: 1, 2 or 3 (default 3)
  --count N         how many bundles (default 200)
  --seed S          seed of the first one; the next ones follow (default: the clock)
  --keep DIR        where differing bundles go, made small (default dist/differences)
  --from DIR        perturb the bundles found below DIR instead of making new ones
  --plain           valid sessions alone: nothing perturbed, no unusual files
  --coverage        print how often each rule was reached
  --no-shrink       keep differing bundles as they are
`;

interface Options {
  schema: Schema;
  count: number;
  seed: number;
  keep: string;
  from: string | undefined;
  plain: boolean;
  coverage: boolean;
  shrink: boolean;
}

function options(args: string[]): Options | undefined {
  const flags = parseArgs(args, {
    string: ["schema", "count", "seed", "keep", "from"],
    boolean: ["plain", "coverage", "no-shrink", "help"],
  });
  if (flags.help === true) return undefined;
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    schema: Number(text("schema") ?? 3),
    count: Number(text("count") ?? 200),
    seed: Number(text("seed") ?? Date.now() % 1_000_000_000),
    keep: text("keep") ?? join("dist", "differences"),
    from: text("from"),
    plain: flags.plain === true,
    coverage: flags.coverage === true,
    shrink: flags["no-shrink"] !== true,
  };
}

/** Every bundle folder below `dir` whose manifest has the schema. */
function recordedBundles(dir: string, schema: Schema): RandomBundle[] {
  const found: RandomBundle[] = [];
  for (const entry of Deno.readDirSync(dir)) {
    if (!entry.isDirectory) continue;
    const path = join(dir, entry.name);
    const isBundle = [...Deno.readDirSync(path)].some((e) =>
      e.name === "manifest.json"
    );
    if (!isBundle) found.push(...recordedBundles(path, schema));
    else {
      const bundle = readBundle(path);
      if (bundle.schema === schema) found.push(bundle);
    }
  }
  return found;
}

function manifestSchema({ manifest }: RandomBundle): Json | undefined {
  return manifest instanceof Obj ? manifest.get("schema_version") : undefined;
}

/** Groups of features, in the order in which they are printed. */
const PREFIXES: readonly string[] = [
  ..."event item edge derived payload marker state".split(" "),
].map((group) => `${group} `);

interface Tally {
  state: number;
  refused: number;
  noVerdict: number;
  classes: Map<string, { count: number; seed: number; place: string }>;
}

class Run {
  readonly #options: Options;
  readonly #oracle: Oracle;
  readonly #work: string;
  readonly #bundles: RandomBundle[];
  readonly #reached: Coverage;
  readonly #errors = new Coverage();
  readonly tally: Tally = {
    state: 0,
    refused: 0,
    noVerdict: 0,
    classes: new Map(),
  };

  constructor(options: Options, oracle: Oracle, work: string) {
    this.#options = options;
    this.#oracle = oracle;
    this.#work = work;
    const { from, schema } = options;
    this.#bundles = from === undefined ? [] : recordedBundles(from, schema);
    this.#reached = new Coverage(expectedFeatures(schema));
  }

  #bundle(seed: number): RandomBundle {
    const { schema, plain } = this.#options;
    const recorded = this.#bundles[seed % Math.max(1, this.#bundles.length)];
    if (recorded !== undefined) return mutatedBundle(seed, recorded);
    const shares = plain ? { mutated: 0, laidOut: 0 } : {};
    return randomBundle(seed, schema, shares);
  }

  async one(seed: number): Promise<void> {
    const bundle = this.#bundle(seed);
    const difference = await this.#examine(bundle, true);
    if (difference === undefined) return;
    const known = this.tally.classes.get(difference.class);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const place = await this.#keep(seed, bundle, difference);
    this.tally.classes.set(difference.class, { count: 1, seed, place });
    console.log(`seed ${seed}: ${difference.class}\n${place}`);
    console.log(`${difference.detail.split("\n").slice(0, 20).join("\n")}\n`);
  }

  /** Runs both reducers; `count` reports whether the run is to be counted. */
  async #examine(
    bundle: RandomBundle,
    count: boolean,
  ): Promise<Difference | undefined> {
    const dir = join(this.#work, "bundle");
    writeBundle(bundle, dir);
    const theirs = await this.#oracle.reduce(dir);
    const ours = reduceOurs(dir);
    if (count) {
      if (theirs.kind === "state") this.#cover(bundle, theirs.bytes);
      else if (theirs.kind === "error") {
        this.tally.refused++;
        this.#errors.add([errorTemplate(theirs.text)]);
      } else this.tally.noVerdict++;
    }
    // Each reference reads its own schema alone; we go by the manifest.
    const judged: OracleOutcome = manifestSchema(bundle) === bundle.schema
      ? theirs
      : { kind: "crash", text: "manifest of another schema" };
    return compare(judged, ours) ?? this.#sharing(dir, ours);
  }

  #sharing(dir: string, ours: OurOutcome): Difference | undefined {
    return compareSharing(ours, reduceOurs(dir, false));
  }

  #cover(bundle: RandomBundle, state: Uint8Array): void {
    this.tally.state++;
    if (!this.#options.coverage) return;
    this.#reached.add(bundleFeatures(bundle));
    this.#reached.add(stateFeatures(new TextDecoder().decode(state)));
  }

  /** Writes the bundle, made small, with the outcome of both beside it. */
  async #keep(
    seed: number,
    bundle: RandomBundle,
    found: Difference,
  ): Promise<string> {
    const shrinker = new Shrinker(async (candidate) =>
      (await this.#examine(candidate, false))?.class === found.class
    );
    const small = this.#options.shrink ? await shrinker.shrink(bundle) : bundle;
    const place = join(
      this.#options.keep,
      `${this.#options.schema}`,
      `${seed}`,
    );
    writeBundle(small, join(place, "bundle"));
    const theirs = await this.#oracle.reduce(join(place, "bundle"));
    const ours = reduceOurs(join(place, "bundle"));
    save(place, "reference", theirs);
    save(place, "ours", ours);
    const difference = await this.#examine(small, false);
    Deno.writeTextFileSync(
      join(place, "difference.txt"),
      `${found.class}\n${difference?.detail ?? found.detail}\n`,
    );
    return place;
  }

  printCoverage(): void {
    for (const prefix of PREFIXES) {
      for (const [feature, count] of this.#reached.table(prefix)) {
        console.log(`${String(count).padStart(7)}  ${feature}`);
      }
    }
    for (const [template, count] of this.#errors.table("")) {
      console.log(`${String(count).padStart(7)}  error ${template}`);
    }
  }
}

function save(
  place: string,
  name: string,
  outcome: { kind: string; bytes?: Uint8Array; text?: string },
): void {
  if (outcome.bytes !== undefined) {
    Deno.writeFileSync(join(place, `${name}.state.json`), outcome.bytes);
  } else {
    const text = `${outcome.kind}: ${outcome.text ?? ""}\n`;
    Deno.writeTextFileSync(join(place, `${name}.error.txt`), text);
  }
}

function printSummary(options: Options, tally: Tally): void {
  const { state, refused, noVerdict, classes } = tally;
  console.log(
    `schema ${options.schema}, seeds ${options.seed} to ` +
      `${options.seed + options.count - 1}: the reference reduced ${state}, ` +
      `refused ${refused}, no verdict on ${noVerdict}`,
  );
  if (classes.size === 0) console.log("no difference");
  for (const [name, { count, seed, place }] of classes) {
    console.log(
      `${String(count).padStart(7)}  ${name} (seed ${seed}, ${place})`,
    );
  }
}

async function main(args: string[]): Promise<number> {
  const chosen = options(args);
  if (chosen === undefined) {
    console.log(USAGE);
    return 0;
  }
  const work = Deno.makeTempDirSync({ prefix: "differential-" });
  using oracle = await Oracle.ofVersion(oracleVersion(chosen.schema));
  const run = new Run(chosen, oracle, work);
  try {
    for (let n = 0; n < chosen.count; n++) await run.one(chosen.seed + n);
  } finally {
    Deno.removeSync(work, { recursive: true });
  }
  if (chosen.coverage) run.printCoverage();
  printSummary(chosen, run.tally);
  return run.tally.classes.size === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));

/**
 * Replays damaged bundles for as long as one likes, and reports what did not hold.
 *
 *     deno task soak --minutes 30
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join } from "@std/path";
import { saveFiles } from "../robustness/fuzz/files.ts";
import { HANG_MS } from "../robustness/fuzz/properties.ts";
import type { SoakTally } from "../robustness/fuzz/soak.ts";
import type { SoakOrder, SoakReport } from "../robustness/fuzz/soak_child.ts";
import { fuzzedBundle, recordedSources } from "../robustness/fuzz/sources.ts";

const USAGE = `Replay damaged bundles and print what does not hold

Usage: deno task soak [OPTIONS]

  --minutes N   how long (default 5)
  --seed S      seed of the first bundle; the next ones follow (default: the clock)
  --keep DIR    where failing bundles go (default dist/soak)
  --codex       compare with Codex, too, wherever it prints a state

Every bundle is replayed strictly and tolerantly, with shared prefixes and without.
Exit codes: 0 everything held, 1 something did not.
`;

const CHILD = fromFileUrl(
  new URL("../robustness/fuzz/soak_child.ts", import.meta.url),
);
/** A bundle is replayed several times, and the reference may be asked about it. */
const PATIENCE_MS = 6 * HANG_MS;

/** The result of all processes of a soak. */
class Soaking {
  readonly #order: SoakOrder;
  #bundles = 0;
  #reduced = 0;
  #peakBytes = 0;
  #slowest = { seed: 0, ms: 0 };
  #faults = 0;

  constructor(order: SoakOrder) {
    this.#order = order;
  }

  async run(): Promise<number> {
    const { until } = this.#order;
    let { seed } = this.#order;
    while (Date.now() < until) {
      const stopped = await this.#process(seed);
      if (stopped === undefined) break;
      seed = stopped + 1;
    }
    const { seed: slowest, ms } = this.#slowest;
    console.log(
      `${this.#bundles} bundles from seed ${this.#order.seed}: ` +
        `${this.#reduced} reduced, ${this.#bundles - this.#reduced} refused; ` +
        `${this.#faults} kinds of fault; ` +
        `peak memory ${Math.round(this.#peakBytes / 1e6)} MB; ` +
        `slowest ${Math.round(ms)} ms (seed ${slowest})`,
    );
    return this.#faults === 0 ? 0 : 1;
  }

  /** Runs one process; reports the seed at which it hung or died. */
  async #process(seed: number): Promise<number | undefined> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ..."run --no-prompt --allow-read --allow-write".split(" "),
        ..."--allow-env --allow-run".split(" "),
        CHILD,
        JSON.stringify({ ...this.#order, seed }),
      ],
      stdout: "piped",
    }).spawn();
    let at = seed;
    let tally: SoakTally | undefined;
    let isDone = false;
    const stop = () => child.kill("SIGKILL");
    let timer = setTimeout(stop, PATIENCE_MS);
    for await (const report of reportsOf(child.stdout)) {
      clearTimeout(timer);
      timer = setTimeout(stop, PATIENCE_MS);
      if (report.type === "found") this.#found(report.finding);
      else tally = report.tally;
      if (report.type === "begins") at = report.seed;
      if (report.type === "done") isDone = true;
    }
    clearTimeout(timer);
    await child.status;
    if (tally !== undefined) this.#add(tally);
    if (isDone) return undefined;
    this.#lost(at);
    return at;
  }

  #add(tally: SoakTally): void {
    this.#bundles += tally.bundles;
    this.#reduced += tally.reduced;
    this.#peakBytes = Math.max(this.#peakBytes, tally.peakBytes);
    if (tally.slowest.ms > this.#slowest.ms) this.#slowest = tally.slowest;
  }

  #lost(seed: number): void {
    this.#bundles++;
    const place = join(this.#order.keep, String(seed));
    saveFiles(fuzzedBundle(seed, recordedSources()), place);
    this.#found({ kind: "hangs or dies", seed, detail: "", place });
  }

  #found(
    { kind, seed, detail, place }: {
      kind: string;
      seed: number;
      detail: string;
      place: string;
    },
  ): void {
    this.#faults++;
    console.log(`seed ${seed}: ${kind}\n  ${place}`);
    if (detail !== "") console.log(`  ${detail.slice(0, 1000)}`);
  }
}

async function* reportsOf(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<SoakReport, void> {
  let rest = "";
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}

function orderOf(args: string[]): SoakOrder | undefined {
  const flags = parseArgs(args, {
    string: ["minutes", "seed", "keep"],
    boolean: ["codex", "help"],
  });
  if (flags.help === true) return undefined;
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    seed: Number(text("seed") ?? Date.now() % 1_000_000_000),
    until: Date.now() + 60_000 * Number(text("minutes") ?? 5),
    keep: text("keep") ?? join("dist", "soak"),
    codex: flags.codex === true,
  };
}

async function main(args: string[]): Promise<number> {
  const order = orderOf(args);
  if (order !== undefined) return await new Soaking(order).run();
  console.log(USAGE);
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));

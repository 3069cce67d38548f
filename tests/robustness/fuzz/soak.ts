/**
 * One damaged bundle after the other, and what did not hold for them.
 *
 * @module
 */

import { join } from "@std/path";
import type { OracleOutcome } from "../../reduce/reference/oracle.ts";
import { compare, type OurOutcome } from "../../reduce/reference/compare.ts";
import { halfAppliedEvents } from "./atomicity.ts";
import { type BundleFiles, BundleFolder, saveFiles } from "./files.ts";
import type { Outcome } from "./outcome.ts";
import { examine, type Fault } from "./properties.ts";
import { fuzzedBundle, type Source } from "./sources.ts";

/** Faults of one kind. */
export interface Finding {
  readonly kind: string;
  /** How many bundles had it. */
  count: number;
  /** The first of them. */
  readonly seed: number;
  readonly detail: string;
  /** Where it was kept; empty when it was not. */
  readonly place: string;
}

/** What resulted from all bundles so far. */
export interface SoakTally {
  bundles: number;
  reduced: number;
  refused: number;
  slowest: { seed: number; ms: number };
  /** The most memory that the process held between two bundles. */
  peakBytes: number;
}

/** The reference, asked about a bundle folder. */
export type AskReference = (
  dir: string,
  schema: number,
) => Promise<OracleOutcome>;

/** How bundles are examined. */
export interface SoakOptions {
  /** Where failing bundles go; nowhere by default. */
  readonly keep?: string | undefined;
  /** Of how many bundles one is searched for half-applied events; it takes several replays. */
  readonly atomicEvery?: number;
  readonly askReference?: AskReference | undefined;
}

const ATOMIC_EVERY = 4;

/** Examines the bundles of seeds. */
export class Soak {
  readonly findings: Map<string, Finding> = new Map();
  readonly tally: SoakTally = {
    bundles: 0,
    reduced: 0,
    refused: 0,
    slowest: { seed: 0, ms: 0 },
    peakBytes: 0,
  };
  readonly #sources: readonly Source[];
  readonly #options: SoakOptions;
  readonly #folder: BundleFolder = new BundleFolder();

  /** Damages `sources`. */
  constructor(sources: readonly Source[], options: SoakOptions = {}) {
    this.#sources = sources;
    this.#options = options;
  }

  /** The bundle of a seed. */
  bundle(seed: number): BundleFiles {
    return fuzzedBundle(seed, this.#sources);
  }

  /** Examines the bundle of a seed. */
  async one(seed: number): Promise<void> {
    const files = this.bundle(seed);
    const dir = this.#folder.put(files);
    const found = examine(dir);
    const faults = [
      ...found.faults,
      ...await this.#reference(dir, found.strict),
    ];
    if (seed % (this.#options.atomicEvery ?? ATOMIC_EVERY) === 0) {
      faults.push(...halfAppliedEvents(this.#folder, files));
    }
    this.#count(seed, found.strict, found.ms);
    for (const fault of faults) this.#note(seed, files, fault);
  }

  #count(seed: number, strict: Outcome, ms: number): void {
    const { tally } = this;
    tally.bundles++;
    if (strict.kind === "state") tally.reduced++;
    else tally.refused++;
    if (ms > tally.slowest.ms) tally.slowest = { seed, ms };
    const { rss } = Deno.memoryUsage();
    tally.peakBytes = Math.max(tally.peakBytes, rss);
  }

  #note(seed: number, files: BundleFiles, { kind, detail }: Fault): void {
    const known = this.findings.get(kind);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const { keep } = this.#options;
    const place = keep === undefined ? "" : join(keep, String(seed));
    if (place !== "") saveFiles(files, place);
    this.findings.set(kind, { kind, count: 1, seed, detail, place });
  }

  async #reference(dir: string, strict: Outcome): Promise<Fault[]> {
    const ask = this.#options.askReference;
    const schema = schemaOf(dir);
    if (ask === undefined || schema === undefined) return [];
    const difference = compare(await ask(dir, schema), asOurs(strict));
    if (difference === undefined) return [];
    return [{ kind: difference.class, detail: difference.detail }];
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

function asOurs(outcome: Outcome): OurOutcome {
  if (outcome.kind === "state") {
    return { kind: "state", bytes: new TextEncoder().encode(outcome.text) };
  }
  if (outcome.kind === "crash") return { kind: "crash", text: outcome.words };
  const [name = ""] = outcome.words.split(":", 1);
  return { kind: "refused", name, code: name, text: outcome.words };
}

/** The schema of a manifest that names one; each reference reads one schema alone. */
function schemaOf(dir: string): number | undefined {
  const bytes = Deno.readFileSync(join(dir, "manifest.json"));
  const text = new TextDecoder().decode(bytes);
  const version = /"schema_version": ?([0-9]+)\b/.exec(text)?.[1];
  return version === undefined || version === "0" ? undefined : Number(version);
}

/**
 * The part of the soak that may hang or die: a process that examines bundles and reports each
 * as it goes, one JSON text a line.
 *
 * @module
 */

import { Oracle, oracleVersion } from "../../reduce/reference/oracle.ts";
import {
  type AskReference,
  type Finding,
  Soak,
  type SoakTally,
} from "./soak.ts";
import { recordedSources } from "./sources.ts";

/** What the process is asked to do. */
export interface SoakOrder {
  readonly seed: number;
  /** When to stop, in milliseconds of Unix time. */
  readonly until: number;
  /** Where failing bundles go. */
  readonly keep: string;
  /** Whether to ask the reference, too. */
  readonly codex: boolean;
}

/** What it reports. */
export type SoakReport =
  | { type: "begins"; seed: number; tally: SoakTally }
  | { type: "found"; finding: Finding }
  | { type: "done"; tally: SoakTally };

function reportTo(report: SoakReport): void {
  console.log(JSON.stringify(report));
}

async function work(order: SoakOrder): Promise<void> {
  using oracles = new DisposableStack();
  const askReference = order.codex ? await reference(oracles) : undefined;
  const { keep } = order;
  using soak = new Soak(recordedSources(), { keep, askReference });
  const known = new Set<string>();
  for (let seed = order.seed; Date.now() < order.until; seed++) {
    reportTo({ type: "begins", seed, tally: soak.tally });
    await soak.one(seed);
    for (const finding of soak.findings.values()) {
      if (known.has(finding.kind)) continue;
      known.add(finding.kind);
      reportTo({ type: "found", finding });
    }
  }
  reportTo({ type: "done", tally: soak.tally });
}

async function reference(oracles: DisposableStack): Promise<AskReference> {
  const bySchema = new Map<number, Oracle>();
  for (const schema of [1, 2, 3]) {
    const oracle = await Oracle.ofVersion(oracleVersion(schema));
    bySchema.set(schema, oracles.use(oracle));
  }
  return async (dir, schema) =>
    await bySchema.get(schema)?.reduce(dir) ??
      { kind: "crash", text: `schema ${schema} has no reference` };
}

if (import.meta.main) {
  const order: SoakOrder = JSON.parse(Deno.args[0] ?? "");
  await work(order);
}

/**
 * What the answers about a damaged bundle state that its facts contradict.
 *
 * @module
 */

import { join } from "@std/path";
import { inFolder } from "../../../support/cli.ts";
import { type TruthCase, truthCases } from "../bundles.ts";
import { DAMAGES, writeDamaged } from "./damages.ts";
import { contradictionsOf } from "../differences.ts";
import type { Facts } from "../fact.ts";
import { factsOf } from "../facts.ts";
import { RawSession } from "../raw_session.ts";
import { statementsOf } from "../statements.ts";

/** A bundle and the facts of its log. */
export interface DamagedCase extends TruthCase {
  readonly facts: Facts;
}

/** Every bundle that is damaged. */
export function damagedCases(): DamagedCase[] {
  return truthCases().map((each) => ({ ...each, facts: factsOf(each.raw) }));
}

/** The damages after which a bundle is still one. */
export const LOSSES: readonly string[] = Object.keys(DAMAGES)
  .filter((damage) => damage !== "a field of the manifest is lost");

/** What was compared, and what differs. */
export interface Comparison {
  /** How many bundles have what is damaged. */
  readonly compared: number;
  /** Contradictions, with the names of their bundles. */
  readonly found: readonly string[];
}

/** Damages copies of the bundles in one way, and compares what is stated of them with the facts. */
export function compareDamaged(
  cases: readonly DamagedCase[],
  damage: string,
): Comparison {
  let compared = 0;
  const found: string[] = [];
  for (const each of cases) {
    const contradictions = contradictionsIn(each, damage);
    if (contradictions === null) continue;
    compared++;
    found.push(...contradictions.map((text) => `${each.name}: ${text}`));
  }
  return { compared, found };
}

/** Contradictions in what is stated of a damaged copy; null where the damage is not possible. */
function contradictionsIn(
  { bundle, facts }: DamagedCase,
  damage: string,
): string[] | null {
  let found: string[] | null = null;
  inFolder((folder) => {
    const copy = join(folder, "bundle");
    const damaged = writeDamaged(bundle, copy, damage);
    if (damaged === null) return;
    // A log that was cut between two lines is compared with what it then records.
    const truth = damaged.endsEarlier ? factsOf(new RawSession(copy)) : facts;
    found = contradictionsOf(truth, statementsOf(copy));
  });
  return found;
}

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
import { KNOWN_DIFFERENCES } from "./known_differences.ts";
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
  /** Contradictions, with the names of their bundles, without the known ones. */
  readonly found: readonly string[];
  /** Known differences that were not found in the bundle that has them. */
  readonly outdated: readonly string[];
}

/** Damages copies of the bundles in one way, and compares what is stated of them with the facts. */
export function compareDamaged(
  cases: readonly DamagedCase[],
  damage: string,
): Comparison {
  let compared = 0;
  const found: string[] = [];
  const outdated: string[] = [];
  for (const each of cases) {
    const contradictions = contradictionsIn(each, damage);
    if (contradictions === null) continue;
    compared++;
    const known = KNOWN_DIFFERENCES.filter((known) =>
      known.damage === damage && known.bundle === each.name
    );
    for (const text of contradictions) {
      if (!known.some(({ statement }) => statement.test(text))) {
        found.push(`${each.name}: ${text}`);
      }
    }
    for (const { statement } of known) {
      if (!contradictions.some((text) => statement.test(text))) {
        outdated.push(`${each.name}: ${statement.source}`);
      }
    }
  }
  return { compared, found, outdated };
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

/**
 * What the answers state about a damaged bundle is so in the undamaged one; the rest is unknown.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { BundleFormatError } from "../../../lib/errors.ts";
import { isInSample } from "../../support/cases.ts";
import { inFolder } from "../../support/cli.ts";
import { type TruthCase, truthCases } from "./bundles.ts";
import { DAMAGES, ENDS_EARLIER, writeDamaged } from "./damages.ts";
import { contradictionsOf } from "./differences.ts";
import { factsOf } from "./facts.ts";
import { RawSession } from "./raw_session.ts";
import { statementsOf } from "./statements.ts";

const CASES = truthCases().map((each) => ({
  ...each,
  facts: factsOf(each.raw),
}));

/** Contradictions in what is stated of a damaged copy; null where the damage is not possible. */
function contradictionsIn(
  { bundle, facts }: TruthCase & { readonly facts: ReturnType<typeof factsOf> },
  damage: string,
): string[] | null {
  let found: string[] | null = null;
  inFolder((folder) => {
    const copy = join(folder, "bundle");
    if (!writeDamaged(bundle, copy, damage)) return;
    const truth = ENDS_EARLIER.has(damage)
      ? factsOf(new RawSession(copy))
      : facts;
    found = contradictionsOf(truth, statementsOf(copy));
  });
  return found;
}

for (const [place, damage] of Object.keys(DAMAGES).entries()) {
  if (damage === "a field of the manifest is lost") continue;
  Deno.test(`nothing that is stated is contradicted after damage: ${damage}`, () => {
    let compared = 0;
    const found: string[] = [];
    for (const [at, each] of CASES.entries()) {
      if (!isInSample(at + place)) continue;
      const contradictions = contradictionsIn(each, damage);
      if (contradictions === null) continue;
      compared++;
      found.push(...contradictions.map((text) => `${each.name}: ${text}`));
    }
    assertEquals(found, []);
    assert(compared > 0, "no bundle has what is damaged");
  });
}

Deno.test("without a field of the manifest nothing is stated: an error names the field", () => {
  inFolder((folder) => {
    const copy = join(folder, "bundle");
    const [first] = CASES;
    assert(first !== undefined);
    writeDamaged(first.bundle, copy, "a field of the manifest is lost");
    try {
      statementsOf(copy);
    } catch (error) {
      assert(error instanceof BundleFormatError);
      assertEquals(
        error.message,
        "manifest.json, started_at_unix_ms: key is missing",
      );
      return;
    }
    throw new Error("the bundle was read");
  });
});

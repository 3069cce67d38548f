/**
 * What the answers state about a damaged bundle is so in the undamaged one; the rest is unknown.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { BundleFormatError } from "../../../../lib/errors.ts";
import { COVERS_ALL_CASES } from "../../../support/cases.ts";
import { inFolder } from "../../../support/cli.ts";
import { compareDamaged, damagedCases, LOSSES } from "./damaged_case.ts";
import { writeDamaged } from "./damages.ts";
import { statementsOf } from "../statements.ts";

const CASES = damagedCases();

for (const [place, damage] of LOSSES.entries()) {
  Deno.test({
    name: `nothing that is stated is contradicted after damage: ${damage}`,
    // Of every case: damage_slow_test.ts.
    ignore: COVERS_ALL_CASES,
    fn() {
      const sample = CASES.filter((_, at) => (at + place) % 12 === 0);
      const { compared, found } = compareDamaged(sample, damage);
      assertEquals(found, []);
      assert(compared > 0, "no bundle has what is damaged");
    },
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

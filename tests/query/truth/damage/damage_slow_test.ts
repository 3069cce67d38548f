/**
 * What the answers state about a damaged bundle is so in the undamaged one; the rest is unknown: every
 * bundle, with every damage.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { compareDamaged, damagedCases, LOSSES } from "./damaged_case.ts";

const CASES = damagedCases();

for (const damage of LOSSES) {
  Deno.test(`nothing that is stated of any bundle is contradicted after damage: ${damage}`, () => {
    const { compared, found } = compareDamaged(CASES, damage);
    assertEquals(found, []);
    assert(compared > 0, "no bundle has what is damaged");
  });
}

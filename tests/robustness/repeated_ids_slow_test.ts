/**
 * Bundles that repeat one id or one text: the time of a reduction grows with the bundle, not with
 * its square.
 *
 * @module
 */

import { assert } from "@std/assert";
import { NEWEST_SCHEMA } from "../../lib/schema/registry.ts";
import { asSchema, testEvery } from "../support/every_schema.ts";
import { startWork } from "../support/work_cost.ts";
import { crowded, CROWDS } from "./repeated_ids_bundles.ts";

for (const [name, crowd] of Object.entries(CROWDS)) {
  testEvery(
    [asSchema(2), NEWEST_SCHEMA],
    `time grows with the bundle, not with its square: ${name}`,
    (schema) => {
      const bundle = crowded(crowd, schema, 6_000);
      const worked = startWork();
      bundle.reduce();
      // Work for each pair takes many times as long.
      assert(worked() < 5_000);
    },
  );
}

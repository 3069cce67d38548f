/**
 * The size of a payload is that of its text, also where it is computed from the sizes of its parts.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { someCases } from "../../support/cases.ts";

/** What a reading returns, or why it fails. */
function outcomeOf(read: () => number): number | string {
  try {
    return read();
  } catch (error) {
    return String(error);
  }
}

Deno.test("the size of a payload is the length of its text", () => {
  let composed = 0;
  for (const { name, bundle, state } of someCases()) {
    if (state === undefined) continue;
    const { trace, payloads } = openBundle(bundle);
    assert(payloads !== null);
    for (const [id, ref] of trace.raw_payloads) {
      if (ref.parts !== undefined && ref.capture === undefined) composed++;
      assertEquals(
        outcomeOf(() => payloads.size(ref)),
        outcomeOf(() => payloads.bytes(ref).length),
        `${name} ${id}`,
      );
    }
  }
  assert(composed > 0, `${composed} payloads are composed`);
});

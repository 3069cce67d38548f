/**
 * Calls and outputs of one id: each output may answer each call before it. The links of many would
 * grow with the square of their number, and state nothing.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { explain } from "../../../lib/query/explain/explain.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { call, output } from "../../support/bundles/script.ts";
import { inFolder } from "../../support/cli.ts";

/** How many items are linked to a call and to an output, where so many pairs share an id. */
function linked(pairs: number): { call: number; output: number } | undefined {
  const found: { call: number; output: number }[] = [];
  const input = Array.from(
    { length: pairs },
    () => [call("shared"), output("shared")],
  ).flat();
  const bundle = new RawBundle(1).request("r1", { input }).response("r1", []);
  inFolder((folder) => {
    const session = openBundle(bundle.end().writeTo(join(folder, "bundle")));
    const linksOf = (item: number) => {
      const ref = session.names.ref("item", `conversation_item:${item}`);
      const { upstream, downstream } = explain(session, ref) ??
        { upstream: [], downstream: [] };
      return [...upstream, ...downstream].filter(({ relation }) =>
        relation === "answers_call" || relation === "answered_in"
      ).length;
    };
    found.push({ call: linksOf(1), output: linksOf(2 * pairs) });
  });
  return found[0];
}

Deno.test("an output that shares its call id is linked with each call it may answer", () => {
  assertEquals(linked(1), { call: 1, output: 1 });
  assertEquals(linked(4), { call: 4, output: 4 });
});

Deno.test("calls and outputs of which more than 64 share an id are not linked", () => {
  assertEquals(linked(33), { call: 0, output: 0 });
});

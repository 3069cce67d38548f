/**
 * The requests that carried an item: after losses, the first, the last and the only one are those
 * that are known.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { explain } from "../../../lib/query/explain/explain.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { message, RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

/** The facts about the first item, and what is noted of the requests that carried it. */
function carriers(bundle: RawBundle) {
  const found: { facts: string[]; notes: (string | null)[] }[] = [];
  inFolder((folder) => {
    const session = openBundle(bundle.end().writeTo(join(folder, "bundle")));
    const { facts, downstream } = explain(
      session,
      session.names.ref("item", "conversation_item:1"),
    ) ?? { facts: [], downstream: [] };
    found.push({
      facts: facts.filter(({ name }) => name.endsWith("_request"))
        .map(({ name, object }) => `${name} ${object?.handle}`),
      notes: downstream.filter(({ relation }) =>
        relation === "carried_by_request"
      ).map(({ text }) => text.split(":", 1)[0] ?? null),
    });
  });
  return found[0];
}

function oneRequest(): RawBundle {
  return new RawBundle(1).request("r1", { input: [message("user", "hello")] })
    .response("r1", []);
}

Deno.test("explain names the only request with an item where none can be missing", () => {
  assertEquals(carriers(oneRequest()), {
    facts: ["first_request call:1", "last_request call:1"],
    notes: ["the only one"],
  });
});

Deno.test("explain claims no first, last or only request with an item after losses", () => {
  assertEquals(carriers(oneRequest().raw("lost\n")), {
    facts: ["first_known_request call:1", "last_known_request call:1"],
    notes: ["the only one known"],
  });
});

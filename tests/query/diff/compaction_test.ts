/**
 * Two requests with a compaction between them: what it replaced was not rewritten.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { diffRequests } from "../../../lib/query/diff/request_diff.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { printed } from "../../cli/commands/command_golden.ts";
import {
  message,
  RawBundle,
  THREAD,
  TURN,
} from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const RULES = message("developer", "rules");
const BEFORE = [RULES, message("user", "one"), message("user", "two")];
const AFTER = [RULES, message("user", "# AGENTS"), message("user", "summary")];

/** A request, a compaction if any, and a request that adds an item. */
function twoRequests(isCompacted: boolean): RawBundle {
  const bundle = new RawBundle(2).request("a", { input: BEFORE });
  if (isCompacted) {
    bundle.event({
      type: "compaction_installed",
      compaction_id: "c",
      thread_id: THREAD,
      codex_turn_id: TURN,
      checkpoint_payload: bundle.payload("compaction_checkpoint", {
        input_history: BEFORE,
        replacement_history: AFTER,
      }),
    });
  }
  return bundle.request("b", { input: [...AFTER, message("user", "three")] });
}

Deno.test("diff of two requests with a compaction between them pairs no item that was replaced", () => {
  inFolder((folder) => {
    const session = openBundle(twoRequests(true).writeTo(join(folder, "b")));
    for (const [a, b] of [["a", "b"], ["b", "a"]] as const) {
      const diff = diffRequests(session, a, b);
      assertEquals(diff?.conversation?.rewritten, 0);
      assertEquals(
        diff?.compactions.map(({ compaction, ...counts }) => [
          compaction.handle,
          counts,
        ]),
        [["compaction:1", { replaced_items: 2, replacement_items: 2 }]],
      );
    }
  });
});

Deno.test("diff of two requests without a compaction between them pairs what was rewritten", () => {
  inFolder((folder) => {
    const session = openBundle(twoRequests(false).writeTo(join(folder, "b")));
    const diff = diffRequests(session, "a", "b");
    assertEquals([diff?.conversation?.rewritten, diff?.compactions], [2, []]);
  });
});

Deno.test("diff names the compaction that replaced items", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const bundle = twoRequests(true).writeTo(join(folder, "b"));
    const { stdout } = await printed(["diff", bundle, "call:1", "call:2"]);
    assertStringIncludes(stdout, "compaction:1 replaced 2 items by 2\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

/**
 * A session and its fork: where they part, and that the fork names its origin.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { diffSessions } from "../../../lib/query/diff/session_diff.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import {
  message,
  RawBundle,
  THREAD,
} from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const CALL = {
  type: "function_call",
  name: "f",
  arguments: "{}",
  call_id: "c",
};
const OUTPUT = { type: "function_call_output", call_id: "c", output: "done" };
const BEFORE = [message("user", "one"), CALL, OUTPUT];

function origin(): RawBundle {
  return new RawBundle(2)
    .request("a", { input: [message("user", "one")] })
    .response("a", [CALL])
    .tool("t", { model_visible_call_id: "c" })
    .toolEnd("t")
    .request("b", { input: [...BEFORE, message("user", "here")] })
    .end();
}

function fork(): RawBundle {
  const bundle = new RawBundle(2);
  return bundle
    .event({
      type: "protocol_event_observed",
      event_type: "session_configured",
      event_payload: bundle.payload("protocol_event", {
        type: "session_configured",
        thread_id: THREAD,
        forked_from_id: "origin-thread",
      }),
    })
    .request("a", { input: [...BEFORE, message("user", "there")] })
    .end();
}

Deno.test("diff of a session and its fork parts where the contents part", () => {
  inFolder((folder) => {
    const a = openBundle(fork().writeTo(join(folder, "a")));
    const b = openBundle(origin().writeTo(join(folder, "b")));
    const { conversation } = diffSessions(a, b).threads[0] ?? {};
    assertEquals(conversation?.common, BEFORE.length);
    assertEquals([conversation?.removed, conversation?.added], [0, 0]);
    assertEquals(conversation?.rewritten, 1);
  });
});

Deno.test("a fork names the thread that it was forked from, in the session and in the thread", () => {
  inFolder((folder) => {
    const session = openBundle(fork().writeTo(join(folder, "a")));
    const { identity, threads } = summarize(session);
    assertEquals(identity.forked_from_id, "origin-thread");
    assertEquals(threads[0]?.forked_from_id, "origin-thread");
    const thread = session.names.ref("thread", THREAD);
    assertEquals(
      explain(session, thread)?.facts.find(({ name }) =>
        name === "forked_from_id"
      )?.value,
      "origin-thread",
    );
    const other = openBundle(origin().writeTo(join(folder, "b")));
    assertEquals(summarize(other).identity.forked_from_id, null);
  });
});

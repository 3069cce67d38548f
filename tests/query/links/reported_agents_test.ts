/**
 * Results of agents that only texts report: notifications and outputs of waits of schema 1.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import {
  CHILD,
  message,
  RawBundle,
  THREAD,
} from "../../support/bundles/raw_bundle.ts";
import { inFolder, inFolderAsync, recordedIo } from "../../support/cli.ts";

const NOTIFICATION = `<subagent_notification>\n${
  JSON.stringify({ agent_path: CHILD, status: { completed: "done" } })
}\n</subagent_notification>`;
const WAIT = {
  type: "function_call",
  name: "wait_agent",
  arguments: "{}",
  call_id: "w",
};
const WAITED = {
  type: "function_call_output",
  call_id: "w",
  output: JSON.stringify({ status: { [CHILD]: { completed: "done" } } }),
};

/** A session with an agent; `reports` is what the second request of the root adds. */
function bundle(reports: object[]): RawBundle {
  const raw = new RawBundle(1);
  const metadata_payload = raw.payload("session_metadata", {
    session_source: {
      subagent: { thread_spawn: { parent_thread_id: THREAD, depth: 1 } },
    },
  });
  return raw
    .request("a", { input: [message("user", "go")] })
    .response("a", [WAIT])
    .event({
      type: "thread_started",
      thread_id: CHILD,
      agent_path: "/root/kid",
      metadata_payload,
    }, { thread_id: CHILD, codex_turn_id: null })
    .request("b", { input: [message("user", "go"), WAIT, ...reports] })
    .end();
}

function originsOf(reports: object[]): unknown {
  let found: unknown;
  inFolder((folder) => {
    const session = openBundle(bundle(reports).writeTo(join(folder, "b")));
    const items = session.names.all("item");
    found = items.flatMap((item) =>
      (explain(session, item)?.upstream ?? []).flatMap((step) =>
        step.relation === "reports_result_of"
          ? [[item.handle, step.object?.id]]
          : []
      )
    );
  });
  return found;
}

Deno.test("a notification and the output of a wait are linked to the agent they report", () => {
  const reports = [WAITED, message("user", NOTIFICATION)];
  assertEquals(originsOf(reports), [["item:3", CHILD], ["item:4", CHILD]]);
  assertEquals(originsOf([message("user", "<subagent_notification>")]), []);
});

Deno.test("a transcript names the agent behind a notification", () => {
  inFolder((folder) => {
    const raw = bundle([WAITED, message("user", NOTIFICATION)]);
    const session = openBundle(raw.writeTo(join(folder, "b")));
    const last = getTranscript(session)?.entries.at(-1);
    assertEquals(
      last?.type === "item"
        ? last.produced_by.map(({ type, object }) => [type, object?.id])
        : [],
      [["agent", CHILD]],
    );
  });
});

Deno.test("an agent without a result is named, and one with a result is not", () => {
  for (const [reports, agents] of [[[], [CHILD]], [[WAITED], []]] as const) {
    inFolder((folder) => {
      const place = bundle([...reports]).writeTo(join(folder, "b"));
      const { agents_without_result: found } = summarize(openBundle(place));
      assertEquals(found.map(({ id }) => id), [...agents]);
    });
  }
});

Deno.test("explain prints the outcome of a turn beside the status of the recorder", async () => {
  const raw = new RawBundle(2)
    .request("a", { input: [message("user", "go")] })
    .event({ type: "inference_failed", inference_call_id: "a", error: "bad" })
    .end();
  await inFolderAsync(async (folder) => {
    const place = raw.writeTo(join(folder, "b"));
    const io = recordedIo();
    await runProgram(["explain", place, "turn:1"], io);
    assertStringIncludes(io.stdout, "failed, recorded as completed");
    const session = openBundle(place);
    const turn = session.names.all("turn")[0];
    const answer = turn === undefined ? null : explain(session, turn);
    assertEquals([answer?.outcome, answer?.status], ["failed", "completed"]);
  });
});

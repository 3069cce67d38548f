import { assertEquals } from "@std/assert";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { summarize } from "../../lib/query/show/show.ts";

Deno.test("a thread of another session that is resumed keeps its requests and its agent", () => {
  const session = openBundle(
    "testdata/upstream/0.169.0-agents_v2_resume-2/bundle",
  );
  const { threads, turns, edges, failures } = summarize(session);
  assertEquals(
    threads.map((each) => [each.agent_path, each.origin, each.calls]),
    [["/root", "root", 3], ["/root/kid", "unknown", 1]],
  );
  assertEquals(turns.map(({ outcome }) => outcome), ["ok", "ok"]);
  assertEquals(
    edges.map(({ edge_kind, count, undelivered }) => [
      edge_kind,
      count,
      undelivered,
    ]),
    [["assign_agent_task", 1, 0], ["agent_result", 1, 0]],
  );
  assertEquals(
    failures.filter(({ kind }) => kind === "incomplete")
      .map(({ about, text }) => [about?.handle, text]),
    [["thread:2", "started in another session; resumed in this one"]],
  );
  assertEquals(
    session.diagnostics.map(({ event_type, lost }) => [event_type, lost]),
    [["thread_resumed", "how the thread started, in another session"]],
  );
});

/**
 * The history that a thread began with: what an earlier session or another thread had added.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import {
  message,
  RawBundle,
  THREAD,
} from "../../support/bundles/raw_bundle.ts";
import { inFolder, inFolderAsync, recordedIo } from "../../support/cli.ts";

const BEFORE = [message("user", "one"), message("assistant", "1")];
const INPUT = [...BEFORE, message("user", "two")];

/** A first request with a history, as the metadata of its turn describes it. */
function bundle(schema: number, metadata: object | null): RawBundle {
  const turn = { thread_id: THREAD, ...metadata };
  return new RawBundle(schema)
    .request("a", {
      input: INPUT,
      ...metadata !== null && {
        client_metadata: { "x-codex-turn-metadata": JSON.stringify(turn) },
      },
    })
    .response("a", [message("assistant", "2")])
    .end();
}

function opened(raw: RawBundle, ask: (session: TraceSession) => void): void {
  inFolder((folder) => ask(openBundle(raw.writeTo(join(folder, "b")))));
}

function marksOf(session: TraceSession) {
  return (getTranscript(session)?.entries ?? []).flatMap((entry) =>
    entry.type === "inherited_history"
      ? [[entry.origin, entry.thread_id, entry.items.length]]
      : []
  );
}

Deno.test("a resumed or forked history is marked in the transcript, and who had it before", () => {
  const resumed = { history_initialization: "cold_resume" };
  const forked = {
    history_initialization: "warm_fork",
    forked_from_thread_id: "other",
  };
  for (const schema of [1, 2]) {
    opened(bundle(schema, resumed), (session) => {
      assertEquals(marksOf(session), [["resume", THREAD, 2]]);
    });
    opened(bundle(schema, forked), (session) => {
      assertEquals(marksOf(session), [["fork", "other", 2]]);
    });
    opened(bundle(schema, null), (session) => {
      assertEquals(marksOf(session), [[null, null, 2]]);
    });
  }
});

Deno.test("a new history is not inherited, whatever its first request carries", () => {
  opened(bundle(2, { history_initialization: "new" }), (session) => {
    assertEquals(marksOf(session), []);
    assertEquals(summarize(session).identity.inherited_items, 0);
  });
});

Deno.test("an inherited item is of no turn, and no prompt of a user", () => {
  opened(bundle(2, { history_initialization: "cold_resume" }), (session) => {
    const items = (getTranscript(session)?.entries ?? []).flatMap((entry) =>
      entry.type === "item" ? [[entry.is_inherited, entry.turn?.handle]] : []
    );
    assertEquals(items, [
      [true, undefined],
      [true, undefined],
      [false, "turn:1"],
      [false, "turn:1"],
    ]);
    const shown = getTimeline(session).entries.flatMap(({ detail }) =>
      detail.type === "message"
        ? [detail.text]
        : detail.type === "inherited_history"
        ? [detail.items.map(({ handle }) => handle).join()]
        : []
    );
    assertEquals(shown.toSorted(), ["item:1,item:2", "two"]);
  });
});

Deno.test("items are not inherited where lost events may have added them", () => {
  const raw = bundle(2, { history_initialization: "cold_resume" });
  raw.lines.splice(2, 0, "{torn");
  opened(raw, (session) => assertEquals(marksOf(session), []));
});

Deno.test("explain and show report the lineage of a thread", () => {
  const metadata = {
    history_initialization: "cold_resume",
    thread_source: "subagent",
    parent_thread_id: "another",
  };
  opened(bundle(3, metadata), (session) => {
    const factsOf = (handle: "thread:1" | "turn:1" | "item:1") => {
      const found = session.names.resolve(handle);
      const answer = found.type === "found"
        ? explain(session, found.ref)
        : null;
      return new Map(answer?.facts.map(({ name, value }) => [name, value]));
    };
    const thread = factsOf("thread:1");
    assertEquals(thread.get("parent_thread_id"), "another");
    assertEquals(thread.get("thread_source"), "subagent");
    assertEquals(thread.get("inherited_items"), 2);
    assertEquals(factsOf("turn:1").get("inherited_by"), "resume");
    assertEquals(factsOf("item:1").get("inherited_from"), THREAD);
    const { identity, threads } = summarize(session);
    assertEquals(identity.parent_thread_id, "another");
    assertEquals(threads[0]?.history_initialization, "cold_resume");
  });
});

Deno.test("show and transcript print that a session was resumed", async () => {
  const raw = bundle(2, { history_initialization: "cold_resume" });
  await inFolderAsync(async (folder) => {
    const place = raw.writeTo(join(folder, "b"));
    const printed = async (command: string) => {
      const io = recordedIo();
      await runProgram([command, place], io);
      return io.stdout;
    };
    assertStringIncludes(
      await printed("show"),
      "history      resumed · 2 items from before this recording",
    );
    assertStringIncludes(
      await printed("transcript"),
      "call:1  2 inherited items, the thread was resumed",
    );
  });
});

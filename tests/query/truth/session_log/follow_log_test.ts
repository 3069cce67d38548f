/**
 * Session logs that are followed while they are written: nothing is missed or repeated, and what is
 * printed is what the log has when it is complete.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { LogFollower } from "../../../../lib/query/timeline/follow/log_follower.ts";
import type { FollowedEvent } from "../../../../lib/query/timeline/follow/followed_event.ts";
import { SessionSearch } from "../../../../lib/query/timeline/follow/newest_session.ts";
import { getOutcomes } from "../../../../lib/query/failures/outcome/outcomes.ts";
import { runProgram } from "../../../../lib/cli/program.ts";
import { inFolder, inFolderAsync, recordedIo } from "../../../support/cli.ts";
import { printed } from "../../../cli/commands/command_golden.ts";
import { ALL } from "./sessions.ts";

const PIECE_BYTES = 2_777;

function eventsIn(events: readonly FollowedEvent[], type: string) {
  return events.filter(({ detail }) => detail.type === type);
}

Deno.test("a session log that grows is followed without a gap or a repetition", () =>
  inFolder((folder) => {
    for (const { log, name } of ALL) {
      const bytes = Deno.readFileSync(log.place);
      const path = join(folder, basename(log.place));
      Deno.writeFileSync(path, new Uint8Array());
      using follower = new LogFollower(path);
      const events: FollowedEvent[] = [];
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        const piece = bytes.slice(at, at + PIECE_BYTES);
        Deno.writeFileSync(path, piece, { append: true });
        events.push(...follower.read());
      }
      using complete = new LogFollower(path);
      assertEquals(events, [...complete.read()], name);
      assertEquals(follower.events, log.extent?.events, name);
      assertEquals([...complete.read()], []);
      const { status } = complete;
      assertEquals([status.turn, status.running], [null, 0], name);
    }
  }));

Deno.test("what is followed of a session log is what the complete log has", () => {
  for (const { log, name } of ALL) {
    const { trace, names } = log;
    using follower = new LogFollower(log.place);
    const events = [...follower.read()];
    const turns = eventsIn(events, "turn_ended");
    assertEquals(
      turns.map(({ object }) => object?.handle),
      [...trace.codex_turns.keys()].map((id) => names.handle("turn", id)),
      name,
    );
    for (const { object, outcome } of turns) {
      const id = object?.id ?? "";
      assertEquals(outcome, getOutcomes(log).of({ kind: "turn", id }), name);
    }
    const tools = eventsIn(events, "tool_call_ended");
    const answered = [...trace.tool_calls].filter(([, tool]) =>
      tool.model_visible_output_item_ids.length > 0
    );
    assertEquals(
      new Set(tools.map(({ object }) => object?.handle)),
      new Set(answered.map(([id]) => names.handle("tool_call", id))),
      name,
    );
    assertEquals(tools.length, answered.length, name);
    for (const { duration_ms: took } of tools) assertEquals(took, null);
    const failed = new Set(
      events.flatMap(({ object, outcome }) =>
        object?.kind === "tool_call" && outcome === "failed" ? [object.id] : []
      ),
    );
    for (const [id] of answered) {
      const outcome = getOutcomes(log).of({ kind: "tool_call", id });
      assertEquals(failed.has(id), outcome === "failed", `${name} ${id}`);
    }
    assertEquals(
      eventsIn(events, "compaction").length,
      trace.compactions.size,
      name,
    );
  }
});

Deno.test("follow prints a log as it is written, and the log of the next session", () =>
  inFolderAsync(async (folder) => {
    const [first, second] = ALL.map(({ log }) => log)
      .filter(({ sessionLog, trace }) =>
        sessionLog?.threads.get(trace.root_thread_id)?.parent_thread_id === null
      )
      .sort((a, b) =>
        Number(a.trace.started_at_unix_ms) - Number(b.trace.started_at_unix_ms)
      );
    assert(first !== undefined && second !== undefined);
    const search = new SessionSearch(folder, true);
    assertEquals(search.newest(), undefined);
    const copy = (from: string) => {
      const path = join(folder, basename(from));
      Deno.copyFileSync(from, path);
      return path;
    };
    const path = copy(first.place);
    const found = search.newest();
    assertEquals(found?.bundle, path);
    assert(found !== undefined);
    assertEquals(search.after(found), undefined);
    const next = copy(second.place);
    assertEquals(search.after(found)?.bundle, next);
    assertEquals(new SessionSearch(folder, false).newest(), undefined);
    const refused = await printed(["follow", path, "--until-end"]);
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.stderr, "--until-end needs the end");
    // A log has no end: that it is removed ends the program.
    const io = recordedIo();
    const running = runProgram(["follow", path, "--from-start"], io);
    while (!io.stdout.includes("turn:1")) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    Deno.removeSync(path);
    assertEquals(await running, 4);
    assertStringIncludes(io.stderr, "was removed while it was followed");
  }));

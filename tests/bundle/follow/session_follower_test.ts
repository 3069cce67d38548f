/**
 * A session is followed while its log grows: nothing is missed, repeated, or read too early.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { BundleFormatError, LimitError } from "../../../lib/errors.ts";
import type { FollowedEvent } from "../../../lib/query/timeline/follow/followed_event.ts";
import { SessionFollower } from "../../../lib/query/timeline/follow/session_follower.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { openBundle } from "../../../lib/query/mod.ts";
import { TESTDATA } from "../../support/paths.ts";
import { everyCase, someCases } from "../../support/cases.ts";
import { inFolder } from "../../support/cli.ts";
import { GrowingBundle } from "./growing_bundle.ts";

const CASE = join(TESTDATA, "upstream", "0.169.0-agents_v2_fail", "bundle");

/** Every event of a finished bundle. */
function all(bundle: string): FollowedEvent[] {
  using session = new SessionFollower(bundle);
  return [...session.read()];
}

/** Cuts a log every few bytes, and inside each character of several bytes. */
function piecesOf(log: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let at = 1, step = 7; at < log.length; at++) {
    const isInside = ((log[at] ?? 0) & 0xc0) === 0x80;
    if (!isInside && at - start < step) continue;
    pieces.push(log.slice(start, at));
    start = at;
    // From parts of a line to several lines at once.
    step = step * 31 % 3001;
  }
  return [...pieces, log.slice(start)];
}

/** Cases whose manifest and log can be opened. */
function followable<T extends { readonly bundle: string }>(
  cases: readonly T[],
): T[] {
  return cases.filter(({ bundle }) => {
    try {
      using _ = new SessionFollower(bundle);
      return true;
    } catch (error) {
      if (error instanceof BundleFormatError) return false;
      throw error;
    }
  });
}

Deno.test("a log that grows by pieces of lines and characters has the events of the finished one, each once", () => {
  let insideCharacters = 0;
  for (const { bundle, name } of followable(someCases())) {
    inFolder((folder) => {
      const growing = new GrowingBundle(bundle, folder);
      using session = new SessionFollower(growing.path);
      const found: FollowedEvent[] = [];
      for (const piece of piecesOf(growing.log)) {
        if (((piece[0] ?? 0) & 0xc0) === 0x80) insideCharacters++;
        growing.append(piece);
        found.push(...session.read());
      }
      assertEquals(found, all(bundle), name);
    });
  }
  assert(insideCharacters > 0);
});

Deno.test("what passes between agents is followed as the timeline has it", () => {
  let compared = 0;
  for (const { bundle, name, state } of followable(everyCase())) {
    if (state === undefined) continue;
    const { entries } = getTimeline(openBundle(bundle), {
      kinds: ["edge", "undelivered"],
    });
    const shown = entries.flatMap(({ detail }) =>
      detail.type === "edge"
        ? [[detail.edge_kind, detail.from?.id, detail.to?.id].join()]
        : detail.type === "undelivered"
        ? [["agent_result", detail.from.id, detail.to.id].join()]
        : []
    );
    const followed = all(bundle).flatMap(({ detail }) =>
      detail.type === "edge"
        ? [[detail.edge_kind, detail.from?.id, detail.to.id].join()]
        : []
    );
    // A message is in no graph if no model was ever shown it, or that is not recorded.
    const unseen = [...followed];
    for (const each of shown) {
      const at = unseen.indexOf(each);
      assert(at >= 0, `${name}: ${each}`);
      unseen.splice(at, 1);
    }
    assert(
      !unseen.some((each) => /^(?:close|interrupt)_agent,/.test(each)),
      `${name}: ${unseen}`,
    );
    compared += shown.length;
  }
  assert(compared > 10, `${compared}`);
});

Deno.test("handles, ends, durations and tokens of what is followed are those of the timeline", () => {
  let compared = 0;
  for (const { bundle, name, state } of followable(everyCase())) {
    if (state === undefined) continue;
    const { entries } = getTimeline(openBundle(bundle), {
      kinds: ["thread", "turn", "inference_call", "tool_call", "code_cell"],
    });
    const byHandle = new Map(
      entries.map((entry) => [entry.object?.handle ?? "", entry]),
    );
    const events = all(bundle);
    // The timeline also has the end of a process, which is later than the end of its call.
    const outlived = new Set(
      events.filter(({ detail }) => detail.type === "process_ended")
        .map(({ object }) => object?.id),
    );
    for (const { object, detail, ...event } of events) {
      if (object === null || !/_ended$/.test(detail.type)) continue;
      const entry = byHandle.get(object.handle);
      if (entry === undefined || detail.type === "process_ended") continue;
      const where = `${name}: seq ${event.seq} ${object.handle}`;
      assertEquals(entry.object, object, where);
      if (entry.ended_seq !== event.seq) continue;
      if (!outlived.has(object.id)) {
        assertEquals(event.outcome, entry.outcome, where);
      }
      if (entry.duration_ms !== null) {
        assertEquals(event.duration_ms, entry.duration_ms, where);
      }
      if (
        detail.type === "inference_ended" &&
        entry.detail.type === "inference_call"
      ) {
        assertEquals(detail.usage, entry.detail.usage, where);
      }
      compared++;
    }
  }
  assert(compared > 200, `${compared}`);
});

Deno.test("a line without its end is not read, and is read once when it is complete", () => {
  inFolder((folder) => {
    const growing = new GrowingBundle(CASE, folder);
    using session = new SessionFollower(growing.path);
    const [first = ""] = new TextDecoder().decode(growing.log).split("\n");
    growing.appendText(first);
    assertEquals([...session.read()], []);
    assertEquals([...session.read()], []);
    growing.appendText("\n");
    assertEquals([...session.read()].map(({ seq }) => seq), [1]);
    assertEquals([...session.read()], []);
  });
});

Deno.test("what is recorded while events are read is left to the next call, with its payloads", () => {
  const name = "0.171.0-code_wait_two_cells";
  inFolder((folder) => {
    const from = join(TESTDATA, "upstream", name, "bundle");
    const growing = new GrowingBundle(from, folder);
    const shard = join(growing.path, "payloads", "000001.zst");
    const bytes = Deno.readFileSync(shard);
    // The first ten events need no more than half of the open shard.
    Deno.writeFileSync(shard, bytes.slice(0, bytes.length / 2));
    const lines = new TextDecoder().decode(growing.log).split(/(?<=\n)/);
    growing.appendText(lines.slice(0, 10).join(""));
    using session = new SessionFollower(growing.path);
    const events = session.read();
    const found: FollowedEvent[] = [];
    for (let count = 0; count < 5; count++) {
      const next = events.next();
      if (next.done !== true) found.push(next.value);
    }
    Deno.writeFileSync(shard, bytes);
    growing.appendText(lines.slice(10).join(""));
    assertEquals([...events, session.events], [10]);
    found.push(...session.read());
    assertEquals(found, all(from));
  });
});

Deno.test("a bundle that may grow is opened as far as it is complete, within the same limits", () => {
  inFolder((folder) => {
    const growing = new GrowingBundle(CASE, folder);
    growing.append(growing.log.slice(0, -9));
    const cut = openBundle(growing.path);
    const open = openBundle(growing.path, { mayGrow: true });
    assertEquals(cut.diagnostics.map(({ severity }) => severity), ["loss"]);
    assertEquals(open.diagnostics, []);
    const events = open.extent?.events ?? 0;
    assertEquals(cut.extent?.events, events + 1);
    assertEquals(open.log?.events.length, events);
    const limits = { events: events - 1 };
    const error = assertThrows(
      () => openBundle(growing.path, { mayGrow: true, limits }),
      LimitError,
    );
    assertStringIncludes(error.message, "events");
  });
});

Deno.test("what was skipped is not repeated, and what it started keeps its names", () => {
  inFolder((folder) => {
    const growing = new GrowingBundle(CASE, folder);
    using session = new SessionFollower(growing.path);
    growing.append(growing.log.slice(0, 9000));
    session.skip();
    growing.append(growing.log.slice(9000));
    const rest = [...session.read()];
    const complete = all(CASE);
    assert(rest.length > 0 && rest.length < complete.length);
    assertEquals(rest, complete.slice(-rest.length));
    assertEquals(session.outcome, "ok");
  });
});

Deno.test("a line that is no event, of an unknown type or of another rollout is reported, and the next is read", () => {
  inFolder((folder) => {
    const growing = new GrowingBundle(CASE, folder);
    using session = new SessionFollower(growing.path);
    const [first = "", second = ""] = new TextDecoder().decode(growing.log)
      .split("\n");
    const event = JSON.parse(second);
    const unknown = { ...event, seq: 3, payload: { type: "new_event" } };
    const foreign = { ...event, seq: 4, rollout_id: "another" };
    for (const line of [first, second, unknown, "torn {", foreign]) {
      const text = typeof line === "string" ? line : JSON.stringify(line);
      growing.appendText(`${text}\n`);
    }
    const found = [...session.read()].map(({ line, detail, error }) => [
      line,
      detail.type === "loss" ? detail.code : detail.type,
      error,
    ]);
    assertEquals(found.map(([line, type]) => [line, type]), [
      [1, "session_started"],
      [2, "thread_started"],
      [3, "unknown_event_type"],
      [4, "malformed_line"],
      [5, "foreign_rollout"],
    ]);
    assertStringIncludes(String(found[2]?.[2]), "does not know this type");
    assertEquals(session.outcome, null, "the end may be in the torn line");
  });
});

Deno.test("a log that is replaced, truncated or removed is an error", () => {
  const changes = {
    "was replaced by another file": (log: string) => {
      Deno.writeTextFileSync(`${log}.new`, Deno.readTextFileSync(log));
      Deno.renameSync(`${log}.new`, log);
    },
    "was truncated while it was followed": (log: string) =>
      Deno.truncateSync(log, 100),
    "was removed while it was followed": (log: string) => Deno.removeSync(log),
  };
  for (const [words, change] of Object.entries(changes)) {
    inFolder((folder) => {
      const growing = new GrowingBundle(CASE, folder);
      using session = new SessionFollower(growing.path);
      growing.append(growing.log);
      assert([...session.read()].length > 0);
      change(growing.logFile);
      assertThrows(() => [...session.read()], BundleFormatError, words);
    });
  }
});

Deno.test("a line beyond the limit is reported, and the next one is read when it is complete", () => {
  inFolder((folder) => {
    const growing = new GrowingBundle(CASE, folder);
    using session = new SessionFollower(growing.path, { line: 1000 });
    const [first = ""] = new TextDecoder().decode(growing.log).split("\n");
    growing.appendText("x".repeat(600_000));
    assertEquals([...session.read()].map(({ line }) => line), [1]);
    growing.appendText("x".repeat(600_000));
    assertEquals([...session.read()], []);
    growing.appendText(`x\n${first}\n`);
    assertEquals([...session.read()].map(({ line, seq }) => [line, seq]), [
      [2, 1],
    ]);
  });
});

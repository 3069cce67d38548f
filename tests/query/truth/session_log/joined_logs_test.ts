/**
 * The logs of a session with agents, read as one session: beside its bundle, and where the logs are not
 * what they should be.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { summarize } from "../../../../lib/query/show/show.ts";
import type { InteractionEdge } from "../../../../lib/graph/runtime.ts";
import { openLoggedSession } from "../../../../lib/query/session/session_log/joined/open_logged_session.ts";
import type { TraceSession } from "../../../../lib/query/session/session.ts";
import { JOINED } from "./sessions.ts";

Deno.test("the logs of a session have the threads, turns and edges of its bundle", () => {
  assert(JOINED.length >= 5);
  for (const { name, session, bundle, logs } of JOINED) {
    assertEquals(session.sessionLog?.logs, {
      read: logs.length,
      missing: [],
      unread: [],
    });
    const rowsOf = (each: TraceSession) => {
      const { threads, turns, tokens } = summarize(each);
      return {
        threads: threads.map(({ thread, parent, depth, nickname }) => [
          thread,
          parent,
          depth,
          nickname,
        ]),
        turns: turns.map(({ turn, thread }) => [turn, thread]),
        input_tokens: tokens.input_tokens,
      };
    };
    assertEquals(rowsOf(session), rowsOf(bundle), name);
    const [logged, recorded] = [session, bundle].map(edgesOf);
    assertEquals(logged, recorded, name);
    for (const [id, { ended_at_unix_ms: end }] of edgesIn(session)) {
      const other = bundle.trace.interaction_edges.get(id)?.ended_at_unix_ms;
      assert(Math.abs(Number(end) - Number(other)) <= 20, name);
    }
  }
});

Deno.test("each log of a session opens the same session", () => {
  for (const { logs, session } of JOINED) {
    for (const log of logs) {
      const { trace, sessionLog, extent } = openLoggedSession(log);
      assertEquals(trace, session.trace);
      assertEquals(sessionLog, session.sessionLog);
      assertEquals(extent, session.extent);
    }
  }
});

function edgesIn(session: TraceSession): [string, InteractionEdge][] {
  return [...session.trace.interaction_edges];
}

/** Edges by id, with what they are between. */
function edgesOf(session: TraceSession): unknown {
  const { conversation_items: items } = session.trace;
  const anchor = ({ type, ...ids }: InteractionEdge["source"]) => {
    const item = "item_id" in ids ? items.get(ids.item_id) : undefined;
    return item === undefined
      ? { type, ...ids }
      : { type, thread: item.thread_id, body: item.body };
  };
  return edgesIn(session)
    .map(([id, { kind, source, target, carried_item_ids: carried }]) => [
      id,
      kind,
      anchor(source),
      anchor(target),
      carried.length,
    ])
    .sort();
}

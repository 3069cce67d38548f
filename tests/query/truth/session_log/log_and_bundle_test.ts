/**
 * Session logs beside the bundles of the same sessions: what both know is equal, and what only the
 * bundle knows is unknown of the log.
 *
 * @module
 */

import { exitCodeOf } from "../../../../lib/query/evidence/command_end.ts";
import { assert, assertEquals } from "@std/assert";
import type { ConversationItem } from "../../../../lib/graph/conversation.ts";
import type { ToolCall } from "../../../../lib/graph/runtime.ts";
import {
  getOutcomes,
} from "../../../../lib/query/failures/outcome/outcomes.ts";
import { listBundle } from "../../../../lib/query/list/list_bundles.ts";
import { toolName } from "../../../../lib/query/session/names/tool_name.ts";
import type { TraceSession } from "../../../../lib/query/session/session.ts";
import { summarize } from "../../../../lib/query/show/show.ts";
import { getStats } from "../../../../lib/query/stats/stats.ts";
import { getTimeline } from "../../../../lib/query/timeline/timeline.ts";
import { getTranscript } from "../../../../lib/query/transcript/transcript.ts";
import { type Both, THREADS } from "./sessions.ts";

function forEach(what: string, check: (both: Both) => void): void {
  Deno.test(`a session log and its bundle have ${what}`, () => {
    assert(THREADS.length > 0);
    for (const both of THREADS) {
      try {
        check(both);
      } catch (error) {
        throw new Error(both.name, { cause: error });
      }
    }
  });
}

forEach("the same turns, with the same ends", ({ log, bundle, thread }) => {
  const turnsOf = ({ trace }: TraceSession) =>
    [...trace.codex_turns.values()]
      .filter(({ thread_id }) => thread_id === thread)
      .map(({ codex_turn_id: id, execution }) => [id, execution.status]);
  assertEquals(turnsOf(log), turnsOf(bundle));
  for (const [id, { execution }] of log.trace.codex_turns) {
    const recorded = bundle.trace.codex_turns.get(id)?.execution;
    assertNear(execution.ended_at_unix_ms, recorded?.ended_at_unix_ms);
    assertKnown(
      getOutcomes(log).of({ kind: "turn", id }),
      getOutcomes(bundle).of({ kind: "turn", id }),
    );
  }
});

forEach("the same items in the same order", ({ log, bundle, thread }) => {
  const logged = itemsOf(log, thread);
  const recorded = itemsOf(bundle, thread);
  assert(logged.length > 0);
  let at = 0;
  for (const item of logged) {
    const start = at;
    while (at < recorded.length && !isSame(item, recorded[at])) {
      // Only requests carry the instructions.
      assertEquals(recorded[at]?.role, "developer");
      at++;
    }
    assert(at < recorded.length, `item ${start} of ${recorded.length}`);
    at++;
  }
  assertEquals(recorded.slice(at), []);
});

forEach("the same contents of items", ({ log, bundle, thread }) => {
  const textsOf = (session: TraceSession) => {
    const entries = new Map(
      getTranscript(session, { thread })?.entries.flatMap((entry) =>
        entry.type === "item" ? [[entry.item.id, entry]] : []
      ),
    );
    return itemsOf(session, thread).flatMap(({ item_id: id, role }) => {
      const entry = entries.get(id);
      return entry === undefined || role === "developer" ? [] : [[
        entry.kind,
        entry.tool,
        entry.call_id,
        entry.parts.map(withoutRef),
      ]];
    });
  };
  assertEquals(textsOf(log), textsOf(bundle));
});

forEach("the same calls of the model", ({ log, bundle, thread }) => {
  const callsOf = (session: TraceSession) =>
    [...session.trace.tool_calls.values()]
      .filter(({ requester, thread_id }) =>
        requester.type === "model" && thread_id === thread
      );
  const logged = callsOf(log);
  const recorded = new Map(
    callsOf(bundle).map((tool) => [tool.tool_call_id, tool]),
  );
  // Early recorders have the call of a code cell as the cell alone.
  const cells = [...bundle.trace.code_cells.values()]
    .map(({ model_visible_call_id: id }) => id);
  assertEquals(
    new Set(logged.map(({ tool_call_id: id }) => id)),
    new Set([
      ...recorded.keys(),
      ...thread === bundle.trace.root_thread_id ? cells : [],
    ]),
  );
  for (const tool of logged) {
    const other = recorded.get(tool.tool_call_id);
    if (other === undefined) {
      assert(cells.includes(tool.tool_call_id));
      continue;
    }
    assertEquals(toolName(tool), toolName(other));
    assertEquals(tool.kind.type, other.kind.type);
    assertEquals(
      tool.started_by_codex_turn_id,
      other.started_by_codex_turn_id,
    );
    assertEquals(outputsOf(log, tool), outputsOf(bundle, other));
    assertKnown(exitCodeOf(log, tool), exitCodeOf(bundle, other));
    assertKnown(getOutcomes(log).tool(tool), getOutcomes(bundle).tool(other));
  }
});

forEach("the same tokens", ({ log, bundle, thread }) => {
  const [a, b] = [summarize(log), summarize(bundle)];
  const of = ({ tokens }: { tokens: typeof a.tokens }) => {
    const {
      calls: _calls,
      calls_with_usage: _with,
      compaction_requests: _requests,
      ...counts
    } = tokens;
    return counts;
  };
  const rows = [a, b].map(({ threads }) =>
    threads.find((each) => each.thread.id === thread)
  );
  const [own, row] = rows;
  assert(own !== undefined && row !== undefined);
  assertCounts(of(own), of(row));
  if (a.threads.length === b.threads.length) assertCounts(of(a), of(b));
  for (const turn of a.turns) {
    const other = b.turns.find((each) => each.turn.id === turn.turn.id);
    assert(other !== undefined);
    assertCounts(of(turn), of(other));
    assertEquals(turn.time_to_first_token_ms, other.time_to_first_token_ms);
    assertEquals(turn.model_context_window, other.model_context_window);
  }
});

forEach("the same facts of the session", ({ log, bundle, thread }) => {
  const [a, b] = [summarize(log), summarize(bundle)];
  const [own, row] = [a, b].map(({ threads }) =>
    threads.find((each) => each.thread.id === thread)
  );
  assert(own !== undefined && row !== undefined);
  assertEquals(a.identity.rollout_id, b.identity.rollout_id);
  assertEquals(a.identity.cwd, b.identity.cwd);
  assertEquals(
    a.models.map(({ model }) => model),
    b.models.map(({ model }) => model),
  );
  for (
    const key of [
      "agent_path",
      "nickname",
      "model",
      "origin",
      "parent",
      "parent_thread_id",
      "thread_source",
    ] as const
  ) {
    // Older versions give agents no paths, and recorders have that of the root in their place.
    if (key === "agent_path" && own.agent_path === thread) continue;
    if (key === "parent") assertEquals(own.parent?.id, row.parent?.id);
    else assertKnown(own[key], row[key], key);
  }
  assertKnown(own.settings.approval_policy, row.settings.approval_policy);
  assertKnown(own.settings.permissions_type, row.settings.permissions_type);
  if (thread !== bundle.trace.root_thread_id) return;
  assertEquals(a.identity.session_source, b.identity.session_source);
  assertEquals(a.prompt?.text, b.prompt?.text);
  assertEquals(a.answer?.text, b.answer?.text);
});

forEach(
  "the same times in a timeline, where both have them",
  ({ log, bundle }) => {
    const recorded = new Map(
      getTimeline(bundle).entries.map((each) => [each.object?.id, each]),
    );
    for (const entry of getTimeline(log).entries) {
      const { kind, object, duration_ms: took, issue } = entry;
      assert(issue !== "incomplete", kind);
      if (kind !== "turn") {
        assertEquals(took, null, kind);
        continue;
      }
      const { ended_at_unix_ms: end = null } = recorded.get(object?.id) ?? {};
      assertNear(entry.ended_at_unix_ms, end);
    }
  },
);

forEach(
  "the same sums of tokens by model and by turn",
  ({ log, bundle, thread }) => {
    if (bundle.trace.threads.size > 1) return;
    for (const by of ["model", "turn", "thread", "project"] as const) {
      const of = (session: TraceSession) =>
        getStats(session, { by }).rows.map(({ object, group, tokens }) => [
          object?.id ?? group,
          tokens?.input_tokens,
          tokens?.cached_input_tokens,
          tokens?.output_tokens,
        ]);
      assertEquals(of(log), of(bundle), `${by} of ${thread}`);
    }
  },
);

forEach("the same compactions", ({ log, bundle, thread }) => {
  const of = ({ trace }: TraceSession) =>
    [...trace.compactions.values()]
      .filter(({ thread_id }) => thread_id === thread)
      .map(({ compaction_id, input_item_ids, replacement_item_ids }) => [
        compaction_id,
        input_item_ids.length,
        replacement_item_ids.length,
      ]);
  assertEquals(of(log), of(bundle));
});

forEach("nothing of requests in the log", ({ log }) => {
  const answer = summarize(log);
  const { completeness, identity, turns, models, time } = answer;
  assertEquals(identity.outcome, null);
  assertEquals(identity.trace_id, null);
  assertEquals(identity.schema_version, null);
  assertEquals(completeness.is_complete, false);
  assertEquals(completeness.is_session_log, true);
  for (const { calls, failed_calls, tokens } of turns) {
    assertEquals([calls, failed_calls, tokens.calls], [null, null, null]);
  }
  for (const { calls, provider_name: provider } of models) {
    assertEquals([calls, provider], [null, null]);
  }
  assertEquals(time.model_ms, null);
  assertEquals(answer.code_cells.cells, null);
  const { counts, outcome } = listBundle(log.place);
  assertEquals(outcome, null);
  assertEquals(counts?.llm_requests, null);
  assertEquals(counts?.threads, null);
  assertEquals(answer.session_log?.unknown_lines, []);
  assertEquals(completeness.skipped_events, 0);
});

/** Times of one event that two writers took, one after the other. */
function assertNear(
  a: number | bigint | null,
  b: number | bigint | null | undefined,
): void {
  assert(a !== null && b !== null && b !== undefined);
  assert(Math.abs(Number(a) - Number(b)) <= 10, `${a} and ${b}`);
}

/** What the log has is the same; what it has not is unknown. */
function assertKnown<T>(own: T, recorded: T, what?: string): void {
  if (own !== null) assertEquals(own, recorded, what);
}

/**
 * The history of a thread: the last request and its response. The thread lists a message to an agent
 * before the items that its request had in front of it, and it alone has what was compacted.
 */
function itemsOf(
  { trace }: TraceSession,
  thread: string,
): ConversationItem[] {
  const isOwn = ({ thread_id }: { thread_id: string }) => thread_id === thread;
  const last = [...trace.inference_calls.values()].filter(isOwn).at(-1);
  const ids = last === undefined || trace.compactions.values().some(isOwn)
    ? trace.threads.get(thread)?.conversation_item_ids ?? []
    : [...last.request_item_ids, ...last.response_item_ids];
  const own = new Set(
    trace.tool_calls.values().filter(isOwn)
      .map((tool) => tool.model_visible_call_id),
  );
  return ids.flatMap((id) => trace.conversation_items.get(id) ?? [])
    // Requests have an output for each call that was copied to a fork without one.
    .filter(({ role, call_id, body: { parts: [part] } }) =>
      role !== "tool" || own.has(call_id) ||
      part?.type !== "text" || part.text !== "aborted"
    );
}

function isSame(a: ConversationItem, b: ConversationItem | undefined): boolean {
  // In a bundle, the turn of an inherited item is the one that sent it first.
  const turn = a.codex_turn_id;
  return b !== undefined &&
    contentOf(a) ===
      contentOf(turn === null ? { ...b, codex_turn_id: null } : b);
}

function contentOf(item: ConversationItem): string {
  const { role, channel, kind, call_id, agent_message, body, codex_turn_id } =
    item;
  return JSON.stringify([
    role,
    channel,
    kind,
    call_id,
    agent_message,
    codex_turn_id,
    body.parts.map(withoutRef),
  ]);
}

/** A part without the payload that it was read from. */
function withoutRef(part: object): object {
  const { raw_payload_id: _id, payload: _payload, ...rest } = part as {
    raw_payload_id?: string;
    payload?: unknown;
  };
  return rest;
}

function outputsOf({ trace }: TraceSession, tool: ToolCall): unknown {
  // The reference links copies of an output in the histories of other threads, too.
  return tool.model_visible_output_item_ids
    .flatMap((id) => trace.conversation_items.get(id) ?? [])
    .filter(({ thread_id: thread }) => thread === tool.thread_id)
    .map(({ body }) => body.parts.map(withoutRef));
}

/** Checks counts; those that older versions of Codex do not log are unknown. */
function assertCounts(
  logged: Record<string, unknown>,
  recorded: Record<string, unknown>,
): void {
  assert(Object.values(logged).some((count) => count !== null));
  for (const [key, count] of Object.entries(logged)) {
    if (key === "cache_write_input_tokens") assertKnown(count, recorded[key]);
    else assertEquals(count, recorded[key], key);
  }
}

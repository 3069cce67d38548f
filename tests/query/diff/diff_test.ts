/**
 * Comparisons, against payloads, state.json and a slower way to align.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type {
  ConversationDiff,
  ItemChange,
  Measure,
  SessionDiff,
  TurnPair,
} from "../../../lib/query/diff/diff_answer.ts";
import { ItemContents } from "../../../lib/query/evidence/recorded/item_contents.ts";
import {
  diffRequests,
  getPreviousRequest,
} from "../../../lib/query/diff/request_diff.ts";
import { diffSessions } from "../../../lib/query/diff/session_diff.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { everyCase, type GoldenCase, slowTest } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import {
  rawEvents,
  rawPayload,
  type RawRef,
} from "../../support/log_oracle.ts";
import { rawRequests } from "../../support/request_oracle.ts";
import { commonLength } from "./common_length.ts";

const CASES = everyCase().filter(({ state }) => state !== undefined);

type Json = Record<string, unknown>;

function stateOf({ state }: GoldenCase) {
  return JSON.parse(Deno.readTextFileSync(state ?? ""));
}

function getPayload({ bundle }: GoldenCase, state: Json, id: string): Json {
  const payloads = Object(state["raw_payloads"]);
  return rawPayload(bundle, payloads[id]);
}

function upstream(name: string) {
  return openBundle(join(TESTDATA, "upstream", name, "bundle"));
}

slowTest("a session does not differ from itself", () => {
  for (const { bundle, name } of CASES) {
    const a = openBundle(bundle);
    const diff = diffSessions(a, openBundle(bundle));
    const isPartial = [...a.trace.raw_payloads.values()].some(({ capture }) =>
      capture !== undefined
    );
    // What was not recorded may differ.
    assertEquals(diff.same, isPartial ? null : true, name);
    assertEquals(
      diff.threads.map(({ conversation }) => conversation?.kept),
      [...a.trace.threads.values()].map((thread) =>
        thread.conversation_item_ids.length
      ),
    );
  }
});

Deno.test("a request does not differ from itself", () => {
  for (const { bundle } of CASES) {
    const session = openBundle(bundle);
    for (const id of session.trace.inference_calls.keys()) {
      const diff = diffRequests(session, id, id);
      assert(diff !== undefined);
      const { request_capture, unrecorded_items } = diff.a;
      const isKnown = request_capture === null && unrecorded_items === 0;
      assertEquals(diff.same, isKnown ? true : null);
      if (request_capture === null) assertEquals(diff.members?.changes, []);
    }
  }
});

Deno.test("compared the other way round, the same differs", () => {
  const pairs = [
    ["0.169.0-agents_v2_fail", "0.169.0-agents_v2"],
    ["0.164.0-agents_v2", "0.169.0-agents_v2"],
    ["0.164.0-agents_v2_sol_tree", "0.169.0-agents_v2"],
    ["0.169.0-code_mode", "0.169.0-code_mode_tools"],
    ["0.164.0-compact_remote_manual", "0.169.0-compact_remote_manual"],
    ["0.164.0-stdin_session", "0.169.0-hello"],
  ] as const;
  for (const [one, other] of pairs) {
    const [a, b] = [upstream(one), upstream(other)];
    const diff = diffSessions(a, b);
    assert(!diff.same);
    assertEquals(normal(mirrored(diff)), normal(diffSessions(b, a)));
  }
});

function mirrored(diff: SessionDiff): SessionDiff {
  return {
    ...diff,
    a: diff.b,
    b: diff.a,
    measures: diff.measures.map(({ measure, a, b }) => ({
      measure,
      a: b,
      b: a,
    })),
    tools: diff.tools.map((each) => ({
      tool: each.tool,
      calls_a: each.calls_b,
      calls_b: each.calls_a,
      failed_a: each.failed_b,
      failed_b: each.failed_a,
    })),
    threads: diff.threads.map(({ agent_path, a, b, conversation: each }) => ({
      agent_path,
      a: b,
      b: a,
      conversation: each && mirroredConversation(each),
    })),
    turns: {
      ...diff.turns,
      threads: diff.turns.threads.map(({ agent_path, a, b, turns }) => ({
        agent_path,
        a: b,
        b: a,
        turns: turns.map(mirroredTurns),
      })),
    },
  };
}

function mirroredTurns(pair: TurnPair): TurnPair {
  const { a, b, counts } = pair;
  return {
    ...pair,
    a: b,
    b: a,
    counts: {
      ...counts,
      only_a: counts.only_b,
      only_b: counts.only_a,
      not_aligned_a: counts.not_aligned_b,
      not_aligned_b: counts.not_aligned_a,
    },
  };
}

function mirroredConversation(diff: ConversationDiff): ConversationDiff {
  return {
    ...diff,
    items_a: diff.items_b,
    items_b: diff.items_a,
    added: diff.removed,
    removed: diff.added,
    last_common: diff.last_common &&
      { a: diff.last_common.b, b: diff.last_common.a },
    hunks: diff.hunks.map(({ after_a, after_b, changes }) => ({
      after_a: after_b,
      after_b: after_a,
      changes: changes.map(mirroredChange),
    })),
  };
}

function mirroredChange(each: ItemChange): ItemChange {
  switch (each.change) {
    case "added":
      return { change: "removed", a: each.b };
    case "removed":
      return { change: "added", b: each.a };
    case "moved":
      return { change: "moved", a: each.b, b: each.a };
    case "rewritten":
      return {
        ...each,
        a: each.b,
        b: each.a,
        texts: each.texts && { a: each.texts.b, b: each.texts.a },
      };
  }
}

/** The same with lists in an order that does not depend on which is first. */
function normal(diff: SessionDiff): unknown {
  const byText = (a: unknown, b: unknown) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
  return {
    ...diff,
    tools: [...diff.tools].sort(byText),
    // Which of two steps that differ is first depends on the side.
    turns: diff.turns.threads.map((thread) => ({
      ...thread,
      turns: thread.turns.map((pair) => ({ ...pair, steps: [] })),
    })).sort(byText),
    threads: diff.threads.map((thread) => ({
      ...thread,
      conversation: thread.conversation && {
        ...thread.conversation,
        moved: thread.conversation.hunks.flatMap(({ changes }) =>
          changes.filter(({ change }) => change === "moved")
        ).sort(byText),
        // What moved is at its place in the second.
        hunks: thread.conversation.hunks.map((hunk) => ({
          ...hunk,
          changes: hunk.changes.filter(({ change }) => change !== "moved")
            .sort(byText),
        })).filter(({ changes }) => changes.length > 0),
      },
    })).sort(byText),
  };
}

Deno.test("requests differ in what their payloads, taken apart, differ in", () => {
  let compared = 0;
  for (const each of CASES) {
    const session = openBundle(each.bundle);
    const state = stateOf(each);
    for (const id of session.trace.inference_calls.keys()) {
      const before = getPreviousRequest(session, id);
      if (before === undefined) continue;
      const diff = diffRequests(session, before, id);
      const [a, b] = [before, id].map((call) =>
        getPayload(
          each,
          state,
          state.inference_calls[call].raw_request_payload_id,
        )
      );
      assert(diff !== undefined && a !== undefined && b !== undefined);
      if (diff.members === null) continue;
      assertEquals(
        new Set(diff.members.changes.map(({ path }) => path[0])),
        new Set(differingKeys(a, b)),
        each.name,
      );
      if (isIncremental(a) || isIncremental(b)) continue;
      const [one, other] = [elementsOf(a), elementsOf(b)];
      const { conversation: result } = diff;
      if (result === null || diff.a.unrecorded_items > 0) continue;
      // Elements that are no items are not in the graph.
      if (one.length !== result.items_a || other.length !== result.items_b) {
        continue;
      }
      compared++;
      assertEquals(result.kept, commonLength(one, other), each.name);
      const both = result.kept + result.rewritten + result.moved;
      assertEquals(both + result.removed, one.length);
      assertEquals(both + result.added, other.length);
    }
  }
  assert(compared > 20, `${compared} requests were compared`);
});

function isIncremental(request: Json): boolean {
  return typeof request["previous_response_id"] === "string";
}

/** The texts of elements: their ids are not sent back the same by every version. */
function elementsOf(request: Json): string[] {
  const { input } = request;
  return (Array.isArray(input) ? input : []).map((element: Json) => {
    const { id: _id, internal_chat_message_metadata_passthrough: _, ...rest } =
      element;
    return JSON.stringify(rest);
  });
}

function differingKeys(a: Json, b: Json): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) =>
    key !== "input" && sorted(a[key]) !== sorted(b[key])
  );
}

/** JSON with keys in one order. */
function sorted(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each) =>
      typeof each === "object" && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort())
        : each,
  ) ?? "";
}

/** Whether a request or a response, or an item of one, was not recorded. */
function lacksItems(bundle: string): boolean {
  const inputs = [...rawRequests(bundle).values()].map(({ input }) => input);
  const answers = rawEvents(bundle).flatMap(({ payload }) =>
    payload.response_payload ?? payload.partial_response_payload ?? []
  );
  return [...inputs, ...answers].some(({ capture, parts = [] }: RawRef) =>
    capture !== undefined ||
    parts.some(({ kind, capture: lost }) =>
      lost !== undefined && kind?.type === "model_item"
    )
  );
}

Deno.test("sessions are counted as their state.json counts them", () => {
  for (const each of CASES) {
    const state = stateOf(each);
    const session = openBundle(each.bundle);
    const { measures } = diffSessions(session, session);
    const result = new Map(measures.map(({ measure, a }) => [measure, a]));
    const calls: Json[] = Object.values(state.inference_calls);
    const usages = calls.flatMap(({ usage }) => usage ?? []).map(Object);
    const payloads = Object(state["raw_payloads"]);
    const isLost = calls.some(({ raw_response_payload_id: id }) =>
      payloads[String(id)]?.capture !== undefined
    );
    const tokens = (key: string) =>
      usages.length === 0 || isLost
        ? null
        : usages.reduce((sum, usage) => sum + BigInt(usage[key]), 0n);
    const expected: Partial<Record<Measure, number | bigint | null>> = {
      turns: Object.keys(state.codex_turns).length,
      calls: calls.length,
      // A call that was interrupted, `cancelled` or `aborted`, did not fail.
      failed_calls: calls.filter(({ execution }) =>
        Object(execution).status === "failed"
      ).length,
      input_tokens: tokens("input_tokens"),
      cached_input_tokens: tokens("cached_input_tokens"),
      output_tokens: tokens("output_tokens"),
      reasoning_output_tokens: tokens("reasoning_output_tokens"),
      tool_calls: Object.keys(state.tool_calls).length,
      code_cells: Object.keys(state.code_cells).length,
      compactions: Object.keys(state.compactions).length,
      threads: Object.keys(state.threads).length,
      items: lacksItems(each.bundle)
        ? null
        : Object.keys(state.conversation_items).length,
    };
    for (const [measure, value] of Object.entries(expected)) {
      assertEquals(
        String(
          [...result].find(([key]) => key === measure)?.[1],
        ),
        String(value),
        `${each.name}: ${measure}`,
      );
    }
  }
});

Deno.test("what the graph cuts of a call is compared completely", () => {
  let full = 0;
  for (const each of CASES) {
    const session = openBundle(each.bundle);
    const contents = new ItemContents(session);
    const state = stateOf(each);
    for (const item of session.trace.conversation_items.values()) {
      const [part] = item.body.parts;
      if (item.kind !== "function_call" || part?.type !== "json") continue;
      if (!part.summary.endsWith("...")) continue;
      const payload = getPayload(each, state, part.raw_payload_id);
      const elements = [payload["output_items"], payload["input"]].flatMap((
        list,
      ) => Array.isArray(list) ? list : []);
      const element = elements.find(({ call_id: call, type }) =>
        call === item.call_id && type === "function_call"
      );
      assertEquals(contents.text(item), element.arguments);
      assert(contents.text(item).length > part.summary.length - 3);
      full++;
    }
  }
  assert(full > 0);
});

Deno.test("two runs part where their texts differ", () => {
  const { threads } = diffSessions(
    upstream("0.169.0-agents_v2_fail"),
    upstream("0.169.0-agents_v2"),
  );
  const [root, bad, kid] = threads;
  assertEquals(root?.conversation?.common, 5);
  assertEquals(root?.conversation?.hunks[0]?.changes[0]?.change, "rewritten");
  assertEquals([bad?.agent_path, bad?.b, bad?.conversation], [
    "/root/bad",
    null,
    null,
  ]);
  assertEquals([kid?.agent_path, kid?.a], ["/root/kid", null]);
});

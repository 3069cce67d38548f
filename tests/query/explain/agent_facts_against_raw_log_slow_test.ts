/**
 * What `explain` reports about agents, compactions and turns, against the lines of the log that prove
 * it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import type {
  ExplainAnswer,
  Step,
} from "../../../lib/query/explain/explain_answer.ts";
import { CORPUS } from "../../support/cases.ts";
import {
  type Case,
  CASES,
  Explained,
  factOf,
  inputOf,
  payload,
  type Raw,
  Tally,
} from "./raw_facts.ts";

/** What the runtime of an agent's tool reported about another thread. */
function activities(one: Case) {
  return one.events.flatMap(({ seq, payload: result }) => {
    if (result.type !== "tool_call_runtime_ended") return [];
    const body = payload(one, result.runtime_payload);
    const thread = body.agent_thread_id ?? body.new_thread_id ??
      body.receiver_thread_id;
    if (typeof thread !== "string") return [];
    const started = one.events.find(({ payload: each }) =>
      each.type === "tool_call_started" &&
      each.tool_call_id === result.tool_call_id
    );
    const kind = started === undefined ? "" : activityOf(one, started.payload);
    return [{ seq, tool: result.tool_call_id, thread, kind }];
  });
}

/** What a call did; the recorder has one kind for two tools, which the invocation names. */
function activityOf(one: Case, { kind, invocation_payload: ref }: Raw): string {
  return kind.type === "close_agent" && ref &&
      payload(one, ref).tool_name === "interrupt_agent"
    ? "interrupt_agent"
    : kind.type;
}

Deno.test("explain reports which call spawned, messaged, tasked, closed or interrupted an agent", () => {
  const relations: Readonly<Record<string, Step["relation"]>> = {
    spawn_agent: "spawned_by",
    assign_agent_task: "task_assigned_by",
    send_message: "messaged_by",
  };
  const endings: Readonly<Record<string, Step["relation"]>> = {
    close_agent: "closed_by",
    interrupt_agent: "interrupted_by",
  };
  const tallies = new Map<string, Tally>();
  for (const one of CASES) {
    const explained = new Explained(one);
    const state = JSON.parse(
      Deno.readTextFileSync(join(one.folder, "expected.state.json")),
    );
    const edges: Raw[] = Object.values(state.interaction_edges);
    for (const { seq, tool, thread, kind } of activities(one)) {
      if (state.threads[thread] === undefined) continue;
      // A message that never arrived leaves no edge.
      const isThere = edges.some(({ source }) => source.tool_call_id === tool);
      if (!isThere) continue;
      const where = `${one.name} ${tool}`;
      const answer = explained.of("thread", thread);
      const relation = relations[kind];
      if (relation === undefined) {
        const ended = answer.downstream.filter(({ relation, object }) =>
          Object.values(endings).includes(relation) && object?.id === tool
        ).map((step) => step.relation);
        assertEquals(ended, [endings[kind]], where);
      } else {
        const senders = answer.upstream.filter((step) =>
          step.relation === relation
        ).flatMap(({ steps }) => steps);
        const step = senders.find(({ object }) => object?.id === tool);
        assertEquals(step?.relation, "sent_by", where);
      }
      const { downstream: leads } = explained.of("tool_call", tool);
      const along = leads.filter((step) => step.relation === "source_of_edge");
      assert(
        along.some(({ evidence }) =>
          evidence.some((each) => Number(each.seq) === seq)
        ),
        where,
      );
      const tally = tallies.get(kind) ?? new Tally();
      tallies.set(kind, tally);
      tally.add();
    }
  }
  (tallies.get("spawn_agent") ?? new Tally()).atLeast(3);
  if (!existsSync(CORPUS)) return;
  for (const kind of Object.keys(endings)) {
    (tallies.get(kind) ?? new Tally()).atLeast(3);
  }
});

Deno.test("explain reports where the result of an agent went, and who was waiting", () => {
  const tally = new Tally();
  for (const one of CASES) {
    const explained = new Explained(one);
    const { trace } = explained.session;
    for (const { seq, payload: result } of one.events) {
      if (result.type !== "agent_result_observed") continue;
      if (!trace.interaction_edges.has(result.edge_id)) continue;
      const where = `${one.name} seq ${seq}`;
      const child = explained.of("thread", result.child_thread_id);
      const parent = explained.of("thread", result.parent_thread_id);
      const ids = ({ downstream: leads }: ExplainAnswer, relation: string) =>
        leads.filter((step) => step.relation === relation)
          .map(({ object }) => object?.id);
      assert(ids(child, "reported_result").includes(result.edge_id), where);
      assert(ids(parent, "received_result").includes(result.edge_id), where);
      const edge = explained.of("edge", result.edge_id);
      const waiting = one.events.filter(({ payload: each, thread_id }) =>
        each.type === "tool_call_started" &&
        each.kind.type === "wait_agent" &&
        thread_id === result.parent_thread_id &&
        (runsAt(one, each, seq) || arrivedWithOutput(one, each, result))
      ).map(({ payload: each }) => each.tool_call_id);
      assertEquals(ids(edge, "waited_for_by_call"), waiting, where);
      const [became] = edge.downstream.filter((step) =>
        step.relation === "delivered_into"
      );
      const item = trace.conversation_items.get(became?.object?.id ?? "");
      const text = item?.body.parts.map((part) =>
        part.type === "text" ? part.text : ""
      ).join("");
      assert(text !== undefined && textIn(text, result.message), where);
      tally.add();
    }
  }
  tally.atLeast(3);
});

/** Whether the first request that shows a wait's output is the first that shows the message. */
function arrivedWithOutput(one: Case, wait: Raw, result: Raw): boolean {
  const words = JSON.stringify(result.message.split("\n").at(-1)).slice(1, -1);
  const first = one.events.find(({ payload: each }) =>
    each.type === "inference_started" &&
    each.thread_id === result.parent_thread_id &&
    inputOf(payload(one, each.request_payload)).some((item) =>
      item.type.endsWith("_output") &&
      item.call_id === wait.model_visible_call_id
    )
  );
  if (first === undefined) return false;
  const shown = (each: Raw) =>
    JSON.stringify(payload(one, each.payload.request_payload)).includes(words);
  return shown(first) &&
    !one.events.some((each) =>
      each.seq < first.seq && each.payload.type === "inference_started" &&
      each.payload.thread_id === result.parent_thread_id && shown(each)
    );
}

/** Early releases delivered messages as JSON. */
function textIn(text: string, message: string): boolean {
  return text.includes(message) || JSON.parse(text).content === message;
}

function runsAt(one: Case, tool: Raw, seq: number): boolean {
  const of = (type: string) =>
    one.events.find(({ payload: result }) =>
      result.type === type && result.tool_call_id === tool.tool_call_id
    )?.seq;
  const [start, end] = [of("tool_call_started"), of("tool_call_ended")];
  return start < seq && (end === undefined || end > seq);
}

Deno.test("explain reports what a compaction replaced, by what, and the next request", () => {
  const tally = new Tally();
  for (const one of CASES) {
    const explained = new Explained(one);
    for (const { seq, thread_id: thread, payload: result } of one.events) {
      if (result.type !== "compaction_installed") continue;
      const where = `${one.name} seq ${seq}`;
      const body = payload(one, result.checkpoint_payload);
      const answer = explained.of("compaction", result.compaction_id);
      const before = body.input_history.filter(isItem).length;
      const after = body.replacement_history.filter(isItem).length;
      assertEquals(factOf(answer, "items_before"), before, where);
      assertEquals(factOf(answer, "items_after"), after, where);
      const next = one.events.find((each) =>
        each.seq > seq && each.payload.type === "inference_started" &&
        each.payload.thread_id === thread
      );
      assertEquals(
        factOf(answer, "next_request") ?? undefined,
        next?.payload.inference_call_id,
        where,
      );
      const requests = answer.upstream.filter((step) =>
        step.relation === "compacted_by_request"
      ).map(({ object }) => object?.id);
      const expected = one.events.filter(({ payload: each }) =>
        each.type === "compaction_request_started" &&
        each.compaction_id === result.compaction_id
      ).map(({ payload: each }) => each.compaction_request_id);
      assertEquals(requests, expected, where);
      tally.add();
    }
  }
  tally.atLeast(2);
});

function isItem({ type }: Raw): boolean {
  return type !== "additional_tools" && type !== "configuration_update";
}

Deno.test("explain reports what a turn began with, as its first request ends", () => {
  const tally = new Tally();
  for (const one of CASES) {
    const explained = new Explained(one);
    for (const { payload: result } of one.events) {
      if (result.type !== "codex_turn_started") continue;
      const first = one.events.find(({ payload: each }) =>
        each.type === "inference_started" &&
        each.codex_turn_id === result.codex_turn_id
      );
      if (first === undefined) continue;
      const { input } = payload(one, first.payload.request_payload);
      const last = input.at(-1);
      const text = last?.content?.[0]?.text;
      if (last?.type !== "message" || typeof text !== "string") continue;
      const { facts } = explained.of("turn", result.codex_turn_id);
      const fact = facts.find(({ name }) => name === "turn_began_with");
      const where = `${one.name} ${result.codex_turn_id}`;
      assertEquals(fact?.value, text.replace(/\s+/g, " ").trim(), where);
      assertEquals(fact?.object?.kind, "item");
      tally.add();
    }
  }
  tally.atLeast(10);
});

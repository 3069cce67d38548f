/**
 * What `explain` answers, against answers that are worked out from the raw log and the payload
 * files alone: neither the reducer nor the questions have a part in them.
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
import { explain } from "../../../lib/query/explain/explain.ts";
import { getFailures } from "../../../lib/query/failures/failures.ts";
import { GraphLinks } from "../../../lib/query/evidence/links/graph_links.ts";
import {
  OBJECT_KINDS,
  type ObjectKind,
} from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { Session } from "../../../lib/query/session/session.ts";
import {
  casesBelow,
  type ConformanceCase,
} from "../../reduce/reference/conformance.ts";
import { CORPUS } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { rawPayload } from "../../support/log_oracle.ts";

/** What `JSON.parse` returns, without a type. */
// deno-lint-ignore no-explicit-any
type Raw = any;

/** A case with its log as plain objects. */
interface Case extends ConformanceCase {
  readonly events: readonly Raw[];
  readonly lines: readonly string[];
}

const CASES: readonly Case[] = [
  ...casesBelow(join(TESTDATA, "upstream")),
  ...existsSync(CORPUS) ? casesBelow(CORPUS) : [],
].filter(({ folder }) => existsSync(join(folder, "expected.state.json"))).map(
  (each) => {
    const lines = Deno.readTextFileSync(join(each.bundle, "trace.jsonl"))
      .split("\n").filter((line) => line.trim() !== "");
    return { ...each, lines, events: lines.map((line) => JSON.parse(line)) };
  },
).filter(({ lines }) =>
  // What the recorder's limits left out is in no payload, and in no answer.
  !lines.some((line) => line.includes('"capture":{'))
);

function payload({ bundle }: Case, ref: Raw): Raw {
  return rawPayload(bundle, ref);
}

/** Explains objects of one case; links and failures are worked out once. */
class Explained {
  readonly session: Session;
  readonly #links: GraphLinks;
  readonly #failures: ReturnType<typeof getFailures>;

  constructor({ bundle }: Case) {
    this.session = openBundle(bundle);
    this.#links = new GraphLinks(this.session.trace);
    this.#failures = getFailures(this.session);
  }

  of(kind: ObjectKind, id: string): ExplainAnswer {
    const answer = explain(
      this.session,
      this.session.names.ref(kind, id),
      { links: this.#links, failures: this.#failures },
    );
    assert(answer !== null, `${kind} ${id} is not in the graph`);
    return answer;
  }
}

/** All steps of a chain, the nearest first. */
function allSteps(steps: readonly Step[]): Step[] {
  const found = [...steps];
  for (let at = 0; at < found.length; at++) {
    found.push(...found[at]?.steps ?? []);
  }
  return found;
}

function stepWith(
  steps: readonly Step[],
  ...relations: Step["relation"][]
): Step | undefined {
  return allSteps(steps).find(({ relation }) => relations.includes(relation));
}

function factOf({ facts }: ExplainAnswer, name: string) {
  const fact = facts.find((each) => each.name === name);
  return fact?.object?.id ?? fact?.value;
}

/** Answers of models with the items they held. */
function answersIn(one: Case): { event: Raw; items: Raw[] }[] {
  return one.events.flatMap((event) => {
    const ref = event.payload.response_payload ??
      event.payload.partial_response_payload;
    return event.payload.type.startsWith("inference_") && ref
      ? [{ event, items: payload(one, ref).output_items ?? [] }]
      : [];
  });
}

/** Counts what was compared, so that a test without a case cannot pass. */
class Tally {
  #count = 0;
  add(): void {
    this.#count++;
  }
  atLeast(least: number): void {
    assert(this.#count >= least, `only ${this.#count} compared`);
  }
}

Deno.test("explain names the request that produced each tool call of a model", () => {
  const tally = new Tally();
  for (const one of CASES) {
    const explained = new Explained(one);
    const answers = answersIn(one);
    for (const { payload: result, thread_id: thread, seq } of one.events) {
      if (result.type !== "tool_call_started") continue;
      if (result.requester.type !== "model") continue;
      const call = result.model_visible_call_id;
      const asking = answers.filter(({ event, items }) =>
        event.seq < seq && event.thread_id === thread &&
        items.some((item) =>
          item.call_id === call && item.type.endsWith("_call")
        )
      );
      const [asked] = asking;
      if (asked === undefined || asking.length > 1) continue;
      const answer = explained.of("tool_call", result.tool_call_id);
      const step = stepWith(answer.upstream, "answered_by", "requested_by");
      const where = `${one.name} ${result.tool_call_id}`;
      assertEquals(
        step?.object?.id,
        asked.event.payload.inference_call_id,
        where,
      );
      assert(
        step?.evidence.some((each) => Number(each.seq) === asked.event.seq),
        where,
      );
      assertEquals(factOf(answer, "asked_for_in"), step?.object?.id, where);
      tally.add();
    }
  }
  tally.atLeast(20);
});

Deno.test("explain names the cell that issued each nested call", () => {
  const tally = new Tally();
  for (const one of CASES) {
    const explained = new Explained(one);
    for (const { payload: result, thread_id: thread, seq } of one.events) {
      if (result.requester?.type !== "code_cell") continue;
      const cell = one.events.findLast((each) =>
        each.seq < seq && each.thread_id === thread &&
        each.payload.type === "code_cell_started" &&
        each.payload.runtime_cell_id === result.requester.runtime_cell_id
      );
      const { upstream } = explained.of("tool_call", result.tool_call_id);
      const [step] = upstream;
      const where = `${one.name} ${result.tool_call_id}`;
      assertEquals(step?.relation, "issued_by_cell", where);
      assertEquals(
        step?.object?.id,
        `code_cell:${cell.payload.model_visible_call_id}`,
        where,
      );
      assertEquals(step?.evidence.map((each) => Number(each.seq)), [seq]);
      // The cell in turn was written by the model, in an answer that holds its source.
      const written = stepWith(upstream, "answered_by");
      const answer = answersIn(one).find(({ items, event }) =>
        event.thread_id === thread &&
        items.some((item) =>
          item.type === "custom_tool_call" &&
          item.call_id === cell.payload.model_visible_call_id
        )
      );
      assertEquals(
        written?.object?.id,
        answer?.event.payload.inference_call_id,
        where,
      );
      tally.add();
    }
  }
  tally.atLeast(3);
});

/** Where the output of a call is from, by the events that name the call. */
function sourceOfCall(one: Case, thread: string, call: string): string | null {
  const about = one.events.filter(({ payload: result, thread_id }) =>
    thread_id === thread && result.model_visible_call_id === call
  ).map(({ payload: result }) => result);
  if (about.some(({ type }) => type === "code_cell_started")) {
    return "code_cell";
  }
  const started = about.find(({ type }) => type === "tool_call_started");
  if (started === undefined) return null;
  const invocation = started.invocation_payload === null
    ? null
    : payload(one, started.invocation_payload);
  if (invocation?.tool_name === "wait") {
    // Schema 3 reports which cell Codex waited for; before, the arguments do.
    const resolved = one.events.find(({ payload: result }) =>
      result.type === "code_cell_wait_target_resolved" &&
      result.tool_call_id === started.tool_call_id
    );
    const isReported = one.events[0]?.schema_version >= 3;
    const cell = isReported
      ? resolved?.payload.runtime_cell_id
      : cellIn(invocation.payload.arguments);
    const known = one.events.some(({ payload: result, thread_id }) =>
      thread_id === thread && result.type === "code_cell_started" &&
      result.runtime_cell_id === cell
    );
    return known ? "code_cell" : "tool";
  }
  const ran = one.events.find(({ payload: result }) =>
    result.type === "tool_call_runtime_started" &&
    result.tool_call_id === started.tool_call_id
  );
  const runs = ran !== undefined &&
    payload(one, ran.payload.runtime_payload).command !== undefined;
  const writes = invocation?.tool_name === "write_stdin" &&
    invocation.tool_namespace === null && isWrite(invocation.payload.arguments);
  return runs || writes ? "terminal" : "tool";
}

/** The cell that arguments name; null where they are not JSON. */
function cellIn(text: string): unknown {
  try {
    return JSON.parse(text).cell_id;
  } catch {
    return null;
  }
}

function isWrite(text: string): boolean {
  try {
    const { session_id: id, chars, yield_time_ms: ms } = JSON.parse(text);
    return (typeof id === "number" || (typeof id === "string" && id !== "")) &&
      chars !== null && (ms === undefined || Number.isInteger(ms));
  } catch {
    return false;
  }
}

Deno.test("explain reports whether a text is from a model, a terminal, a cell or an agent", () => {
  const tallies = new Map<string, Tally>();
  for (const one of CASES) {
    const explained = new Explained(one);
    const { conversation_items: items } = explained.session.trace;
    const answers = answersIn(one);
    for (const item of items.values()) {
      const call = item.call_id;
      const isOutput = item.kind.endsWith("_output");
      const isCopy = item.produced_by.some(({ type }) => type === "compaction");
      if (isCopy) continue;
      let expected: string | null = null;
      if (isOutput && call !== null) {
        expected = sourceOfCall(one, item.thread_id, call);
      } else if (item.agent_message !== undefined) expected = "agent";
      else if (item.kind.endsWith("_call") && call !== null) {
        const isStated = answers.some(({ event, items: given }) =>
          event.thread_id === item.thread_id &&
          given.some(({ call_id }) => call_id === call)
        );
        if (isStated) expected = "model";
      }
      if (expected === null) continue;
      const result = factOf(
        explained.of("item", item.item_id),
        "provenance",
      );
      const name = `${one.name} ${item.item_id}`;
      // What a cell sends by notify() is distinguished; only a cell that calls it can.
      if (expected === "code_cell" && result === "cell_notification") {
        const cell = explained.session.trace.code_cells.get(
          `code_cell:${call}`,
        );
        assert(cell?.source_js.includes("notify("), name);
      } else assertEquals(result, expected, name);
      const tally = tallies.get(expected) ?? new Tally();
      tallies.set(expected, tally);
      tally.add();
    }
  }
  for (const source of ["model", "terminal", "code_cell", "agent", "tool"]) {
    (tallies.get(source) ?? new Tally()).atLeast(3);
  }
});

Deno.test("explain reports which operation created a process and which reused it", () => {
  const tally = new Tally();
  for (const one of CASES) {
    const explained = new Explained(one);
    const { trace } = explained.session;
    const resolved = one.events.filter(({ payload: result }) =>
      result.type === "stdin_target_resolved"
    );
    for (const { seq, payload: result } of resolved) {
      const writer = trace.tool_calls.get(result.tool_call_id);
      const operation = writer?.terminal_operation_id;
      if (typeof operation !== "string") continue;
      const where = `${one.name} ${result.tool_call_id}`;
      const { downstream: leads } = explained.of(
        "terminal_operation",
        operation,
      );
      const reused = stepWith(leads, "reused_terminal");
      assert(
        reused !== undefined &&
          reused.evidence.some((each) => Number(each.seq) === seq),
        `${where}: no evidence`,
      );
      const process = explained.of(
        "terminal_session",
        reused.object?.id ?? "",
      );
      assertEquals(
        stepWith(process.upstream, "operation_of")?.object?.id,
        result.exec_tool_call_id,
        where,
      );
      const users = allSteps(process.downstream)
        .filter(({ relation }) => relation === "operation_on_terminal")
        .map(({ object }) => object?.id);
      assert(users.includes(operation), where);
      const own = explained.of("tool_call", result.exec_tool_call_id);
      assertEquals(
        stepWith(own.downstream, "created_terminal")?.object?.id,
        reused.object?.id,
        where,
      );
      tally.add();
    }
  }
  tally.atLeast(4);
});

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

function inputOf({ input = [] }: Raw): Raw[] {
  return input;
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

Deno.test("explain reports what of a command's output a model was shown", () => {
  const verdicts = new Map<string, number>();
  for (const one of CASES) {
    const explained = new Explained(one);
    for (const { payload: result } of one.events) {
      if (result.type !== "tool_call_runtime_ended") continue;
      const output = payload(one, result.runtime_payload).aggregated_output;
      if (typeof output !== "string") continue;
      const { comparisons } = explained.of("tool_call", result.tool_call_id);
      const [comparison] = comparisons;
      if (comparison === undefined) continue;
      const where = `${one.name} ${result.tool_call_id}`;
      const size = new TextEncoder().encode(output).length;
      assertEquals(comparison.runtime.bytes, size, where);
      const shown = shownFor(one, result.tool_call_id);
      if (shown === null) assertEquals(comparison.sent, false, where);
      else assert(comparison.sent !== false, where);
      if (shown === null || comparison.verdict === "split") continue;
      assertHolds(output, shown, comparison, where);
      verdicts.set(
        comparison.verdict,
        (verdicts.get(comparison.verdict) ?? 0) + 1,
      );
    }
  }
  assert((verdicts.get("complete") ?? 0) > 5);
});

/** What the requester of a tool call got of it: in a request, or as a value for a cell. */
function shownFor(one: Case, tool: string): string | null {
  const events = one.events.filter(({ payload: result }) =>
    result.tool_call_id === tool
  );
  const of = (type: string) =>
    events.find(({ payload: result }) => result.type === type)?.payload;
  const { requester, model_visible_call_id: call } = of("tool_call_started");
  if (requester.type === "code_cell") {
    const ref = of("tool_call_ended")?.result_payload;
    return ref ? payload(one, ref).value.output : null;
  }
  for (const { payload: result } of one.events) {
    if (result.type !== "inference_started") continue;
    const { input } = payload(one, result.request_payload);
    const output = input.find((item: Raw) =>
      item.call_id === call && item.type.endsWith("_output")
    )?.output;
    if (typeof output === "string") return output;
    if (Array.isArray(output)) return output.map(({ text }) => text).join("\n");
  }
  return null;
}

function assertHolds(
  output: string,
  shown: string,
  { verdict, head_bytes: head, tail_bytes: tail, omitted_bytes: omitted }:
    ExplainAnswer["comparisons"][number],
  where: string,
): void {
  const bytes = new TextEncoder().encode(output);
  const text = (part: Uint8Array) => new TextDecoder().decode(part);
  switch (verdict) {
    case "empty":
      return assertEquals(output, "", where);
    case "identical":
      return assertEquals(shown, output, where);
    case "complete":
      return assert(shown.includes(output) && shown !== output, where);
    case "truncated":
      assert(!shown.includes(output), where);
      assertEquals(head + tail + (omitted ?? NaN), bytes.length, where);
      assert(shown.includes(text(bytes.slice(0, head))), where);
      assert(
        shown.endsWith(text(bytes.slice(bytes.length - tail))),
        where,
      );
      return assert(omitted !== null && omitted > 0, where);
    default:
      assert(!shown.includes(output), `${where}: ${verdict}`);
  }
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

Deno.test("every event that explain names as evidence is in its line of the log", () => {
  const tally = new Tally();
  for (const one of CASES) {
    const explained = new Explained(one);
    for (const kind of OBJECT_KINDS) {
      for (const { id } of explained.session.names.all(kind)) {
        const answer = explained.of(kind, id);
        const evidence = [
          ...answer.evidence,
          ...allSteps(answer.upstream).flatMap((step) => step.evidence),
          ...allSteps(answer.downstream).flatMap((step) => step.evidence),
        ];
        for (const { seq, line, event_type: type, payloads } of evidence) {
          const text = one.lines[Number(line) - 1] ?? "";
          const event = JSON.parse(text);
          assertEquals(event.seq, Number(seq));
          assertEquals(event.payload.type, type);
          for (const each of payloads) {
            assert(text.includes(`"raw_payload_id":"${each.id}"`));
            assert(
              each.shard === null
                ? text.includes(`"path":"${each.path}"`)
                : text.includes(`"shard":${each.shard}`),
            );
          }
          tally.add();
        }
      }
    }
  }
  tally.atLeast(1000);
});

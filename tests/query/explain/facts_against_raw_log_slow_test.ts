/**
 * What `explain` reports about requests, tool calls, terminals and texts, against the lines of the log
 * that prove it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ExplainAnswer } from "../../../lib/query/explain/explain_answer.ts";
import { OBJECT_KINDS } from "../../../lib/query/session/names/object_kind.ts";
import {
  allSteps,
  type Case,
  CASES,
  Explained,
  factOf,
  payload,
  type Raw,
  stepWith,
  Tally,
} from "./raw_facts.ts";

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

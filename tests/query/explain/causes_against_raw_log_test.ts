/**
 * What `explain` reports about causes: what followed, what was forwarded, what arrived, what never did.
 * The truth is worked out from the raw log and the payload files.
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
import type { ObjectKind } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { casesBelow } from "../../reduce/reference/conformance.ts";
import { CORPUS } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import {
  eventsOf,
  type RawEvent,
  rawEvents,
  rawPayload,
  type RawRef,
} from "../../support/log_oracle.ts";

/** A bundle with its log, and its explanations. */
class Case {
  readonly name: string;
  readonly bundle: string;
  readonly events: readonly RawEvent[];
  readonly session: TraceSession;
  readonly #links: GraphLinks;
  readonly #failures: ReturnType<typeof getFailures>;

  constructor({ name, bundle }: { name: string; bundle: string }) {
    this.name = name;
    this.bundle = bundle;
    this.events = rawEvents(bundle);
    this.session = openBundle(bundle);
    this.#links = new GraphLinks(this.session.trace);
    this.#failures = getFailures(this.session);
  }

  of(kind: ObjectKind, id: string): ExplainAnswer {
    const ref = this.session.names.ref(kind, id);
    const options = { links: this.#links, failures: this.#failures };
    const answer = explain(this.session, ref, options);
    assert(answer !== null, `${this.name}: ${kind} ${id}`);
    return answer;
  }

  // deno-lint-ignore no-explicit-any
  payload(ref: RawRef): any {
    return rawPayload(this.bundle, ref);
  }

  /** The event of a type about a tool call. */
  ofTool(type: string, id: string): RawEvent | undefined {
    return eventsOf(this.events, type).find(({ payload }) =>
      payload.tool_call_id === id
    );
  }
}

const HAS_CORPUS = existsSync(CORPUS);
const CASES = [
  ...casesBelow(join(TESTDATA, "upstream")),
  ...HAS_CORPUS ? casesBelow(CORPUS) : [],
]
  .map((each) => new Case(each))
  // Of what was skipped as faulty, the log contains more than any answer can.
  .filter(({ session }) =>
    // What the recorder's limits left out is in no answer.
    session.trace.raw_payloads.values().every(({ capture }) =>
      capture === undefined
    ) &&
    session.diagnostics.every(({ severity }) => severity !== "loss")
  );

/** A test without cases cannot pass; those that are always there are few. */
function assertEnough(count: number, always: number, withCorpus: number): void {
  const least = HAS_CORPUS ? withCorpus : always;
  assert(count >= least, `only ${count} compared`);
}

function everyStep(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...everyStep(step.steps)]);
}

function related(
  { downstream: leads }: ExplainAnswer,
  relation: Step["relation"],
): Step[] {
  return leads.filter((step) => step.relation === relation);
}

/** When tool calls and requests began, by kind and id. */
function beginnings({ events }: Case): Map<string, number> {
  return new Map(events.flatMap(({ seq, payload }): [string, number][] => {
    if (payload.type === "tool_call_started") {
      return [[`tool_call ${payload.tool_call_id}`, seq]];
    }
    return payload.type === "inference_started"
      ? [[`inference_call ${payload.inference_call_id}`, seq]]
      : [];
  }));
}

Deno.test("explain never reports an earlier event as an effect", () => {
  let compared = 0;
  for (const one of CASES) {
    const begin = beginnings(one);
    for (const [key, seq] of begin) {
      const [kind = "", id = ""] = key.split(/ (.*)/s);
      if (kind !== "tool_call" && kind !== "inference_call") continue;
      for (const step of everyStep(one.of(kind, id).downstream)) {
        // A wait may have started before what arrived in it.
        if (step.object === null || step.relation === "waited_for_by_call") {
          continue;
        }
        const other = begin.get(`${step.object.kind} ${step.object.id}`);
        if (other === undefined) continue;
        assert(other >= seq, `${one.name} ${key}: ${step.object.handle}`);
        compared++;
      }
    }
  }
  assertEnough(compared, 100, 1000);
});

Deno.test("explain reports what a cell forwarded of a result, as the outputs in its requests show", () => {
  const seen = { all: 0, nothing: 0 };
  for (const one of CASES) {
    for (const event of eventsOf(one.events, "tool_call_ended")) {
      const { tool_call_id: id, result_payload: ref } = event.payload;
      const cell = one.session.trace.tool_calls.get(id)?.requester;
      if (ref === null || cell?.type !== "code_cell") continue;
      const { value } = one.payload(ref);
      const text = value?.output ?? value?.content?.[0]?.text;
      if (typeof text !== "string" || text.trim() === "") continue;
      const call = one.session.trace.code_cells.get(cell.code_cell_id)
        ?.model_visible_call_id;
      const shown = outputsOf(one, call ?? "");
      const step = related(one.of("tool_call", id), "output_of_cell_in")[0];
      if (step === undefined) continue;
      const where = `${one.name} ${id}: ${step.text}`;
      if (step.text.startsWith("all of the result")) {
        assert(shown.includes(text.trim()) || isSpelled(shown, text), where);
        seen.all++;
      } else if (step.text.startsWith("nothing of the result")) {
        assert(!shown.includes(text.trim().slice(0, 16)), where);
        assert(!isSpelled(shown, text.trim().slice(0, 16)), where);
        const { downstream: leads } = one.of("tool_call", id);
        const again = everyStep(leads).filter(({ object, truncated }) =>
          object?.id === step.object?.id && truncated !== "seen"
        );
        assertEquals(again.map(({ text }) => text), [step.text], where);
        seen.nothing++;
      }
    }
  }
  assertEnough(seen.all, 3, 6);
  assertEnough(seen.nothing, 0, 2);
});

function isSpelled(shown: string, text: string): boolean {
  return shown.includes(JSON.stringify(text).slice(1, -1));
}

/** All that results of a call, and of waits for its cell, contain in the log. */
function outputsOf(one: Case, call: string): string {
  const cell = [...one.session.trace.code_cells.values()].find((each) =>
    each.model_visible_call_id === call
  );
  const calls = new Set([call]);
  for (const id of cell?.wait_tool_call_ids ?? []) calls.add(id);
  const items = eventsOf(one.events, "inference_started").flatMap((event) =>
    one.payload(event.payload.request_payload).input ?? []
  );
  // deno-lint-ignore no-explicit-any
  return items.filter((item: any) =>
    item.type.endsWith("_output") && calls.has(item.call_id)
    // deno-lint-ignore no-explicit-any
  ).map(({ output }: any) =>
    typeof output === "string"
      ? output
      // deno-lint-ignore no-explicit-any
      : output.map((part: any) => part.text ?? "").join("\n")
  ).join("\n");
}

Deno.test("each operation has the piece of its process's output that its result ends with", () => {
  let pieces = 0;
  for (const one of CASES) {
    for (const [id, operation] of one.session.trace.terminal_operations) {
      const answer = one.of("terminal_operation", id);
      for (const { verdict, chunk, runtime } of answer.comparisons) {
        if (verdict !== "chunk" || chunk === null) continue;
        const ref = one.session.trace.raw_payloads.get(runtime.in[0]?.id ?? "");
        assert(ref !== undefined);
        const full = new TextEncoder().encode(
          one.payload(ref).aggregated_output,
        );
        const text = new TextDecoder().decode(
          full.subarray(chunk.from_byte, chunk.from_byte + chunk.bytes),
        );
        const { payload } = one.ofTool(
          "tool_call_ended",
          operation.tool_call_id,
        ) ?? {};
        const result = one.payload(payload.result_payload);
        const got = result.value?.output ?? result.response_item?.output;
        assert(got.endsWith(text), `${one.name} ${id}: ${text}`);
        if (chunk.bytes === 0) assert(/^$|Output:\n$/.test(got), got);
        pieces++;
      }
      const tool = one.session.trace.tool_calls.get(operation.tool_call_id);
      // A hook may replace the output of a call, which fails then.
      if (tool?.execution.status === "failed") continue;
      assert(
        answer.comparisons.every(({ verdict }) => verdict !== "different"),
        `${one.name} ${id}`,
      );
    }
  }
  assertEnough(pieces, 3, 9);
});

Deno.test("a wait for agents names the results that were delivered while it ran", () => {
  let found = 0;
  for (const one of CASES) {
    const results = eventsOf(one.events, "agent_result_observed");
    for (const { seq, payload: wait, thread_id: thread } of one.events) {
      if (wait.type !== "tool_call_started") continue;
      if (wait.kind.type !== "wait_agent") continue;
      const end = one.ofTool("tool_call_ended", wait.tool_call_id)?.seq;
      const arrived = results.filter((each) =>
        each.payload.parent_thread_id === thread && each.seq > seq &&
        each.seq < (end ?? Infinity)
      ).map(({ payload }) => payload.edge_id);
      const answer = one.of("tool_call", wait.tool_call_id);
      const outcome = related(answer, "received_during_wait");
      for (const edge of arrived) {
        const step = outcome.find(({ object }) => object?.id === edge);
        assert(
          step?.text.startsWith("during it arrived"),
          `${one.name} ${edge}`,
        );
        found++;
      }
      for (const { object } of outcome) {
        const back = related(
          one.of("edge", object?.id ?? ""),
          "waited_for_by_call",
        );
        const ids = back.map((step) => step.object?.id);
        assert(ids.includes(wait.tool_call_id), `${one.name} ${object?.id}`);
      }
    }
  }
  assertEnough(found, 1, 6);
});

Deno.test("a call whose result names a turn as submitted began that turn", () => {
  let found = 0;
  for (const one of CASES) {
    const turns = new Set(
      eventsOf(one.events, "codex_turn_started").map(({ payload }) =>
        payload.codex_turn_id
      ),
    );
    for (const { payload } of eventsOf(one.events, "tool_call_ended")) {
      const { tool_call_id: id, result_payload: ref } = payload;
      const output = ref && one.payload(ref).response_item?.output;
      const [, turn = ""] = /"submission_id":"([^"]+)"/.exec(String(output)) ??
        [];
      if (!turns.has(turn)) continue;
      const began = related(one.of("tool_call", id), "started_turn");
      assertEquals(began.map(({ object }) => object?.id), [turn], one.name);
      const { upstream } = one.of("turn", turn);
      const by = upstream.find(({ relation }) => relation === "started_by");
      assertEquals(by?.object?.id, id, one.name);
      found++;
    }
  }
  assertEnough(found, 0, 1);
});

Deno.test("a result that the graph has no edge for is reported for both agents and for the turn", () => {
  let found = 0;
  for (const one of CASES) {
    for (
      const { seq, payload: outcome } of eventsOf(
        one.events,
        "agent_result_observed",
      )
    ) {
      if (one.session.trace.interaction_edges.has(outcome.edge_id)) continue;
      const child = one.of("thread", outcome.child_thread_id);
      const turn = one.of("turn", outcome.child_codex_turn_id);
      const parent = one.of("thread", outcome.parent_thread_id);
      for (
        const [step] of [
          related(child, "undelivered_result_to"),
          related(turn, "undelivered_result_to"),
          related(parent, "missing_result_from"),
        ]
      ) {
        assertEquals(step?.evidence.map((each) => each.seq), [seq]);
        const words = outcome.message.split("\n").at(-1);
        assert(step?.text.includes(JSON.stringify(words)), step?.text);
      }
      found++;
    }
  }
  assertEnough(found, 0, 1);
});

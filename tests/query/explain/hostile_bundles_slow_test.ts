/**
 * What `explain` makes of bundles that were made to attack it, or that are very long.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import stringWidth from "string-width";
import { explainLines } from "../../../lib/cli/commands/explain/explain_text.ts";
import { styleFor } from "../../../lib/cli/text/style.ts";
import { loadUnicode } from "../../../lib/cli/text/wrap/unicode.ts";
import type { Step } from "../../../lib/query/explain/explain_answer.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { getFailures } from "../../../lib/query/failures/failures.ts";
import { GraphLinks } from "../../../lib/query/evidence/links/graph_links.ts";
import { OBJECT_KINDS } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { escapeControls } from "../../../lib/text/escape.ts";
import { INHERITED, STEERING } from "../../robustness/attack_bundle.ts";
import { inFolder } from "../../support/cli.ts";
import { RawBundle, THREAD } from "../../support/bundles/raw_bundle.ts";
import { startWork } from "../../support/work_cost.ts";

await loadUnicode();

function opened(
  bundle: RawBundle,
  test: (session: TraceSession) => void,
): void {
  inFolder((folder) => test(openBundle(bundle.writeTo(`${folder}/bundle`))));
}

function message(role: string, text: string): object {
  return { type: "message", role, content: [{ type: "input_text", text }] };
}

function call(call_id: string): object {
  return { type: "function_call", name: "f", arguments: "{}", call_id };
}

function output(call_id: string, text: string): object {
  return { type: "function_call_output", call_id, output: text };
}

/** Every text of a bundle that a reader may see, made to steer a terminal. */
function steering(): RawBundle {
  const bad = (name: string) => `${name}${STEERING}${"wide漢字 ".repeat(40)}`;
  const bundle = new RawBundle(2);
  bundle.event({
    type: "thread_started",
    thread_id: bad("thread"),
    agent_path: bad("/root/"),
  });
  bundle.request(bad("call"), { input: [message("user", bad("text"))] });
  bundle.response(bad("call"), [call(bad("id"))]);
  bundle.tool(bad("tool"), {
    model_visible_call_id: bad("id"),
    kind: { type: "other", name: bad("name") },
    summary: { type: "generic", label: bad("label"), input_preview: bad("in") },
  });
  bundle.event({
    type: "tool_call_ended",
    tool_call_id: bad("tool"),
    status: "failed",
    result_payload: {
      ...bundle.payload("tool_result", { type: "error", error: bad("error") }),
      raw_payload_id: bad("payload"),
    },
  });
  bundle.request("next", { input: [output(bad("id"), bad("output"))] });
  bundle.event({
    type: "inference_failed",
    inference_call_id: "next",
    error: bad("reason"),
  });
  return bundle;
}

Deno.test("no text of a bundle steers the terminal or breaks the width in an explanation", () => {
  opened(steering(), (session) => {
    let lines = 0;
    for (const kind of OBJECT_KINDS) {
      for (const ref of session.names.all(kind)) {
        const answer = explain(session, ref);
        assert(answer !== null);
        for (const width of [40, 60, 80, 120]) {
          const render = { width, style: styleFor(false) };
          for (const line of explainLines(answer, session.place, render)) {
            assertEquals(escapeControls(line), line);
            assertEquals(line.trimEnd(), line);
            assert(stringWidth(line) <= width, `${width}: ${line}`);
            lines++;
          }
        }
      }
    }
    assert(lines > 500);
  });
});

Deno.test("ids that every object inherits are explained like others", () => {
  const bundle = new RawBundle(2);
  for (const id of INHERITED) bundle.tool(id, { model_visible_call_id: id });
  opened(bundle, (session) => {
    const refs = session.names.all("tool_call");
    assertEquals(refs.map(({ id }) => id), [...INHERITED]);
    for (const ref of refs) {
      const answer = explain(session, ref);
      assertEquals(answer?.object.id, ref.id);
      assertEquals(answer?.evidence.length, 1);
    }
  });
});

function countSteps(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + 1 + countSteps(step.steps), 0);
}

const MANY = 1200;

/** A thread of very many requests, each with a tool call and its output. */
function long(): RawBundle {
  const bundle = new RawBundle(2);
  for (let at = 0; at < MANY; at++) {
    const id = `c-${at}`;
    bundle.request(id, {
      input: at === 0
        ? [message("user", "begin")]
        : [output(`id-${at - 1}`, `output ${at}`)],
      ...at === 0 ? {} : { previous_response_id: `response-c-${at - 1}` },
    });
    bundle.response(id, [call(`id-${at}`)]);
    bundle.tool(`tool-${at}`, { model_visible_call_id: `id-${at}` });
    bundle.event({
      type: "tool_call_ended",
      tool_call_id: `tool-${at}`,
      status: "completed",
    });
  }
  return bundle;
}

Deno.test("the explanation of a very long session is short, and quickly made", () => {
  opened(long(), (session) => {
    const links = new GraphLinks(session.trace);
    const failures = getFailures(session);
    const words = ["item:1", "call:1", "call:1200", "tool:600", "turn:1"];
    for (const word of [...words, THREAD]) {
      for (const depth of [3, 100]) {
        const named = session.names.resolve(word);
        assert(named.type === "found", word);
        const worked = startWork();
        const answer = explain(session, named.ref, {
          depth,
          links,
          failures,
        });
        const ms = worked();
        assert(answer !== null);
        const steps = countSteps(answer.upstream) +
          countSteps(answer.downstream);
        assert(steps < 900, `${word}: ${steps} steps`);
        assert(ms < 2000, `${word}: ${ms} ms`);
      }
    }
  });
});

Deno.test("what is left out of an explanation is counted", () => {
  opened(long(), (session) => {
    const [turn] = session.names.all("turn");
    assert(turn !== undefined);
    const answer = explain(session, turn);
    const of = (relation: string) =>
      (answer?.downstream ?? []).filter((step) => step.relation === relation)
        .reduce((sum, { count }) => sum + count, 0);
    assertEquals(of("made_request"), MANY);
    assertEquals(of("ran_tool"), MANY);
    const [item] = session.names.all("item");
    assert(item !== undefined);
    const carried = explain(session, item)?.facts.find(({ name }) =>
      name === "requests_that_carried_it"
    );
    assertEquals(carried?.value, MANY);
  });
});

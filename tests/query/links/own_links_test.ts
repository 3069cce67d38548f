/**
 * Evidence of one thread is never joined to objects of another, whatever ids they share.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { message, RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const CHILDREN = ["child-1", "child-2"];

function call(text: string): object {
  const base = { type: "function_call", call_id: "call", name: "plain" };
  return { ...base, arguments: JSON.stringify({ text }), id: `f-${text}` };
}

function output(text: string): object {
  const base = { type: "function_call_output", call_id: "call" };
  return { ...base, output: text, id: `o-${text}` };
}

/** An agent that calls a tool and receives its output; all agents use the same ids. */
function agent(draft: RawBundle, thread: string, dispatches: boolean): void {
  const envelope = { thread_id: thread, codex_turn_id: `turn-${thread}` };
  const turn = { codex_turn_id: envelope.codex_turn_id };
  const start = { type: "thread_started", thread_id: thread };
  draft.event({ ...start, agent_path: `/root/${thread}` }, {
    thread_id: null,
    codex_turn_id: null,
  });
  draft.event(
    { type: "codex_turn_started", thread_id: thread, ...turn },
    envelope,
  );
  const asked = message("user", thread);
  const history = [asked, call(thread), output(thread)];
  const request = (id: string, input: object[], items: object[]) => {
    draft.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: thread,
      ...turn,
      model: "model",
      provider_name: "provider",
      request_payload: draft.payload("inference_request", { input }),
    }, envelope);
    draft.event({
      type: "inference_completed",
      inference_call_id: id,
      response_id: `response-${id}`,
      response_payload: draft.payload("inference_response", {
        output_items: items,
      }),
    }, envelope);
  };
  request(`a-${thread}`, [asked], [call(thread)]);
  if (dispatches) {
    draft.tool("call", { model_visible_call_id: "call" }, envelope);
    draft.event(
      { type: "tool_call_ended", tool_call_id: "call", status: "completed" },
      envelope,
    );
  }
  request(`b-${thread}`, history, [{
    ...message("assistant", `${thread} is done`),
    id: `m-${thread}`,
  }]);
  const ended = { type: "codex_turn_ended", status: "completed" };
  draft.event({ ...ended, ...turn }, envelope);
}

function opened<T>(
  children: readonly string[],
  dispatches: boolean,
  ask: (session: TraceSession) => T,
): T {
  const answers: T[] = [];
  inFolder((parent) => {
    const draft = new RawBundle(2, "rollout");
    children.forEach((child, index) =>
      agent(draft, child, index === 0 || dispatches)
    );
    answers.push(ask(openBundle(draft.end().writeTo(`${parent}/bundle`))));
  });
  const [answer] = answers;
  assert(answer !== undefined);
  return answer;
}

/** The tool call, and what it is linked with, by ids that do not depend on other agents. */
function tool({ trace, log }: TraceSession) {
  const named = (ids: readonly string[]) =>
    ids.map((id) => trace.conversation_items.get(id)?.responses_item_id);
  return {
    tools: Array.from(trace.tool_calls.values(), (each) => ({
      thread: each.thread_id,
      calls: named(each.model_visible_call_item_ids),
      outputs: named(each.model_visible_output_item_ids),
      status: each.execution.status,
      events: log?.about("tool_call", each.tool_call_id)
        .map(({ event }) => event.thread_id),
    })),
  };
}

for (const dispatches of [false, true]) {
  Deno.test(
    `a tool call has no item or event of another thread with the same ids (${
      dispatches ? "both" : "one"
    } started)`,
    () => {
      const alone = opened(CHILDREN.slice(0, 1), dispatches, tool);
      assertEquals(alone.tools.length, 1);
      assertEquals(alone.tools[0]?.outputs, ["o-child-1"]);
      assertEquals(opened(CHILDREN, dispatches, tool), alone);
    },
  );

  Deno.test(
    `no item or response of a thread is linked with a tool call of another (${
      dispatches ? "both" : "one"
    } started)`,
    () => {
      opened(CHILDREN, dispatches, ({ trace }) => {
        for (const item of trace.conversation_items.values()) {
          for (const producer of item.produced_by) {
            if (producer.type !== "tool") continue;
            const by = trace.tool_calls.get(producer.tool_call_id);
            assertEquals(by?.thread_id, item.thread_id);
          }
        }
        for (const call of trace.inference_calls.values()) {
          for (const id of call.tool_call_ids_started_by_response) {
            assertEquals(trace.tool_calls.get(id)?.thread_id, call.thread_id);
          }
        }
        return null;
      });
    },
  );
}

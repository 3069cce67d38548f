/**
 * Agents that other agents interrupted: the cause of the end of a turn, and what is no cause of it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Step } from "../../../lib/query/explain/explain_answer.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { getFailures } from "../../../lib/query/failures/failures.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { CHILD, RawBundle, THREAD } from "../../support/bundles/raw_bundle.ts";
import { mail } from "../../support/bundles/script.ts";
import { inFolder } from "../../support/cli.ts";

const CHILD_TURN = { thread_id: CHILD, codex_turn_id: "child" };
const CLOSE = { type: "close_agent" };
const TASK = { type: "assign_agent_task" };

/** A call of a tool for agents that reached the child. */
function reachChild(bundle: RawBundle, id: string, kind: object, tool: string) {
  bundle.tool(id, {
    kind,
    summary: {
      type: "generic",
      label: `collaboration.${tool}`,
      input_preview: '{"target":"child","message":"next"}',
    },
    invocation_payload: bundle.payload("tool_invocation", {
      tool_name: tool,
      payload: {
        type: "function",
        arguments: '{"target":"child","message":"next"}',
      },
    }),
  });
  bundle.event({
    type: "tool_call_runtime_ended",
    tool_call_id: id,
    status: "completed",
    runtime_payload: bundle.payload("tool_runtime_event", {
      event_id: id,
      agent_thread_id: CHILD,
      agent_path: "/root/child",
      kind: kind === CLOSE ? "interrupted" : "interacted",
    }),
  });
  bundle.toolEnd(id);
}

/** A child that is stopped by `tool` and gets another task later. */
function stopped(tool: string): RawBundle {
  const bundle = new RawBundle(2)
    .event({
      type: "thread_started",
      thread_id: CHILD,
      agent_path: "/root/child",
    })
    .event(
      { type: "codex_turn_started", codex_turn_id: "child", thread_id: CHILD },
      CHILD_TURN,
    );
  reachChild(bundle, "stop", CLOSE, tool);
  bundle.event(
    { type: "codex_turn_ended", codex_turn_id: "child", status: "cancelled" },
    CHILD_TURN,
  );
  reachChild(bundle, "later", TASK, "followup_task");
  const next = { thread_id: CHILD, codex_turn_id: "next" };
  bundle.event({ type: "codex_turn_started", ...next }, next);
  bundle.event({
    type: "inference_started",
    inference_call_id: "request",
    ...next,
    model: "model",
    provider_name: "provider",
    request_payload: bundle.payload("inference_request", {
      input: [mail("/root", "/root/child", "next")],
    }),
  }, next);
  return bundle;
}

function opened(bundle: RawBundle, ask: (session: TraceSession) => void): void {
  inFolder((folder) => ask(openBundle(bundle.writeTo(join(folder, "b")))));
}

function everyStep(steps: readonly Step[] = []): Step[] {
  return steps.flatMap((step) => [step, ...everyStep(step.steps)]);
}

Deno.test("explain() names the call that interrupted a turn, and no cause after the turn's end", () => {
  opened(stopped("interrupt_agent"), (session) => {
    const turn = session.names.ref("turn", "child");
    const causes = everyStep(explain(session, turn, { depth: 9 })?.upstream);
    const [interruption] = causes.filter(({ relation }) =>
      relation === "interrupted_by"
    );
    assertEquals(interruption?.object?.id, "stop");
    const end = session.trace.codex_turns.get("child")?.execution.ended_seq;
    const later = session.trace.tool_calls.get("later")?.execution.started_seq;
    assert(Number(later) > Number(end), "the task is given after the end");
    assertEquals(
      causes.filter(({ relation }) => relation === "task_assigned_by"),
      [],
    );
    const thread = explain(session, session.names.ref("thread", CHILD), {
      depth: 9,
    });
    assert(
      everyStep(thread?.upstream).some(({ relation }) =>
        relation === "task_assigned_by"
      ),
      "the task is a cause of the thread",
    );
  });
});

Deno.test("an interrupted turn has the call that interrupted it as its cause", () => {
  opened(stopped("interrupt_agent"), (session) => {
    const [turn] = getFailures(session).filter(({ kind }) => kind === "turn");
    assertEquals(turn?.caused_by?.id, "stop");
    const call = session.names.ref("tool_call", "stop");
    assertEquals(
      explain(session, call)?.downstream.filter(({ object }) =>
        object?.id === "child"
      )
        .map(({ relation }) => relation),
      ["interrupted_turn"],
    );
  });
});

Deno.test("interrupt_agent and close_agent are two tools and two kinds of edges", () => {
  for (const tool of ["interrupt_agent", "close_agent"]) {
    opened(stopped(tool), (session) => {
      const { tools, edges } = summarize(session);
      assertEquals(
        tools.map((each) => each.tool).sort(),
        [tool, "assign_agent_task"].sort(),
      );
      assert(edges.some(({ edge_kind }) => edge_kind === tool), tool);
      const { entries } = getTimeline(session);
      const kinds = entries.flatMap(({ detail }) =>
        detail.type === "edge" ? [detail.edge_kind] : []
      );
      assert(kinds.includes(tool === "close_agent" ? tool : "interrupt_agent"));
      const edge = entries.find(({ detail }) => detail.type === "edge");
      assertEquals(edge?.thread?.id, THREAD);
    });
  }
});

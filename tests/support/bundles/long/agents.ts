/**
 * Agents: the root spawns threads, writes to them, and is informed of their results.
 *
 * @module
 */

import type { ToolCallKind } from "../../../../lib/format/vocabulary.ts";
import { agentMessage, agentReport, functionCall } from "./items.ts";
import type { BenchSession } from "./session.ts";
import { dueChildren, startThread } from "./threads.ts";
import { isEvery } from "./shape.ts";
import type { BenchThread, BenchTurn } from "./thread.ts";
import {
  recordAnswer,
  recordToolStart,
  type ToolCallPlan,
} from "./tool_records.ts";

const NAMESPACE = "collaboration";

/** Plans the spawning of the threads that are due, and a message now and then. */
export function planAgentCalls(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): ToolCallPlan[] {
  const { noise, shape, threads } = session;
  if (shape.agents === 0 || thread.id !== session.rootThread) return [];
  const plans = dueChildren(session, thread).map((calls) => {
    const task = noise.text(80, false);
    return planAgentCall(session, thread, turn, {
      name: "spawn_agent",
      kind: { type: "spawn_agent" },
      activity: "started",
      task,
      target: () => startThread(session, calls, thread),
    });
  });
  const working = threads.filter((each) => each !== thread && each.left > 0);
  const addressee = noise.prng.maybe(working);
  if (isEvery(shape.agents, thread.calls) && addressee !== undefined) {
    plans.push(planAgentCall(session, thread, turn, {
      name: "send_message",
      kind: { type: "send_message" },
      activity: "interacted",
      task: noise.text(80, false),
      target: () => addressee,
    }));
  }
  return plans;
}

interface AgentCall {
  readonly name: string;
  readonly kind: ToolCallKind;
  readonly activity: "started" | "interacted";
  readonly task: string;
  /** Returns the thread that the call is about, and creates it if needed. */
  target(): BenchThread;
}

function planAgentCall(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  call: AgentCall,
): ToolCallPlan {
  const { noise } = session;
  const id = noise.providerId("call");
  const args = JSON.stringify({ message: call.task, fork_turns: "none" });
  const item = functionCall(noise, call.name, id, args);
  return {
    item,
    start: () =>
      recordToolStart(session, turn, {
        id,
        name: call.name,
        namespace: NAMESPACE,
        kind: call.kind,
        given: { type: "function", arguments: args },
      }),
    run: () => {
      const target = call.target();
      recordActivity(session, turn, id, target, call.activity);
      target.inbox.push(
        agentMessage(noise, thread.agentPath, target.agentPath, call.task),
      );
      recordAnswer(session, thread, turn, item, "{}");
    },
  };
}

function recordActivity(
  session: BenchSession,
  turn: BenchTurn,
  id: string,
  target: BenchThread,
  kind: AgentCall["activity"],
): void {
  const { files } = session;
  files.event({
    type: "tool_call_runtime_ended",
    tool_call_id: id,
    status: "completed",
    runtime_payload: files.payload("tool_runtime_event", {
      event_id: id,
      occurred_at_ms: files.clock.now,
      agent_thread_id: target.id,
      agent_path: target.agentPath,
      kind,
    }),
  }, turn);
}

/** Puts what other agents wrote into the history, before a request. */
export function deliver(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): void {
  for (const item of thread.inbox.splice(0)) {
    thread.append(session.asSent(item, turn));
    session.accepted(turn, item, "protocol_event");
  }
}

/** Reports to the root what a spawned thread found. */
export function report(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  text: string,
): void {
  const root = session.threads[0];
  if (session.shape.agents === 0 || root === undefined || thread === root) {
    return;
  }
  const { files, noise } = session;
  const message =
    `Message Type: FINAL_ANSWER\nSender: ${thread.agentPath}\nPayload:\n${text}`;
  files.event({
    type: "agent_result_observed",
    edge_id: `edge:agent_result:${thread.id}:${turn.turn}:${root.id}`,
    child_thread_id: thread.id,
    child_codex_turn_id: turn.turn,
    parent_thread_id: root.id,
    message,
    carried_payload: files.payload("agent_result", {
      child_agent_path: thread.agentPath,
      message,
      status: { completed: text },
    }),
  }, turn);
  root.inbox.push(agentReport(noise, thread.agentPath, "/root", message));
}

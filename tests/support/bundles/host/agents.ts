/**
 * The part of the scripted session in which agents work together, in both ways Codex reports it:
 * by activities, and by begins and ends.
 *
 * @module
 */

import {
  agentMessage,
  assistantMessage,
  functionCall,
  type Item,
  userMessage,
} from "./items.ts";
import { FakeThread, MODEL, PROVIDER } from "./thread.ts";

const WORKER_ID = "019f0000-0000-7000-8000-0000000000bb";
const HELPER_ID = "019f0000-0000-7000-8000-0000000000cc";

/** Two children: one led by activities, one by begins and ends. */
export function playAgents(host: FakeThread): void {
  host.startTurn("turn-agents", true);
  host.accept(userMessage("msg_user_5", "ask others"));
  const worker = playWorker(host);
  const helper = playHelper(host);
  host.ask("full", assistantMessage("msg_agents", "they are done"));
  host.endTurn({ type: "task_complete", turn_id: host.turn });
  helper.trace.recordEnded("failed");
  worker.trace.recordEnded("completed");
  worker.trace.recordThreadResumed();
  worker.trace.recordProtocolEvent({ type: "shutdown_complete" });
  worker.trace.recordEnded("completed");
}

function startChild(host: FakeThread, id: string, name: string): FakeThread {
  const agent_path = `/root/${name}`;
  const trace = host.trace.startChildThread({
    thread_id: id,
    agent_path,
    task_name: name,
    nickname: `Nick ${name}`,
    session_source: {
      subagent: {
        thread_spawn: {
          parent_thread_id: host.id,
          depth: 1,
          agent_path,
          agent_role: null,
        },
      },
    },
    model: MODEL,
    provider_name: PROVIDER,
  });
  trace.recordProtocolEvent({ type: "session_configured", thread_id: id });
  return new FakeThread(trace, id);
}

function playWorker(host: FakeThread): FakeThread {
  const spawn = functionCall("call_spawn", "spawn_agent", {
    task_name: "worker",
    message: "begin",
  });
  host.ask("full", spawn);
  const spawning = host.dispatch(spawn, "collaboration");
  const worker = startChild(host, WORKER_ID, "worker");
  worker.startTurn("turn-worker-1", true);
  activity(host, "call_spawn", "started");
  host.answer(spawning, spawn, '{"task_name":"/root/worker"}');
  workerTurn(worker, host, 1, "begin");
  talk(host, "send_message", "call_send", "a word");
  talk(host, "followup_task", "call_assign", "more work");
  worker.startTurn("turn-worker-2", true);
  worker.accept(agentMessage("amsg_word", "/root", "/root/worker", "a word"));
  workerTurn(worker, host, 2, "more work");
  const stop = functionCall("call_stop", "interrupt_agent", {
    target: "worker",
  });
  host.ask("full", stop);
  const stopping = host.dispatch(stop, "collaboration");
  activity(host, "call_stop", "interrupted");
  host.answer(stopping, stop, "stopped");
  return worker;
}

/** The host sends `text` to the worker by tool `name`. */
function talk(host: FakeThread, name: string, id: string, text: string): void {
  const call = functionCall(id, name, { target: "worker", message: text });
  host.ask("full", call);
  const talking = host.dispatch(call, "collaboration");
  activity(host, id, "interacted");
  host.answer(talking, call, "");
}

/** One turn of the worker: it gets `text`, answers, and reports to the host. */
function workerTurn(
  worker: FakeThread,
  host: FakeThread,
  n: number,
  text: string,
): void {
  worker.accept(agentMessage(`amsg_${n}`, "/root", "/root/worker", text));
  worker.ask("full", assistantMessage(`msg_worker_${n}`, `answer ${n}`));
  worker.endTurn({ type: "task_complete", turn_id: worker.turn });
  const message = `result ${n}`;
  worker.trace.recordAgentResultInteraction(worker.turn, host.id, {
    child_agent_path: "/root/worker",
    message,
    status: { completed: `answer ${n}` },
  });
  host.accept(
    agentMessage(`amsg_result_${n}`, "/root/worker", "/root", message),
  );
}

function activity(host: FakeThread, callId: string, kind: string): void {
  host.trace.recordToolCallEvent(host.turn, {
    type: "sub_agent_activity",
    model: null,
    reasoning_effort: null,
    event_id: callId,
    occurred_at_ms: 3,
    agent_thread_id: WORKER_ID,
    agent_path: "/root/worker",
    kind,
  });
}

function playHelper(host: FakeThread): FakeThread {
  const spawn = functionCall("call_spawn_2", "spawn_agent", {
    message: "help",
  });
  host.ask("full", spawn);
  const spawning = host.dispatch(spawn);
  const sender = { sender_thread_id: host.id };
  const prompt = "help";
  host.runtime("collab_agent_spawn_begin", "call_spawn_2", {
    ...sender,
    prompt,
    model: MODEL,
    reasoning_effort: "low",
  });
  const helper = startChild(host, HELPER_ID, "helper");
  host.runtime("collab_agent_spawn_end", "call_spawn_2", {
    ...sender,
    new_thread_id: HELPER_ID,
    prompt,
    model: MODEL,
    reasoning_effort: "low",
    status: "pending_init",
  });
  host.answer(spawning, spawn, HELPER_ID);
  helper.startTurn("turn-helper", false);
  helper.accept(agentMessage("amsg_help", "/root", "/root/helper", "help"));
  const send = collaborate(host, "send_message", "interaction", {
    prompt: "hi",
  });
  helper.accept(agentMessage("amsg_hi", "/root", "/root/helper", "hi"));
  helper.ask("full", assistantMessage("msg_helper", "helped"));
  helper.endTurn({ type: "task_complete", turn_id: helper.turn });
  host.answer(send.tool, send.call, "sent");
  const wait = collaborate(host, "wait_agent", "waiting", {});
  host.answer(wait.tool, wait.call, "waited");
  const close = collaborate(host, "close_agent", "close", {});
  host.answer(close.tool, close.call, "closed");
  return helper;
}

/** A call with a begin and an end behind it; the caller answers it. */
function collaborate(
  host: FakeThread,
  name: string,
  sort: "interaction" | "waiting" | "close",
  rest: Record<string, unknown>,
): { tool: ReturnType<FakeThread["dispatch"]>; call: Item } {
  const id = `call_v1_${sort}`;
  const call = functionCall(id, name, { target: HELPER_ID, message: "hi" });
  host.ask("full", call);
  const tool = host.dispatch(call);
  const event = sort === "interaction"
    ? "collab_agent_interaction"
    : `collab_${sort}`;
  const parties = sort === "waiting"
    ? { sender_thread_id: host.id, receiver_thread_ids: [HELPER_ID] }
    : { sender_thread_id: host.id, receiver_thread_id: HELPER_ID };
  host.runtime(`${event}_begin`, id, { ...parties, ...rest });
  host.runtime(`${event}_end`, id, {
    ...parties,
    ...rest,
    ...sort === "waiting" ? { statuses: {} } : { status: "running" },
  });
  return { tool, call };
}

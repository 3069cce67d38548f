/**
 * Tools by which an agent has other agents work for it.
 *
 * The thread of a child ends with its turn, and is resumed by the next task.
 *
 * @module
 */

import { Agent, newItemId, textOf, type ToolCall } from "../agent.ts";
import type { Item } from "../responses.ts";
import { functionTool, type Tool, type ToolOutput } from "./tools.ts";

/** An agent that works for another one. */
interface Child {
  readonly agent: Agent;
  readonly parent: Agent;
  /** Resolves at the end of its turn; undefined when none runs. */
  running: Promise<void> | undefined;
}

/** The children of a session, by their paths. */
export class ChildAgents {
  readonly #children = new Map<string, Child>();
  /** The tools that start children and talk to them. */
  readonly tools: readonly Tool[] = [
    functionTool(
      "spawn_agent",
      "Start an agent that works on a task at the same time as you.",
      { task_name: "string", message: "string" },
      (agent, { task_name, message }, call) =>
        this.#spawn(agent, String(task_name), String(message), call),
    ),
    functionTool(
      "followup_task",
      "Give an agent another task.",
      { target: "string", message: "string" },
      (agent, { target, message }, call) =>
        this.#followUp(agent, String(target), String(message), call),
    ),
    functionTool(
      "wait_agent",
      "Wait until an agent is done. Its result arrives as a message.",
      {},
      (agent, _, call) => this.#wait(agent, call),
    ),
    functionTool(
      "interrupt_agent",
      "Cancel what an agent does.",
      { target: "string" },
      (agent, { target }, call) => this.#interrupt(agent, String(target), call),
    ),
  ];

  /** Cancels all children. */
  async close(): Promise<void> {
    for (const { agent, running } of this.#children.values()) {
      agent.cancel();
      await running;
    }
  }

  // deno-lint-ignore require-await -- a refusal is the output of the tool
  async #spawn(
    parent: Agent,
    name: string,
    message: string,
    call: ToolCall,
  ): Promise<ToolOutput> {
    const { session, trace } = parent;
    const agent_path = `${parent.path}/${name}`;
    if (this.#children.has(agent_path)) throw new Error(`${agent_path} exists`);
    const id = crypto.randomUUID();
    const thread_spawn = {
      parent_thread_id: parent.id,
      depth: agent_path.split("/").length - 2,
      agent_path,
      agent_role: null,
    };
    const childTrace = trace.startChildThread({
      thread_id: id,
      agent_path,
      task_name: name,
      session_source: { subagent: { thread_spawn } },
      cwd: session.cwd,
      model: session.model,
      provider_name: session.provider,
    });
    const agent = new Agent(session, childTrace, id, agent_path);
    const child: Child = { agent, parent, running: undefined };
    this.#children.set(agent_path, child);
    child.running = this.#work(child, messageItem(parent, agent, message));
    recordActivity(parent, call, agent, "started");
    return { value: { task_name: agent_path } };
  }

  // deno-lint-ignore require-await -- a refusal is the output of the tool
  async #followUp(
    sender: Agent,
    target: string,
    message: string,
    call: ToolCall,
  ): Promise<ToolOutput> {
    const child = this.#child(sender, target);
    const item = messageItem(sender, child.agent, message);
    if (child.running !== undefined) child.agent.inbox.push(item);
    else {
      child.agent.trace.recordThreadResumed();
      child.running = this.#work(child, item);
    }
    recordActivity(sender, call, child.agent, "interacted");
    return { value: "" };
  }

  async #wait(agent: Agent, { callId, signal }: ToolCall): Promise<ToolOutput> {
    const { trace, turn } = agent;
    const about = {
      call_id: callId,
      sender_thread_id: agent.id,
      receiver_thread_ids: Array.from(
        this.#children.values(),
        (child) => child.agent.id,
      ),
    };
    trace.recordToolCallEvent(turn, { type: "collab_waiting_begin", ...about });
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve());
    const running = Array.from(this.#children.values(), (each) => each.running)
      .filter((each) => each !== undefined);
    if (agent.inbox.length === 0 && running.length > 0) {
      await Promise.race([...running, aborted.promise]);
    }
    signal.throwIfAborted();
    const statuses = Object.fromEntries(
      Array.from(this.#children.values(), (child) => [
        child.agent.id,
        child.running === undefined ? "shutdown" : "running",
      ]),
    );
    const end = { type: "collab_waiting_end", ...about, statuses };
    trace.recordToolCallEvent(turn, end);
    return { value: { message: "an agent is done" } };
  }

  async #interrupt(
    sender: Agent,
    target: string,
    call: ToolCall,
  ): Promise<ToolOutput> {
    const { agent, running } = this.#child(sender, target);
    agent.cancel();
    await running;
    recordActivity(sender, call, agent, "interrupted");
    return { value: "interrupted" };
  }

  /** Runs a turn of a child, and sends its result to the parent. */
  async #work(child: Child, task: Item): Promise<void> {
    const { agent, parent } = child;
    const end = await agent.runTurn(task);
    if (end === "completed") {
      const message = textOf(agent.history.slice(-1));
      agent.trace.recordAgentResultInteraction(agent.turn, parent.id, {
        child_agent_path: agent.path,
        message,
        status: { completed: message },
      });
      parent.inbox.push(messageItem(agent, parent, message));
    }
    agent.trace.recordEnded(end);
    child.running = undefined;
  }

  #child(sender: Agent, target: string): Child {
    const child = this.#children.get(target) ??
      this.#children.get(`${sender.path}/${target}`);
    if (child !== undefined) return child;
    throw new Error(`no agent "${target}"`);
  }
}

function messageItem(from: Agent, to: Agent, text: string): Item {
  return {
    type: "agent_message",
    id: newItemId("amsg"),
    author: from.path,
    recipient: to.path,
    content: [{ type: "input_text", text }],
  };
}

function recordActivity(
  agent: Agent,
  { callId }: ToolCall,
  child: Agent,
  kind: "started" | "interacted" | "interrupted",
): void {
  agent.trace.recordToolCallEvent(agent.turn, {
    type: "sub_agent_activity",
    event_id: callId,
    occurred_at_ms: Date.now(),
    agent_thread_id: child.id,
    agent_path: child.path,
    kind,
  });
}

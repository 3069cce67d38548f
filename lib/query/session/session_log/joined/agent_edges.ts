/**
 * The edges between the threads of joined logs, as far as the logs record them.
 *
 * A thread records what it did to an agent, and the agent records the message that it got: the first
 * one of this author with this text that no earlier edge leads to. Without one, a spawn leads to the
 * thread, and a message has no edge, as in the graph of a bundle.
 *
 * @module
 */

import {
  agentResultEdgeId,
  spawnEdgeId,
  type ThreadId,
  toolEdgeId,
} from "../../../../format/ids.ts";
import { isJsonObject, type JsonValue } from "../../../../format/payload.ts";
import type { ConversationItem } from "../../../../graph/conversation.ts";
import type { RolloutTrace } from "../../../../graph/rollout_trace.ts";
import type {
  InteractionEdge,
  ToolCall,
  TraceAnchor,
} from "../../../../graph/runtime.ts";
import { deliveryOf } from "../../../../reduce/items/agent_message.ts";
import { withoutEnvelope } from "../../../../reduce/items/message_envelope.ts";
import type { AgentActivity } from "../agent_activity.ts";

/** An activity, with the thread that recorded it. */
export interface ThreadActivity extends AgentActivity {
  readonly thread: ThreadId;
}

/** The edges, by id. */
export function agentEdges(
  trace: RolloutTrace,
  activities: readonly ThreadActivity[],
): Map<string, InteractionEdge> {
  const finder = new EdgeFinder(trace);
  const edges = new Map<string, InteractionEdge>();
  for (const activity of activities) {
    // Of an agent without a log there is no thread.
    if (!trace.threads.has(activity.agent)) continue;
    const edge = finder.edgeOf(activity);
    if (edge !== null && !edges.has(edge.edge_id)) {
      edges.set(edge.edge_id, edge);
    }
  }
  return edges;
}

/** A message, as far as it identifies the item in which it arrived. */
interface SentMessage {
  readonly from: ThreadId;
  readonly to: ThreadId;
  /** The number of its text; null where no message that arrived has it. */
  readonly text: number | null;
}

type Ends = Pick<
  InteractionEdge,
  "edge_id" | "kind" | "source" | "started_at_unix_ms"
>;

class EdgeFinder {
  readonly #trace: RolloutTrace;
  /** The numbers of the ids, paths and texts of messages that arrived: each may be long. */
  readonly #numbers: Map<string, number> = new Map();
  /** Those of what tool calls sent and agents answered: activities may name one any number of times. */
  readonly #sent: Map<ToolCall | ConversationItem, number | null> = new Map();
  /** Messages that no edge leads to, the last one first. */
  readonly #arrived: Map<string, ConversationItem[]> = new Map();
  /** The last message of the model in each turn. */
  readonly #answers: Map<string, ConversationItem> = new Map();

  constructor(trace: RolloutTrace) {
    this.#trace = trace;
    for (const item of trace.conversation_items.values()) this.#index(item);
    for (const items of this.#arrived.values()) items.reverse();
  }

  /** The edge of an activity; null where the logs do not have both ends of it. */
  edgeOf(activity: ThreadActivity): InteractionEdge | null {
    const { tool: id, thread, agent, endedAt } = activity;
    if (id === null) return this.#result(activity);
    const tool = this.#trace.tool_calls.get(id);
    if (tool === undefined) return null;
    const ends = {
      source: { type: "tool_call", tool_call_id: id },
      started_at_unix_ms: tool.execution.started_at_unix_ms,
    } as const;
    const target: TraceAnchor = { type: "thread", thread_id: agent };
    const message = { from: thread, to: agent, text: this.#sentBy(tool) };
    switch (tool.kind.type) {
      case "spawn_agent": {
        const edge_id = spawnEdgeId(thread, agent);
        const spawn = { ...ends, edge_id, kind: tool.kind.type } as const;
        return this.#toItem(spawn, message, endedAt) ??
          edgeTo(spawn, target, endedAt);
      }
      case "assign_agent_task":
      case "send_message": {
        const edge_id = toolEdgeId(id);
        const { type: kind } = tool.kind;
        return this.#toItem({ ...ends, edge_id, kind }, message, endedAt);
      }
      case "close_agent": {
        const edge_id = toolEdgeId(id);
        return edgeTo(
          { ...ends, edge_id, kind: "close_agent" },
          target,
          endedAt,
        );
      }
      default:
        return null;
    }
  }

  /** The edge from the answer of an agent to the item in which its parent got it. */
  #result(
    { thread, agent, turn, endedAt }: ThreadActivity,
  ): InteractionEdge | null {
    const answer = this.#answers.get(turn ?? "");
    if (turn === null || answer?.thread_id !== agent) return null;
    const ends: Ends = {
      edge_id: agentResultEdgeId(agent, turn, thread),
      kind: "agent_result",
      source: { type: "conversation_item", item_id: answer.item_id },
      started_at_unix_ms: endedAt,
    };
    const message = { from: agent, to: thread, text: this.#sentBy(answer) };
    return this.#toItem(ends, message, endedAt);
  }

  #toItem(
    ends: Ends,
    message: SentMessage,
    endedAt: InteractionEdge["ended_at_unix_ms"],
  ): InteractionEdge | null {
    const item = message.text === null
      ? undefined
      : this.#arrived.get(this.#keyOf(message, message.text))?.pop();
    if (item === undefined) return null;
    const { item_id } = item;
    const edge = edgeTo(ends, { type: "conversation_item", item_id }, endedAt);
    return { ...edge, carried_item_ids: [item_id] };
  }

  #index(item: ConversationItem): void {
    const { thread_id: thread, codex_turn_id: turn, role, kind } = item;
    const delivery = deliveryOf(item, false);
    if (delivery !== null) {
      const { author, recipient, text } = delivery;
      const key = [thread, author, recipient, withoutEnvelope(text)]
        .map((part) => this.#numbered(part)).join();
      const same = this.#arrived.get(key);
      if (same === undefined) this.#arrived.set(key, [item]);
      else same.push(item);
    } else if (role === "assistant" && kind === "message" && turn !== null) {
      this.#answers.set(turn, item);
    }
  }

  /** The number of the text that a tool call sent, or that is in the answer of an agent. */
  #sentBy(source: ToolCall | ConversationItem): number | null {
    const known = this.#sent.get(source);
    if (known !== undefined) return known;
    const text = "tool_call_id" in source ? sentText(source) : textOf(source);
    const number = text === null ? null : this.#numbers.get(text) ?? null;
    this.#sent.set(source, number);
    return number;
  }

  #keyOf({ from, to }: SentMessage, text: number): string {
    const { threads } = this.#trace;
    const pathOf = (id: ThreadId) => threads.get(id)?.agent_path ?? id;
    const parts = [to, pathOf(from), pathOf(to)];
    return [...parts.map((part) => this.#numbers.get(part)), text].join();
  }

  #numbered(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}

function edgeTo(
  ends: Ends,
  target: TraceAnchor,
  ended_at_unix_ms: InteractionEdge["ended_at_unix_ms"],
): InteractionEdge {
  return {
    ...ends,
    target,
    ended_at_unix_ms,
    carried_item_ids: [],
    carried_raw_payload_ids: [],
  };
}

/** The message in the arguments of a call; null where there is none. */
function sentText({ summary }: ToolCall): string | null {
  const text = summary.type === "generic" ? summary.input_preview : null;
  if (text === null) return null;
  try {
    const value: JsonValue = JSON.parse(text);
    const message = isJsonObject(value) ? value["message"] : undefined;
    return typeof message === "string" ? message : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function textOf({ body }: ConversationItem): string {
  return body.parts.flatMap((part) => part.type === "text" ? part.text : [])
    .join("");
}

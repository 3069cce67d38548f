/**
 * What passed between agents: which call spawned, messaged, closed whom, and whose result reached
 * whom.
 *
 * @module
 */

import { factName, type Facts, toolLabel, type Value } from "./fact.ts";
import type { Raw, RawSession, Run } from "./raw_session.ts";

const MESSAGES = ["send_message", "assign_agent_task"];

/** Adds the edges; `is_there` is whether the log has all that an edge is of. */
export function addEdgeFacts(facts: Facts, raw: RawSession): void {
  for (const tool of raw.all("tool")) addToolEdge(facts, raw, tool);
  for (const { seq, payload } of raw.events) {
    if (payload.type !== "agent_result_observed") continue;
    const { edge_id, child_thread_id: from, parent_thread_id: to } = payload;
    const isShown = isSentTo(raw, to, seq, payload.message);
    addEdge(facts, edge_id, "agent_result", from, to, isShown);
    facts.set(factName("result", String(seq), "delivered"), isShown);
  }
}

function addToolEdge(facts: Facts, raw: RawSession, tool: Run): void {
  const kind = toolLabel(raw, tool.id);
  for (const payload of raw.about("tool_call_id", tool.id)) {
    if (!payload.type.startsWith("tool_call_runtime_")) continue;
    const body = raw.payload(payload.runtime_payload);
    const thread = body?.agent_thread_id ?? body?.new_thread_id ??
      body?.receiver_thread_id;
    if (typeof thread !== "string" || body.kind === "completed") continue;
    const isKnown = raw.runs.has(`thread ${thread}`);
    if (kind === "spawn_agent") {
      const id = `edge:spawn:${tool.thread}:${thread}`;
      addEdge(facts, id, kind, tool.thread, thread, isKnown, tool.id);
    } else if (kind === "close_agent" || kind === "interrupt_agent") {
      const id = `edge:tool:${tool.id}`;
      addEdge(facts, id, kind, tool.thread, thread, isKnown, tool.id);
    } else if (MESSAGES.includes(kind)) {
      const id = `edge:tool:${tool.id}`;
      const text = body.prompt ?? messageOf(raw, tool);
      const isShown = typeof text === "string" &&
        isSentTo(raw, thread, tool.start.seq, text);
      addEdge(
        facts,
        id,
        kind,
        tool.thread,
        thread,
        isKnown && isShown,
        tool.id,
      );
    }
  }
}

function messageOf(raw: RawSession, { start }: Run): Raw {
  try {
    const { payload } = raw.payload(start.payload.invocation_payload);
    return JSON.parse(payload.arguments).message;
  } catch {
    return undefined;
  }
}

function addEdge(
  facts: Facts,
  id: string,
  kind: string,
  from: string,
  to: string,
  isThere: boolean,
  tool: string | null = null,
): void {
  const add = (what: string, value: Value) =>
    void facts.set(factName("edge", id, what), value);
  add("is_there", isThere);
  if (!isThere) return;
  add("kind", kind);
  add("from", from);
  add("to", to);
  if (tool !== null) add("source_tool", tool);
}

/** Whether a request of a thread after an event, or a receipt, has a text. */
function isSentTo(
  raw: RawSession,
  thread: string,
  seq: number,
  text: string,
): boolean {
  const isReceived = raw.events.some((event) =>
    event.thread_id === thread && event.seq >= seq &&
    holds(raw.payload(event.payload.agent_message_payload) ?? {}, text)
  );
  return isReceived || raw.all("call").some((call) => {
    if (call.thread !== thread || call.start.seq < seq) return false;
    const { request_payload: sent, warmup_context_payload: warmup } =
      call.start.payload;
    const { input = [] } = raw.payload(warmup ?? sent) ?? {};
    return input.some((item: Raw) => holds(item, text));
  });
}

/** Whether a message between agents has a text: the item has an author, or its text is JSON. */
function holds(
  { type, author, content }: Raw,
  text: string,
): boolean {
  if (!Array.isArray(content)) return false;
  return content.some((part: Raw) => {
    const words = part.encrypted_content ?? part.text;
    if (words === text) return author !== undefined;
    if (type !== "message" || typeof words !== "string") return false;
    try {
      const delivery = JSON.parse(words);
      return (delivery.encrypted_content ?? delivery.content) === text;
    } catch {
      return words === text;
    }
  });
}

/**
 * Items that the reference refuses, each for a reason of its own.
 *
 * @module
 */

import { json, type JsonLike } from "./json_text.ts";
import type { Item, Session, ThreadModel } from "./session.ts";

/** An item of a fault the reference refuses. */
export function faultyItem(s: Session, thread: ThreadModel): Item {
  const p = s.prng;
  const known = p.maybe([...thread.byCall.values()]);
  const faults: readonly JsonLike[] = [
    { type: p.pick(["other", "ghost_snapshot", "compaction_trigger", "new"]) },
    { role: "user", content: [] },
    { type: 3 },
    { type: "message", role: p.pick(["critic", 5]), content: [] },
    { type: "message", content: [] },
    { type: "reasoning", summary: [] },
    { type: "reasoning", summary: null, encrypted_content: "e" },
    { type: "reasoning", summary: [{ type: "text", text: "t" }] },
    { type: "reasoning", content: [{ type: "summary_text", text: "t" }] },
    { type: "reasoning", encrypted_content: 5, summary: [] },
    { type: "compaction" },
    { type: "agent_message", author: "/root", recipient: "/root", content: [] },
    { type: "agent_message", author: 1, recipient: "/root", content: [] },
    {
      type: "agent_message",
      author: "/root",
      recipient: "/root",
      content: [{ type: "output_text", text: "t" }],
    },
    "an item that is text",
    null,
    {
      type: "function_call",
      name: "x",
      arguments: "changed",
      call_id: known?.callId ?? "call_1",
    },
    {
      type: "function_call_output",
      output: "changed",
      call_id: known?.callId ?? "call_1",
    },
  ];
  return {
    json: json(p.pick(faults)),
    callKind: null,
    callId: null,
    once: true,
    volatile: false,
    whole: false,
    skipped: false,
    id: null,
  };
}

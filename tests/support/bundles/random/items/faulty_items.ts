/**
 * Items that the reference refuses, each for a reason of its own.
 *
 * @module
 */

import { json, type JsonLike } from "./json_text.ts";
import type { Prng } from "../prng.ts";
import type { Item, Session, ThreadModel } from "../session.ts";

/** The faults; `callId` is in use already. */
function faults(p: Prng, callId: string): readonly JsonLike[] {
  return [
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
    { type: "function_call", arguments: "changed", call_id: callId },
    { type: "function_call_output", output: "changed", call_id: callId },
  ];
}

/** An item of a fault the reference refuses. */
export function faultyItem(s: Session, thread: ThreadModel): Item {
  const p = s.prng;
  const known = p.maybe([...thread.byCall.values()]);
  return {
    json: json(p.pick(faults(p, known?.callId ?? "call_1"))),
    callKind: null,
    callId: null,
    once: true,
    volatile: false,
    complete: false,
    skipped: false,
    id: null,
  };
}

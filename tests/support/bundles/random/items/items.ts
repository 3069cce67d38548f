/**
 * Random Responses items of every type, and the ways in which an item may be sent again.
 *
 * @module
 */

import { agentMessageItem, jsonDelivery } from "./agent_items.ts";
import {
  callArguments,
  longObject,
  messageContent,
  outputContent,
} from "./content.ts";
import { callIdFor, finish } from "./item_core.ts";
import type { Json, JsonLike } from "./json_text.ts";
import type { CallKind, Item, Session, ThreadModel } from "../session.ts";
import { anyJson, text } from "./values.ts";

type Maker = (s: Session, thread: ThreadModel) => Item;

const message: Maker = (s, thread) => {
  const p = s.prng;
  const content = messageContent(s);
  const phase = p.weighted<Json | undefined>([
    [10, undefined],
    [1, null],
    [1, "commentary"],
    [2, "final_answer"],
    [1, "summary"],
    [1, "else"],
    [1, 7],
  ]);
  return finish(s, thread, {
    type: "message",
    role: p.weighted([
      [8, "user"],
      [8, "assistant"],
      [2, "developer"],
      [1, "system"],
      [1, "tool"],
    ]),
    content: content.json,
    phase,
    status: p.chance(0.1) ? "completed" : undefined,
  }, { content });
};

/** A reasoning item; `encrypted` names its blob, null leaves it out. */
export function reasoning(
  s: Session,
  thread: ThreadModel,
  encrypted: string | null,
): Item {
  const p = s.prng;
  const content: JsonLike = Array.from(
    { length: p.int(3) },
    () => ({
      type: p.chance(0.7) ? "reasoning_text" : "text",
      text: text(p),
    }),
  );
  const summary: JsonLike = Array.from(
    { length: p.int(3) },
    () => ({ type: "summary_text", text: text(p) }),
  );
  const bare = content.length === 0 && summary.length === 0;
  const blob = encrypted ?? (bare ? "enc_bare" : p.pick([null, undefined]));
  return finish(s, thread, {
    type: "reasoning",
    summary: summary.length === 0 && p.chance(0.2) ? undefined : summary,
    content: content.length === 0 ? p.pick([null, undefined, []]) : content,
    encrypted_content: blob,
  });
}

const anyReasoning: Maker = (s, thread) =>
  reasoning(
    s,
    thread,
    s.prng.chance(0.6) ? `enc_${s.prng.int(4)}` : null,
  );

const functionCall: Maker = (s, thread) => {
  const callId = callIdFor(s, thread, "call");
  const content = callArguments(s);
  return finish(s, thread, {
    type: "function_call",
    name: s.prng.pick(["exec_command", "write_stdin", "lookup"]),
    arguments: content.json,
    call_id: callId,
  }, { callKind: "call", callId, content });
};

const functionOutput: Maker = (s, thread) => {
  const callId = callIdFor(s, thread, "output");
  const content = outputContent(s);
  return finish(s, thread, {
    type: "function_call_output",
    call_id: callId,
    output: content.json,
  }, { callKind: "output", callId, content });
};

const customCall: Maker = (s, thread) => {
  const p = s.prng;
  const callId = callIdFor(s, thread, "custom_call");
  const input = p.weighted<Json | undefined>([
    [8, text(p)],
    [1, undefined],
    [1, null],
    [1, anyJson(p)],
  ]);
  return finish(s, thread, {
    type: "custom_tool_call",
    call_id: callId,
    name: p.weighted<Json | undefined>([
      [6, "exec"],
      [3, "apply_patch"],
      [1, undefined],
      [1, 4],
    ]),
    input,
  }, { callKind: "custom_call", callId, complete: typeof input !== "string" });
};

const customOutput: Maker = (s, thread) => {
  const callId = callIdFor(s, thread, "custom_output");
  const content = outputContent(s);
  return finish(s, thread, {
    type: "custom_tool_call_output",
    call_id: callId,
    output: content.json,
  }, { callKind: "custom_output", callId, content });
};

function hosted(type: string, kind: CallKind): Maker {
  return (s, thread) => {
    const p = s.prng;
    const callId = p.chance(0.6) ? callIdFor(s, thread, kind) : null;
    return finish(s, thread, {
      type,
      status: p.pick(["completed", "failed"]),
      call_id: callId ?? p.pick<Json | undefined>([undefined, null, 3]),
      action: p.chance(0.2) ? longObject(s) : anyJson(p, 2),
    }, { callKind: kind, callId, complete: true });
  };
}

function compaction(type: string): Maker {
  return (s, thread) =>
    finish(s, thread, {
      type,
      encrypted_content: `summary_${s.prng.int(3)}`,
      call_id: s.prng.chance(0.1) ? "call_1" : undefined,
    });
}

const agentMessage: Maker = (s, thread) => {
  const p = s.prng;
  const path = p.pick([...s.threads.map((t) => t.path), "/root/other", "any"]);
  return agentMessageItem(s, thread, path, p.pick([thread.path, "/root"]), {
    text: text(p),
    shape: p.int(5),
  });
};

const skipped: Maker = (s, thread) => ({
  ...finish(s, thread, { type: "additional_tools", tools: [] }),
  skipped: true,
});

const configuration: Maker = (s, thread) => ({
  ...finish(s, thread, {
    type: "configuration_update",
    model: anyJson(s.prng),
  }),
  skipped: true,
});

/** A new output of a call. */
export function outputItem(s: Session, thread: ThreadModel): Item {
  return s.prng.weighted<Maker>([
    [6, functionOutput],
    [4, customOutput],
    [1, hosted("tool_search_output", "output")],
    [1, hosted("mcp_tool_call_output", "output")],
  ])(s, thread);
}

const MAKERS: readonly (readonly [number, Maker])[] = [
  [30, message],
  [12, anyReasoning],
  [14, functionCall],
  [12, functionOutput],
  [9, customCall],
  [7, customOutput],
  [1, hosted("tool_search_call", "call")],
  [1, hosted("web_search_call", "call")],
  [1, hosted("image_generation_call", "call")],
  [1, hosted("local_shell_call", "call")],
  [1, hosted("tool_search_output", "output")],
  [1, hosted("mcp_tool_call_output", "output")],
  [1, compaction("compaction")],
  [1, compaction("compaction_summary")],
  [1, compaction("context_compaction")],
  [3, agentMessage],
  [2, skipped],
];

/** A new item for a thread: something it is waiting for, or anything. */
export function newItem(s: Session, thread: ThreadModel): Item {
  const p = s.prng;
  const receipt = p.chance(0.5) ? nextReceipt(s, thread) : undefined;
  if (receipt !== undefined) return receipt;
  if (s.schema >= 3 && p.chance(0.03)) return configuration(s, thread);
  if (cellWaits(s, thread) && p.chance(0.3)) return customCall(s, thread);
  if (thread.deliveries.length > 0 && p.chance(0.6)) {
    return deliveredItem(s, thread);
  }
  return p.weighted(MAKERS)(s, thread);
}

/** An item that a receipt announced; since schema 3 they arrive in any order. */
function nextReceipt(s: Session, thread: ThreadModel): Item | undefined {
  if (s.schema < 3) return thread.receipts.shift();
  const [receipt] = thread.receipts.splice(
    s.prng.int(thread.receipts.length),
    1,
  );
  return receipt;
}

/** True when a code cell waits for the call that asked for it. */
function cellWaits(s: Session, thread: ThreadModel): boolean {
  return s.cells.some((cell) =>
    cell.thread === thread && !thread.byCall.has(`custom_call:${cell.callId}`)
  );
}

function deliveredItem(s: Session, thread: ThreadModel): Item {
  const p = s.prng;
  const at = p.int(thread.deliveries.length);
  const [delivery] = p.chance(0.85)
    ? thread.deliveries.splice(at, 1)
    : thread.deliveries.slice(at, at + 1);
  if (delivery === undefined) return message(s, thread);
  const { author, recipient, text } = delivery;
  return p.chance(s.schema < 3 ? 0.3 : 0.05)
    ? jsonDelivery(s, thread, author, recipient, text)
    : agentMessageItem(s, thread, author, recipient, { text, shape: p.int(3) });
}

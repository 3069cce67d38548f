/**
 * Items of the Responses API, as a session produces them.
 *
 * @module
 */

import type { ResponsesItem } from "./thread.ts";
import type { Noise } from "./noise.ts";

/** The author of a message. */
export type MessageRole = "developer" | "user" | "assistant";

/** A message of one or more texts. */
export function message(
  noise: Noise,
  role: MessageRole,
  texts: readonly string[],
): ResponsesItem {
  const type = role === "assistant" ? "output_text" : "input_text";
  return {
    type: "message",
    id: `msg_${noise.prng.uuid()}`,
    role,
    content: texts.map((text) => ({ type, text })),
    ...(role === "assistant" ? { phase: "final_answer" } : {}),
  };
}

/** A picture, the part of a message or of an output. */
export function image(noise: Noise): object {
  return {
    type: "input_image",
    image_url: `data:image/png;base64,${noise.encrypted(400)}`,
    detail: "high",
  };
}

/** A message of a user who shows a picture. */
export function illustratedMessage(noise: Noise, text: string): ResponsesItem {
  return {
    type: "message",
    id: `msg_${noise.prng.uuid()}`,
    role: "user",
    content: [{ type: "input_text", text }, image(noise)],
  };
}

/** What the model thought, mostly unreadable. */
export function reasoning(noise: Noise, length: number): ResponsesItem {
  return {
    type: "reasoning",
    id: noise.providerId("rs"),
    summary: [{ type: "summary_text", text: noise.text(80, false) }],
    content: null,
    encrypted_content: noise.encrypted(length),
  };
}

/** A call of a function. */
export function functionCall(
  noise: Noise,
  name: string,
  callId: string,
  args: string,
): ResponsesItem {
  return {
    type: "function_call",
    id: noise.providerId("fc"),
    name,
    arguments: args,
    call_id: callId,
  };
}

/** A call of a tool that takes text. */
export function customCall(
  noise: Noise,
  name: string,
  callId: string,
  input: string,
): ResponsesItem {
  return {
    type: "custom_tool_call",
    id: noise.providerId("ctc"),
    status: "completed",
    call_id: callId,
    name,
    input,
  };
}

/** What a tool answered: a text, or parts. */
export type ToolOutput = string | readonly object[];

/** The output of a call, in the history. `call` is the item that asked. */
export function callOutput(
  noise: Noise,
  call: ResponsesItem,
  output: ToolOutput,
): ResponsesItem {
  const custom = call.type === "custom_tool_call";
  return {
    type: `${call.type}_output`,
    id: `${custom ? "ctco" : "fco"}_${noise.prng.uuid()}`,
    call_id: call.call_id,
    output,
  };
}

/** A message between agents, its text for the addressee alone. */
export function agentMessage(
  noise: Noise,
  from: string,
  to: string,
  text: string,
): ResponsesItem {
  return {
    type: "agent_message",
    id: `amsg_${noise.prng.uuid()}`,
    author: from,
    recipient: to,
    content: [
      { type: "input_text", text: `Message Type: NEW_TASK\nSender: ${from}\n` },
      { type: "encrypted_content", encrypted_content: text },
    ],
  };
}

/** The result an agent reports, readable. */
export function agentReport(
  noise: Noise,
  from: string,
  to: string,
  text: string,
): ResponsesItem {
  return {
    type: "agent_message",
    id: `amsg_${noise.prng.uuid()}`,
    author: from,
    recipient: to,
    content: [{ type: "input_text", text }],
  };
}

/** What a compaction puts in the place of a history. */
export function compactionItem(noise: Noise): ResponsesItem {
  return {
    type: "compaction",
    id: noise.providerId("cmp"),
    encrypted_content: noise.encrypted(4000),
  };
}

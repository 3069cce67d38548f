/**
 * Responses items of a host that is being recorded.
 *
 * @module
 */

/** A Responses item with the id that the API assigned. */
export interface Item {
  type: string;
  id: string;
  [key: string]: unknown;
}

/** A message of the user. */
export function userMessage(id: string, text: string): Item {
  const content = [{ type: "input_text", text }];
  return { type: "message", id, role: "user", content };
}

/** A message of the user with a picture. */
export function pictureMessage(id: string, text: string): Item {
  const image_url = `data:image/png;base64,${"iVBOR".repeat(20)}`;
  const content = [
    { type: "input_text", text },
    { type: "input_image", image_url, detail: "high" },
  ];
  return { type: "message", id, role: "user", content };
}

/** A message of the model. */
export function assistantMessage(id: string, text: string): Item {
  const content = [{ type: "output_text", text }];
  return {
    type: "message",
    id,
    role: "assistant",
    content,
    phase: "final_answer",
  };
}

/** Reasoning that only the provider can read. */
export function reasoning(id: string): Item {
  const summary = [{ type: "summary_text", text: `thinking ${id}` }];
  return {
    type: "reasoning",
    id,
    summary,
    content: null,
    encrypted_content: `enc-${id}`,
  };
}

/** A message from one agent to another. */
export function agentMessage(
  id: string,
  author: string,
  recipient: string,
  text: string,
): Item {
  const content = [{ type: "input_text", text }];
  return { type: "agent_message", id, author, recipient, content };
}

/** A call of a function tool. */
export function functionCall(
  callId: string,
  name: string,
  args: unknown,
): Item {
  return {
    type: "function_call",
    id: `fc_${callId}`,
    name,
    arguments: JSON.stringify(args),
    call_id: callId,
  };
}

/** A call of a tool that takes plain text. */
export function customCall(callId: string, name: string, input: string): Item {
  return {
    type: "custom_tool_call",
    id: `ctc_${callId}`,
    call_id: callId,
    name,
    input,
  };
}

/** Output of a call, of the type that answers `call`. */
export function outputOf(call: Item, output: string): Item {
  const type = `${call.type}_output`;
  return {
    type,
    id: `out_${call["call_id"]}`,
    call_id: call["call_id"],
    output,
  };
}

/**
 * Messages between agents as items of a conversation.
 *
 * @module
 */

import { type Fields, finish, remember } from "./item_core.ts";
import { type JsonLike, obj, Raw } from "./json_text.ts";
import { NUMBERS } from "./values.ts";
import type { Item, Session, ThreadModel } from "../session.ts";

/** An agent message; `shape` decides how its text is wrapped. */
export function agentMessageItem(
  s: Session,
  thread: ThreadModel,
  author: string,
  recipient: string,
  body: { text: string; shape: number; id?: string },
): Item {
  const plain = (t: string) => ({ type: "input_text", text: t });
  const sealed = { type: "encrypted_content", encrypted_content: body.text };
  const shapes: readonly JsonLike[] = [
    [plain(body.text)],
    [sealed],
    [plain("Message Type: NEW_TASK"), sealed],
    [sealed, plain("after")],
    [plain(body.text), plain("more")],
  ];
  const fields: Fields = {
    type: "agent_message",
    author,
    recipient,
    content: shapes[body.shape % shapes.length],
    note: s.prng.chance(0.02) ? new Raw(s.prng.pick(NUMBERS)) : undefined,
  };
  if (body.id === undefined) {
    const unusual = s.schema >= 3 && s.prng.chance(0.05);
    const id = unusual
      ? s.prng.pick<JsonLike>([5, null, {}, ["x"]])
      : undefined;
    return finish(s, thread, unusual ? { ...fields, id } : fields);
  }
  const item: Item = {
    json: obj({ ...fields, id: body.id }),
    callKind: null,
    callId: null,
    once: false,
    volatile: false,
    complete: false,
    skipped: false,
    id: body.id,
  };
  remember(thread, item);
  return item;
}

/** A delivery in the form of older traces: an assistant message whose text is JSON. */
export function jsonDelivery(
  s: Session,
  thread: ThreadModel,
  author: string,
  recipient: string,
  content: string,
): Item {
  const p = s.prng;
  const sealed = p.chance(0.3);
  const text = JSON.stringify({
    id: p.pick([undefined, null, "m1"]),
    author,
    recipient,
    other_recipients: p.pick([undefined, [], ["/root/x_1"]]),
    content: sealed ? "sealed" : content,
    encrypted_content: sealed ? content : p.pick([undefined, null]),
    trigger_turn: p.chance(0.5),
    unknown: p.chance(0.2) ? 1 : undefined,
  });
  const faulty = p.chance(0.1) ? text.replace(/true|false/, "1") : text;
  return finish(s, thread, {
    type: "message",
    role: "assistant",
    content: [{ type: p.pick(["output_text", "text"]), text: faulty }],
  });
}

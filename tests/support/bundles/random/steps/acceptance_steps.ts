/**
 * Acceptance of items into history, and receipts of agent messages. Schema 2 alone has them.
 *
 * @module
 */

import { agentMessageItem } from "../items/agent_items.ts";
import { obj } from "../items/json_text.ts";
import type { Session, ThreadModel } from "../session.ts";
import { anyThread, anyTurn, type Step } from "./step.ts";
import { anyJson, text } from "../items/values.ts";

function accept(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const own = [...thread.byId.keys()];
  const id = p.weighted<() => string | undefined>([
    [10, () => p.maybe(own)],
    [6, () => own.at(-1)],
    // Ids are numbered in order of creation: one a little ahead may arrive yet.
    [2, () => `msg_${s.fresh() + p.int(4)}`],
    [1, () => p.maybe(s.threads.flatMap((t) => [...t.byId.keys()]))],
  ])() ?? "msg_unseen";
  emitAcceptance(s, thread, id);
}

function emitAcceptance(s: Session, thread: ThreadModel, id: string): void {
  const p = s.prng;
  const turn = p.chance(0.9) ? anyTurn(s, thread).id : "turn-ghost";
  const context = s.unusual()
    ? { turn }
    : p.chance(0.9)
    ? { thread: thread.id, turn }
    : { thread: thread.id };
  // Since schema 3 a payload is interpreted unless a receipt announced the item.
  const known = s.schema < 3 ? thread.byId.has(id) : thread.receiptIds.has(id);
  s.emit("history_item_accepted", {
    item_id: id,
    // A payload for an id that is known is not interpreted, so that anything may be there.
    agent_message_payload: known && p.chance(0.1)
      ? s.payload("protocol_event", anyJson(p))
      : p.chance(0.2)
      ? null
      : undefined,
  }, context);
}

function acceptMany(s: Session): void {
  for (let n = s.prng.between(1, 4); n > 0; n--) accept(s);
}

function receipt(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const known = p.chance(0.1) ? p.maybe([...thread.byId.keys()]) : undefined;
  const id = known ?? `amsg_${s.fresh()}`;
  const turn = anyTurn(s, thread);
  const delivery = p.chance(0.6) ? thread.deliveries.shift() : undefined;
  const author = delivery?.author ?? p.pick(s.threads).path;
  const recipient = delivery?.recipient ?? thread.path;
  const message = delivery?.text ?? `receipt ${s.fresh()}`;
  const item = agentMessageItem(s, thread, author, recipient, {
    text: message,
    shape: p.int(5),
    id,
  });
  const body = s.unusual()
    ? p.pick([
      obj({ type: "message", role: "user", content: [], id }),
      obj({ type: "additional_tools", id }),
      obj({ type: "agent_message", author, recipient, content: [], id }),
    ])
    : item.json;
  const item_id = s.unusual() ? `amsg_${s.fresh()}` : id;
  const ref = s.payload("protocol_event", body, "item");
  if (!s.stored(ref).missing) thread.receiptIds.add(id);
  s.emit(
    "history_item_accepted",
    {
      item_id,
      agent_message_payload: ref,
    },
    p.chance(0.8)
      ? { thread: thread.id, turn: turn.id }
      : { thread: thread.id },
  );
  if (!p.chance(0.75)) return;
  const seen = p.chance(0.7) ? item : agentMessageItem(
    s,
    thread,
    p.chance(0.5) ? author : "/root/else",
    recipient,
    { text: p.chance(0.5) ? message : text(p), shape: p.int(5), id },
  );
  thread.receipts.push(seen);
}

/** The steps of this concept. */
export const ACCEPTANCE_STEPS: readonly Step[] = [
  { family: "acceptance", weight: 3, run: accept, since: 2 },
  { family: "acceptance", weight: 3, run: acceptMany, since: 2 },
  { family: "acceptance", weight: 3, run: receipt, since: 2 },
];

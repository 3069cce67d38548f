/**
 * Receipts of tool outputs, which schema 3 has: an output exists from its acceptance on, and a
 * request shows it later, or never.
 *
 * @module
 */

import { outputItem } from "../items/items.ts";
import { type Json, type JsonLike, Obj, obj } from "../items/json_text.ts";
import type { Item, Session, ThreadModel } from "../session.ts";
import { anyThread, anyTurn, type Step } from "./step.ts";
import { anyJson, text } from "../items/values.ts";

/** The item as a request will show it: mostly the same, sometimes changed. */
function laterForm(s: Session, thread: ThreadModel, item: Item): Item {
  const p = s.prng;
  if (!(item.json instanceof Obj) || item.id === null) return item;
  const { id, json } = item;
  return p.weighted<() => Item>([
    [10, () => item],
    [2, () => ({ ...item, json: json.with("output", text(p)) })],
    [3, () => ({ ...item, json: json.without("id"), id: null, stripped: id })],
    [1, () => ({ ...item, json: json.without("id"), id: null })],
    [1, () => {
      const other = outputItem(s, thread);
      if (!(other.json instanceof Obj)) return item;
      return { ...other, json: other.json.with("id", id), id };
    }],
  ])();
}

/** A payload that is no receipt of the item. */
function wrongReceipt(s: Session, item: Item): Json {
  const { json } = item;
  if (!(json instanceof Obj)) return json;
  return s.prng.pick<Json>([
    json.without("id"),
    json.with("id", 4),
    json.with("id", "another"),
    obj({ type: "message", role: "user", content: [], id: item.id ?? "" }),
    obj({ type: "configuration_update", id: item.id ?? "" }),
    [json],
  ]);
}

function receive(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const turn = anyTurn(s, thread);
  const made = outputItem(s, thread);
  const known = p.chance(0.08) ? p.maybe([...thread.byId.keys()]) : undefined;
  const id = known ?? `fco_${s.fresh()}`;
  if (!(made.json instanceof Obj)) return;
  const item: Item = { ...made, json: made.json.with("id", id), id };
  const body = s.unusual() ? wrongReceipt(s, item) : item.json;
  const ref = s.payload("protocol_event", body, "item");
  const key = p.chance(0.93) ? "tool_output_payload" : "agent_message_payload";
  const other: JsonLike | undefined = p.chance(0.05)
    ? s.payload("protocol_event", anyJson(p))
    : p.chance(0.1)
    ? null
    : undefined;
  s.emit(
    "history_item_accepted",
    {
      item_id: s.unusual() ? `fco_${s.fresh()}` : id,
      agent_message_payload: key === "agent_message_payload" ? ref : null,
      tool_output_payload: key === "tool_output_payload" ? ref : other,
    },
    p.chance(0.9)
      ? { thread: thread.id, turn: turn.id }
      : p.chance(0.5)
      ? { thread: thread.id, turn: "turn-ghost" }
      : { thread: thread.id },
  );
  if (!thread.byId.has(id)) thread.byId.set(id, item);
  if (!s.stored(ref).missing) thread.receiptIds.add(id);
  if (p.chance(0.8)) thread.receipts.push(laterForm(s, thread, item));
}

function receiveMany(s: Session): void {
  for (let n = s.prng.between(2, 4); n > 0; n--) receive(s);
}

/** The steps of this concept. */
export const RECEIPT_STEPS: readonly Step[] = [
  { family: "acceptance", weight: 4, run: receive, since: 3 },
  { family: "acceptance", weight: 2, run: receiveMany, since: 3 },
];

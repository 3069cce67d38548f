/**
 * An item as a later payload repeats it: the same bytes, or the same item spelled otherwise,
 * with another id, or with more or less readable reasoning.
 *
 * @module
 */

import { PASSTHROUGH } from "./item_core.ts";
import { reasoning } from "./items.ts";
import { type Json, Obj, obj, parseJson, render } from "./json_text.ts";
import type { Item, Session, ThreadModel } from "../session.ts";

/** The item as it is sent this time. */
export function resent(s: Session, thread: ThreadModel, item: Item): Item {
  if (!s.prng.chance(s.profile.respell) || !(item.json instanceof Obj)) {
    return item;
  }
  const json = item.json;
  const blob = json.get("encrypted_content");
  if (
    json.get("type") === "reasoning" && typeof blob === "string" &&
    s.prng.chance(0.6)
  ) {
    return { ...reasoning(s, thread, blob), id: item.id };
  }
  return s.prng.pick([otherId, otherOrder, otherSpelling, passed])(s, item);
}

function otherId(s: Session, item: Item): Item {
  if (!(item.json instanceof Obj) || item.complete) return item;
  const p = s.prng;
  const id = p.chance(0.4) ? null : `msg_${s.fresh()}`;
  const json = id === null
    ? item.json.without("id")
    : item.json.with("id", item.id !== null && p.chance(0.5) ? item.id : id);
  const now = json.get("id");
  return { ...item, json, id: typeof now === "string" ? now : null };
}

function otherOrder(s: Session, item: Item): Item {
  if (!(item.json instanceof Obj) || item.complete) return item;
  return { ...item, json: new Obj(s.prng.shuffle(item.json.entries)) };
}

function otherSpelling(s: Session, item: Item): Item {
  if (!(item.json instanceof Obj)) return item;
  const source = item.json.get("arguments");
  if (typeof source !== "string") return item;
  const value = tryParse(source);
  if (value === undefined) return item;
  // What is beyond the cut of a summary does not count.
  const long = value instanceof Obj && value.get("z") === 1 &&
    new TextEncoder().encode(source).length > 250;
  const changed = long ? value.with("z", s.prng.int(9)) : value;
  const text = render(changed, {
    space: () => s.prng.chance(0.3) ? " " : "",
    quote: (t) => JSON.stringify(t),
  });
  return { ...item, json: item.json.with("arguments", text) };
}

/** Adds the passthrough key at the end, where taking it out moves nothing. */
function passed(s: Session, item: Item): Item {
  if (!(item.json instanceof Obj)) return item;
  const body = item.json.without(PASSTHROUGH);
  // Taking out a key that was elsewhere would change the order that complete items show.
  if (item.complete && item.json.get(PASSTHROUGH) !== undefined) return item;
  return {
    ...item,
    json: body.with(PASSTHROUGH, obj({ turn_id: `t${s.prng.int(3)}` })),
  };
}

function tryParse(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

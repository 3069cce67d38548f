/**
 * What all random items share: ids, call ids, the key that Codex adds for itself.
 *
 * @module
 */

import type { Content } from "./content.ts";
import { type Json, type JsonLike, Obj, obj } from "./json_text.ts";
import type { CallKind, Item, Session, ThreadModel } from "../session.ts";

/** Key that Codex adds to items for itself. */
export const PASSTHROUGH = "internal_chat_message_metadata_passthrough";

/** Members of an item. */
export type Fields = { readonly [key: string]: JsonLike | undefined };

/** What the walk must know of an item beyond its members. */
export interface Nature {
  callKind?: CallKind;
  callId?: string | null;
  content?: Content;
  complete?: boolean;
}

/** Makes the item, assigns an id now and then, and informs the thread of it. */
export function finish(
  s: Session,
  thread: ThreadModel,
  fields: Fields,
  nature: Nature = {},
): Item {
  const p = s.prng;
  let item = obj(fields);
  let id: string | null = null;
  if (p.chance(s.profile.ids)) {
    id = itemId(s, thread);
    item = withKey(s, item, "id", id);
  } else if (p.chance(0.02)) {
    item = withKey(s, item, "id", p.pick<Json>([null, 5]));
  }
  if (p.chance(0.05)) {
    item = withKey(s, item, PASSTHROUGH, obj({ turn_id: "t" }));
  }
  const opaque = nature.content?.opaque ?? false;
  const unhashed = nature.content?.unhashed ?? false;
  const volatile = opaque && (s.schema === 1 || unhashed);
  const callKind = nature.callId == null ? null : nature.callKind ?? null;
  const checked = s.schema === 1
    ? callKind !== null
    : callKind === "call" || callKind === "custom_call";
  const made: Item = {
    json: item,
    callKind,
    callId: nature.callId ?? null,
    once: volatile && checked,
    volatile,
    complete: nature.complete ?? false,
    skipped: false,
    id,
  };
  remember(thread, made);
  return made;
}

/** Informs the thread of an item. */
export function remember(thread: ThreadModel, item: Item): void {
  if (item.callKind !== null) {
    thread.byCall.set(`${item.callKind}:${item.callId}`, item);
  }
  if (item.id !== null && !thread.byId.has(item.id)) {
    thread.byId.set(item.id, item);
  }
}

function itemId(s: Session, thread: ThreadModel): string {
  const p = s.prng;
  const known = p.chance(0.08)
    ? p.maybe([...thread.byId.keys()])
    : p.chance(0.05)
    ? p.maybe(s.threads.flatMap((t) => [...t.byId.keys()]))
    : undefined;
  return known ?? (p.chance(0.01) ? "" : `msg_${s.fresh()}`);
}

function withKey(s: Session, item: Obj, key: string, value: Json): Obj {
  const entries = item.entries.slice();
  entries.splice(1 + s.prng.int(entries.length), 0, [key, value]);
  return new Obj(entries);
}

/** A call id that this thread does not use yet for this kind. */
export function callIdFor(
  s: Session,
  thread: ThreadModel,
  kind: CallKind,
): string {
  const p = s.prng;
  const free = s.callIds.filter((id) => !thread.byCall.has(`${kind}:${id}`));
  const awaited = free.filter((id) =>
    kind === "custom_call" &&
    s.cells.some((c) => c.callId === id && c.thread === thread)
  );
  const fitting = awaited.length > 0
    ? awaited
    : free.filter((id) =>
      thread.byCall.has(`${PARTNER[kind]}:${id}`) ||
      s.tools.some((t) => t.callId === id && t.thread === thread) ||
      s.cells.some((c) => c.callId === id && c.thread === thread)
    );
  const foreign = kind === "custom_output" && p.chance(0.15)
    ? p.maybe(
      s.cells.map((c) => c.callId).filter((id) => free.includes(id)),
    )
    : undefined;
  if (foreign !== undefined) return foreign;
  const known = p.chance(0.65)
    ? p.maybe(fitting)
    : p.chance(0.5)
    ? p.maybe(free)
    : undefined;
  return known ?? freshCallId(s);
}

/** A call id that nothing uses yet. */
export function freshCallId(s: Session): string {
  const id = `call_${s.fresh()}`;
  s.callIds.push(id);
  return id;
}

const PARTNER: Readonly<Record<CallKind, CallKind>> = {
  call: "output",
  output: "call",
  custom_call: "custom_output",
  custom_output: "custom_call",
};

/**
 * Lists of items as payloads hold them: new ones, and the history once more.
 *
 * @module
 */

import { faultyItem } from "./faulty_items.ts";
import { newItem } from "./items.ts";
import type { Json } from "./json_text.ts";
import { resent } from "./resend.ts";
import type { Item, Session, ThreadModel } from "../session.ts";

/** Items that the thread has not seen, or not in this form. */
export function newItems(
  s: Session,
  thread: ThreadModel,
  count: number,
): Item[] {
  const items = Array.from({ length: count }, () => newItem(s, thread));
  if (s.unusual()) items.push(faultyItem(s, thread));
  return items;
}

/** The history as the next request repeats it, perhaps changed in the middle. */
export function repeated(
  s: Session,
  thread: ThreadModel,
  history: readonly Item[],
): Item[] {
  const p = s.prng;
  const items = history
    .filter((item) => !item.once || s.unusual())
    .map((item) => resent(s, thread, item));
  if (items.length === 0 || !p.chance(s.profile.mutateHistory)) return items;
  for (let n = p.between(1, 3); n > 0; n--) changeHistory(s, thread, items);
  return items;
}

function changeHistory(s: Session, thread: ThreadModel, items: Item[]): void {
  const p = s.prng;
  const at = p.int(items.length + 1);
  p.pick([
    () => items.splice(at, 1),
    () => items.splice(at, p.between(1, 3)),
    () => items.splice(at, 0, newItem(s, thread)),
    () => items.splice(at, 0, ...items.slice(at, at + 1)),
    () => items.splice(at, 0, ...items.splice(p.int(items.length), 1)),
    () => items.reverse(),
  ])();
}

/** The items as they are in a payload. */
export function payloadItems(items: readonly Item[]): Json[] {
  return items.map((item) => item.json);
}

/** The items that the reducer sees; `dropped` are those whose payload is missing. */
export function seen(
  items: readonly Item[],
  dropped: ReadonlySet<Json> = new Set(),
): Item[] {
  return items.filter((item) => !item.skipped && !dropped.has(item.json));
}

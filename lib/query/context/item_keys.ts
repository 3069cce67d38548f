/**
 * When two items of a thread say the same, although a compaction or a changed history gave one
 * of them another id: what they have to share is what they have to share in `diff`.
 *
 * @module
 */

import { ItemContents } from "../diff/item_contents.ts";
import type { Session } from "../session/session.ts";
import type { KeyOfItem } from "./novelty.ts";

/** What items say and how; nothing is read before it is asked for. */
export function itemKeys(session: Session): KeyOfItem {
  let contents: ItemContents | undefined;
  return (id) => {
    contents ??= new ItemContents(session);
    const item = contents.item(id);
    return item === undefined ? undefined : contents.exactKey(item);
  };
}

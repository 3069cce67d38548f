/**
 * Storage that lists of item ids share: each request names what the one before it named, and
 * more.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { ItemIdList } from "../../graph/conversation.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../graph/item_id_list.ts";

class Ids implements ItemIdStorage {
  readonly ids: ConversationItemId[] = [];

  get length(): number {
    return this.ids.length;
  }

  idAt(index: number): ConversationItemId {
    return this.ids[index] ?? "";
  }

  /** Whether `list` is the beginning of this, or this the beginning of `list`. */
  agreesWith(list: readonly ConversationItemId[]): boolean {
    const both = Math.min(list.length, this.ids.length);
    for (let at = both - 1; at >= 0; at--) {
      if (list[at] !== this.ids[at]) return false;
    }
    return true;
  }

  /** Takes in what `list` has beyond this. */
  extendBy(list: readonly ConversationItemId[]): void {
    for (let at = this.ids.length; at < list.length; at++) {
      this.ids.push(list[at] ?? "");
    }
  }
}

/** Gives lists their storage; to be asked in the order in which the lists were made. */
export class SharedIds {
  /** The storage made last, by the item that begins it. */
  readonly #byFirst: Map<ConversationItemId, Ids> = new Map();

  /** The same list, on a storage that it shares with lists before it. */
  share(list: ItemIdList): ItemIdList {
    const ids = list.toJSON();
    const [first] = ids;
    if (first === undefined) return new SharedItemIdList(new Ids(), 0);
    let storage = this.#byFirst.get(first);
    if (storage === undefined || !storage.agreesWith(ids)) {
      storage = new Ids();
      this.#byFirst.set(first, storage);
    }
    storage.extendBy(ids);
    return new SharedItemIdList(storage, ids.length);
  }
}

/**
 * Requests that may have carried an item though what was recorded of them does not say so.
 *
 * @module
 */

import type { ThreadId } from "../../../format/ids.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { callsOfThread } from "../../session/thread_calls.ts";
import type { ItemCarriers } from "../links/item_carriers.ts";
import type { Session } from "../../session/session.ts";
import { effectiveRequest } from "./effective_request.ts";
import { mayLackItems } from "./listed_items.ts";

/** Looks up the requests of which items were not recorded. */
export class UnseenCarriers {
  readonly #session: Session;
  readonly #partial: Map<ThreadId, readonly InferenceCall[]> = new Map();

  /** Asks what was recorded of requests when it is first asked. */
  constructor(session: Session) {
    this.#session = session;
  }

  /** How many requests may have carried an item, besides those that are known to. */
  count(item: ConversationItem, carriers: ItemCarriers): number {
    const partial = this.#partialOf(item.thread_id);
    if (partial.length === 0) return 0;
    const { item_id: id, accepted_seq: accepted } = item;
    const known = carriers.everyRequest(id);
    const since = accepted ?? known[0]?.execution.started_seq ?? 0;
    const carried = new Set(known);
    return partial.filter((call) =>
      !carried.has(call) && call.execution.started_seq >= since
    ).length;
  }

  #partialOf(thread: ThreadId): readonly InferenceCall[] {
    let partial = this.#partial.get(thread);
    if (partial === undefined) {
      partial = callsOfThread(this.#session.trace, thread).filter((call) =>
        mayLackItems(effectiveRequest(this.#session, call).ref)
      );
      this.#partial.set(thread, partial);
    }
    return partial;
  }
}

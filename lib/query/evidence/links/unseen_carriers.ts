/**
 * Requests that may have carried an item that is not in their recorded part.
 *
 * @module
 */

import { compareValues } from "../../../format/integers.ts";
import type { RawPayloadId, ThreadId } from "../../../format/ids.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { callsOfThread } from "../../session/thread_calls.ts";
import type { ItemCarriers } from "./item_carriers.ts";
import type { TraceSession } from "../../session/session.ts";
import { isRequestLost } from "../recorded/losses.ts";
import { effectiveRequest } from "../recorded/effective_request.ts";
import { lostItems, mayLackItems } from "../recorded/listed_items.ts";

/** A request of which items were not recorded. */
interface PartialRequest {
  readonly call: InferenceCall;
  /** The request that first had the last of them: none is an item that was created later. */
  readonly since: Integer;
}

/** Looks up the requests of which items were not recorded. */
export class UnseenCarriers {
  readonly #session: TraceSession;
  readonly #partial: Map<ThreadId, readonly PartialRequest[]> = new Map();

  /** Asks what was recorded of requests when it is first asked. */
  constructor(session: TraceSession) {
    this.#session = session;
  }

  /** How many requests may have carried an item, besides those that are known to. */
  count(item: ConversationItem, carriers: ItemCarriers): number {
    const { thread_id: thread, item_id: id, accepted_seq: accepted } = item;
    const partial = this.#partialOf(thread);
    if (partial.length === 0) return 0;
    const known = carriers.everyRequest(id);
    const carried = new Set(known);
    const born = accepted ?? known[0]?.execution.started_seq ?? 0;
    return partial.filter(({ call, since }) =>
      !carried.has(call) && compareValues(since, born) >= 0
    ).length;
  }

  /** Whether an item of a thread that was created at an event may be among those not recorded. */
  mayCarry(thread: ThreadId, born: Integer): boolean {
    return this.#partialOf(thread).some(({ since }) =>
      compareValues(since, born) >= 0
    );
  }

  #partialOf(thread: ThreadId): readonly PartialRequest[] {
    const found = this.#partial.get(thread) ??
      partialRequests(this.#session, thread);
    this.#partial.set(thread, found);
    return found;
  }
}

function partialRequests(
  session: TraceSession,
  thread: ThreadId,
): PartialRequest[] {
  const first = new Map<RawPayloadId, Integer>();
  return callsOfThread(session.trace, thread).flatMap((call) => {
    const { ref } = effectiveRequest(session, call);
    const { started_seq: now } = call.execution;
    if (isRequestLost(session, call)) return { call, since: now };
    if (ref === undefined || !mayLackItems(ref)) return [];
    let since: Integer = ref.capture === undefined ? 0 : now;
    for (const { payload } of lostItems(ref)) {
      const seen = first.get(payload) ?? now;
      first.set(payload, seen);
      if (compareValues(seen, since) > 0) since = seen;
    }
    return { call, since };
  });
}

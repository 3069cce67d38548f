/**
 * What a transcript marks at items and requests: as the command `transcript` prints it.
 *
 * @module
 */

import type {
  ConversationItemId,
  InferenceCallId,
  ThreadId,
} from "../../format/ids.ts";
import { unansweredCalls } from "../../graph/unanswered_calls.ts";
import { droppedItems } from "../../query/evidence/links/dropped_items.ts";
import {
  type InheritedHistory,
  inheritedItems,
} from "../../query/evidence/links/inherited_history.ts";
import { threadItems } from "../../query/evidence/recorded/thread_items.ts";
import type { TraceSession } from "../../query/session/session.ts";

/** The marks of a session. */
export interface PromptMarks {
  /** The histories from before a thread was recorded, by their items. */
  readonly inherited: ReadonlyMap<ConversationItemId, InheritedHistory>;
  /** The same histories, by their threads. */
  readonly histories: ReadonlyMap<ThreadId, InheritedHistory>;
  /** Items of responses that the history of their thread does not have. */
  readonly unaccepted: ReadonlySet<ConversationItemId>;
  /** The first request that carried a call without an output, by the item of the call. */
  readonly unanswered: ReadonlyMap<ConversationItemId, InferenceCallId>;
  /** Items that left the prompt, by the first request without them. */
  readonly dropped: ReadonlyMap<InferenceCallId, readonly ConversationItemId[]>;
}

/** Returns the marks of a session. */
export function promptMarks(session: TraceSession): PromptMarks {
  const { trace } = session;
  const threads = [...trace.threads.keys()];
  const inherited = inheritedItems(session);
  return {
    inherited,
    histories: new Map(inherited.values().map((each) => [each.owner, each])),
    unaccepted: new Set(
      threads.flatMap((id) =>
        threadItems(trace, id).flatMap((each) =>
          each.isAccepted ? [] : [each.id]
        )
      ),
    ),
    unanswered: new Map(
      unansweredCalls(trace).map((
        { item, call },
      ) => [item.item_id, call.inference_call_id]),
    ),
    dropped: new Map(
      threads.flatMap((id) =>
        droppedItems(session, id).map((
          { call, items },
        ) => [call.inference_call_id, items])
      ),
    ),
  };
}

/**
 * The history that a thread began with: items that its first request carried, and that an earlier
 * session or another thread had added.
 *
 * @module
 */

import type { ConversationItemId, ThreadId } from "../../../format/ids.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import type { TraceSession } from "../../session/session.ts";
import { callsOfThread } from "../../session/thread_calls.ts";
import { type Lineage, lineagesOf } from "../recorded/lineage.ts";
import { lostEvidence } from "../known_count.ts";
import { requestCapture } from "../recorded/effective_request.ts";
import { isRequestLost } from "../recorded/losses.ts";
import { hidesEvents } from "../../../bundle/log/fault_policy.ts";

/** Why a thread did not begin with an empty history; null where that was not recorded. */
export type HistoryOrigin = "fork" | "resume";

/** A history from before a thread was recorded. */
export interface InheritedHistory {
  /** The thread that began with it. */
  readonly owner: ThreadId;
  /** The first request of the thread; null in a session log, which has none. */
  readonly call: InferenceCall | null;
  /** The items, in the order of the request or of the log. */
  readonly items: readonly ConversationItemId[];
  /** How the thread got them; null where it was not recorded. */
  readonly origin: HistoryOrigin | null;
  /** Id of the thread that had them, of any session; null where it was not recorded. */
  readonly thread_id: string | null;
}

/**
 * Returns the history that a thread inherited; null where it inherited none, and where that is
 * unknown: without a log, or where events before its first request were lost.
 *
 * It is what the first request carries before the first item that this log accepted into the
 * history; where it accepts none, up to the last item that a model or a tool wrote.
 */
export function inheritedHistory(
  session: TraceSession,
  thread: ThreadId,
): InheritedHistory | null {
  const { trace, log, sessionLog } = session;
  const logged = sessionLog?.threads.get(thread);
  if (logged !== undefined) {
    const { inherited: items, forked_from_id, parent_thread_id } = logged;
    return items.length === 0 ? null : {
      owner: thread,
      call: null,
      items,
      origin: "fork",
      thread_id: forked_from_id ?? parent_thread_id,
    };
  }
  const [call] = callsOfThread(trace, thread);
  if (log === null || call === undefined || mayBeLater(session, call)) {
    return null;
  }
  const lineage = lineagesOf(session).get(thread);
  const recorded = recordedOrigin(lineage);
  if (recorded === null && lineage?.history_initialization === "new") {
    return null;
  }
  const ids = [...call.request_item_ids];
  const items = ids.map((id) => trace.conversation_items.get(id));
  const written = items.findLastIndex(isInherited);
  if (written < 0) return null;
  const accepted = items.findIndex((item) => item?.accepted_seq !== undefined);
  if (accepted >= 0 && accepted < written) return null;
  const source = sourceThread(trace, thread, items[written]);
  return {
    owner: thread,
    call,
    items: ids.slice(0, accepted < 0 ? written + 1 : accepted),
    origin: recorded ?? (source === null ? null : "fork"),
    thread_id: recorded === "resume"
      ? thread
      : lineage?.forked_from_id ?? source,
  };
}

/** How many items a thread inherited; null where that is unknown. */
export function inheritedItemCount(
  session: TraceSession,
  thread: ThreadId,
): number | null {
  const history = inheritedHistory(session, thread);
  if (history !== null) return history.items.length;
  const [call] = callsOfThread(session.trace, thread);
  const isUnknown = session.log === null ||
    (call === undefined
      ? lostEvidence(session).events
      : mayBeLater(session, call) || isRequestLost(session, call) ||
        requestCapture(session, call) !== null);
  return isUnknown ? null : 0;
}

/** The items of the graph that their threads inherited, with the history that each is of. */
export function inheritedItems(
  session: TraceSession,
): ReadonlyMap<ConversationItemId, InheritedHistory> {
  const known = ITEMS.get(session);
  if (known !== undefined) return known;
  const found = new Map<ConversationItemId, InheritedHistory>();
  for (const thread of session.trace.threads.keys()) {
    const history = inheritedHistory(session, thread);
    for (const id of history?.items ?? []) {
      if (history !== null) found.set(id, history);
    }
  }
  ITEMS.set(session, found);
  return found;
}

const ITEMS: WeakMap<
  TraceSession,
  ReadonlyMap<ConversationItemId, InheritedHistory>
> = new WeakMap();

/** How the history of a thread began, by its lineage. */
function recordedOrigin(lineage: Lineage | undefined): HistoryOrigin | null {
  const word = lineage?.history_initialization ?? "";
  if (word.includes("resume")) return "resume";
  const isFork = word.includes("fork") ||
    (lineage?.forked_from_id ?? null) !== null;
  return isFork ? "fork" : null;
}

/** Whether requests before the first one that is known may have been lost. */
function mayBeLater(
  { log, diagnostics }: TraceSession,
  { execution }: InferenceCall,
): boolean {
  const first = log?.at(execution.started_seq)?.line;
  return first !== undefined &&
    diagnostics.some((each) =>
      each.line !== null && each.line < first &&
      (hidesEvents(each) || each.event_type === null ||
        each.event_type === "inference_started")
    );
}

/** Whether an item is what a model or a tool wrote, and no object of the graph produced it. */
function isInherited(item: ConversationItem | undefined): boolean {
  return item !== undefined && item.accepted_seq === undefined &&
    item.agent_message === undefined && item.produced_by.length === 0 &&
    item.kind !== "compaction_marker" && item.channel !== "summary" &&
    (item.role === "assistant" || item.role === "tool");
}

/** Another thread of the graph that has the same item; null without one. */
function sourceThread(
  { conversation_items: items }: RolloutTrace,
  thread: ThreadId,
  item: ConversationItem | undefined,
): ThreadId | null {
  const id = item?.responses_item_id;
  if (id === undefined) return null;
  const other = items.values().find((each) =>
    each.thread_id !== thread && each.responses_item_id === id
  );
  return other?.thread_id ?? null;
}

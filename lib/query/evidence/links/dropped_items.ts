/**
 * Where the history of a thread was rewound or replaced: items that left the prompt without a
 * recorded compaction.
 *
 * @module
 */

import type { ConversationItemId, ThreadId } from "../../../format/ids.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { itemKeys } from "../recorded/item_contents.ts";
import type { TraceSession } from "../../session/session.ts";
import { callsOfThread } from "../../session/thread_calls.ts";
import { effectiveRequest } from "../recorded/effective_request.ts";
import { mayLackItems } from "../recorded/listed_items.ts";
import { isRequestLost } from "../recorded/losses.ts";

/** A request that no longer carried the end of the history before it. */
export interface DroppedItems {
  /** The request. */
  readonly call: InferenceCall;
  /** The items that left the prompt, in the order of the history. */
  readonly items: readonly ConversationItemId[];
  /** The first item of the request behind those that stayed; null where nothing follows them. */
  readonly next: ConversationItemId | null;
}

/**
 * The places where items left the prompt, in order: each request without the messages, calls and outputs that
 * ended the history of the request before it. A request that was not completely recorded is
 * compared with none.
 */
export function droppedItems(
  session: TraceSession,
  thread: ThreadId,
): DroppedItems[] {
  const compacted = lazily(() => compactedItems(session, thread));
  const keyOf = itemKeys(session);
  const found: DroppedItems[] = [];
  let before: InferenceCall | undefined;
  for (const call of callsOfThread(session.trace, thread)) {
    if (isIncomplete(session, call)) {
      before = undefined;
      continue;
    }
    const dropped = before === undefined
      ? null
      : droppedAt(session, before, call, compacted, keyOf);
    if (dropped !== null) found.push(dropped);
    before = call;
  }
  return found;
}

function droppedAt(
  { trace }: TraceSession,
  before: InferenceCall,
  call: InferenceCall,
  compacted: () => ReadonlySet<string>,
  keyOf: (id: string) => string | undefined,
): DroppedItems | null {
  const [earlier, later] = [before.request_item_ids, call.request_item_ids];
  const last = earlier.length - 1;
  // Most requests continue the one before, and both are long.
  if (last < 0 || later.at(last) === earlier.at(last)) return null;
  const sent = [...earlier];
  const now = [...later];
  const stayed = new Set(now);
  const kept = sent.findLastIndex((id) => stayed.has(id)) + 1;
  // What left before an item that stayed was replaced where it was, not rewound.
  const left = sent.slice(kept);
  if (left.length === 0 || left.some((id) => compacted().has(id))) {
    return null;
  }
  const known = new Set(sent);
  const added = now.filter((id) => !known.has(id));
  const same = new Set(added.map(keyOf));
  const answers = answersBetween(trace, before, call)
    .filter((id) => !known.has(id));
  const gone = [...left, ...answers].filter((id) =>
    !stayed.has(id) && !same.has(keyOf(id))
  );
  const matters = gone.some((id) => {
    const role = trace.conversation_items.get(id)?.role;
    return role === "user" || role === "assistant" || role === "tool";
  });
  return matters ? { call, items: gone, next: added[0] ?? null } : null;
}

/** What is made when it is first needed: most threads lose nothing. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * What the history got between two requests: the response to the first one, which may never be accepted,
 * and the outputs of its calls. Call ids may be used again, so what is before or after is another's.
 */
function answersBetween(
  { threads, conversation_items: items }: TraceSession["trace"],
  { thread_id, response_item_ids, execution }: InferenceCall,
  { execution: { started_seq: next } }: InferenceCall,
): ConversationItemId[] {
  const answers = new Set(response_item_ids);
  const calls = new Set<string>();
  for (const id of answers) {
    const callId = items.get(id)?.call_id ?? null;
    if (callId !== null) calls.add(callId);
  }
  const history = threads.get(thread_id)?.conversation_item_ids ?? [];
  return [...history].filter((id) => {
    const item = items.get(id);
    if (item === undefined) return false;
    const isAnswer = answers.has(id);
    const isOutput = item.role === "tool" && item.call_id !== null &&
      calls.has(item.call_id);
    // Where acceptance is not recorded, a response is in the history when it ends, and an output when a
    // request has it.
    const at = item.accepted_seq ?? (isAnswer ? execution.ended_seq : null);
    return (isAnswer || isOutput) && at !== null &&
      at > execution.started_seq && at < next;
  });
}

/** Items that a compaction of the thread took out of the history. */
function compactedItems(
  { trace }: TraceSession,
  thread: ThreadId,
): Set<string> {
  const found = new Set<string>();
  for (const each of trace.compactions.values()) {
    if (each.thread_id !== thread) continue;
    for (const id of each.input_item_ids) found.add(id);
  }
  return found;
}

/** Whether a request may have carried items that the graph does not have. */
function isIncomplete(session: TraceSession, call: InferenceCall): boolean {
  return isRequestLost(session, call) ||
    mayLackItems(effectiveRequest(session, call).ref);
}

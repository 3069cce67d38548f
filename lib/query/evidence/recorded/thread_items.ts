/**
 * Everything that the model of a thread received and wrote, accepted or not.
 *
 * A thread lists an item once Codex accepted it into the history or sent it. A response may never
 * get there: the host does not record acceptances, or the session was killed before. It is still
 * what the model wrote.
 *
 * @module
 */

import type { ConversationItemId, ThreadId } from "../../../format/ids.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import { callsOfThread } from "../../session/thread_calls.ts";

export interface ThreadItem {
  readonly id: ConversationItemId;
  /** Whether the history of the thread has it. */
  readonly isAccepted: boolean;
}

/**
 * Returns the items of a thread in order. Items of a response that the history does not have
 * follow the items of their request.
 */
export function threadItems(
  trace: RolloutTrace,
  threadId: ThreadId,
): ThreadItem[] {
  const listed = trace.threads.get(threadId)?.conversation_item_ids ?? [];
  const known = new Set(listed);
  const following = new Map<ConversationItemId, ConversationItemId[]>();
  const first: ConversationItemId[] = [];
  let last: ConversationItemId | undefined;
  const positions = new Map(listed.map((id, index) => [id, index]));
  const positionOf = (id: ConversationItemId | undefined) =>
    id === undefined ? -1 : positions.get(id) ?? -1;
  for (const call of callsOfThread(trace, threadId)) {
    const sent = call.request_item_ids.at(call.request_item_ids.length - 1);
    if (positionOf(sent) > positionOf(last)) last = sent;
    for (const id of call.response_item_ids) {
      if (positionOf(id) > positionOf(last)) last = id;
      if (known.has(id) || call.execution.status !== "completed") continue;
      known.add(id);
      if (last === undefined) first.push(id);
      else following.set(last, [...following.get(last) ?? [], id]);
    }
  }
  const unaccepted = (ids: readonly ConversationItemId[]) =>
    ids.map((id): ThreadItem => ({ id, isAccepted: false }));
  if (known.size === listed.length) {
    return listed.map((id) => ({ id, isAccepted: true }));
  }
  return [
    ...unaccepted(first),
    ...listed.flatMap((id) => [
      { id, isAccepted: true },
      ...unaccepted(following.get(id) ?? []),
    ]),
  ];
}

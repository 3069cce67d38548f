/**
 * Threads and turns whose start was lost with a part of the log.
 *
 * Events name their thread and turn, so a lost start must not take the events after it along. A
 * tolerant reduction then starts the thread or the turn with the first event that names it. A
 * reader recognizes such an object: the event of its `started_seq` is no start.
 *
 * @module
 */

import type { DecodedEvent, EventType } from "../../format/event.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import { startWindow, ThreadRecord, TurnRecord } from "./records.ts";
import type { ReducerState } from "./reducer_state.ts";

/**
 * Events that a turn of the thread certainly has, and that no other session reports here. The items
 * and tools of a review are not among them: they name a turn that never starts.
 */
const IN_TURN: ReadonlySet<EventType> = new Set<EventType>([
  "inference_started",
  "compaction_request_started",
  "compaction_installed",
]);

const UNCHANGED = (): void => {};

/**
 * Starts the thread and the turn that an event names, if their starts may have been lost.
 *
 * @returns Removes them again, for an event that is skipped after all: it leaves no trace.
 */
export function restoreLostStarts(
  state: ReducerState,
  { event, line, lineEnded }: DecodedEvent,
): () => void {
  if (!state.faults.isTolerant || state.lostEvents() === 0) return UNCHANGED;
  const { thread_id: threadId, codex_turn_id: turnId } = event;
  const { type } = event.payload;
  if (threadId === null || type === "thread_started") return UNCHANGED;
  const { threads, turns } = state;
  const hasThread = threads.has(threadId);
  const hasTurn = turnId === null || !IN_TURN.has(type) || turns.has(turnId);
  if (hasThread && hasTurn) return UNCHANGED;
  const execution = startWindow({
    seq: event.seq,
    at: event.wall_time_unix_ms,
    threadId,
    turnId,
    eventType: type,
    line,
    lineEnded,
  });
  if (!hasThread) restoreThread(state, threadId, execution);
  if (!hasTurn) {
    turns.set(
      turnId,
      new TurnRecord({
        codex_turn_id: turnId,
        thread_id: threadId,
        execution,
        input_item_ids: [],
      }),
    );
  }
  return () => {
    if (!hasThread) threads.delete(threadId);
    if (!hasTurn) turns.delete(turnId);
  };
}

/** Starts a thread whose start is not in the log: only its id is known, until a call names its path. */
export function restoreThread(
  state: ReducerState,
  id: ThreadId,
  execution: ExecutionWindow,
): void {
  const isRoot = id === state.rootThreadId;
  const named = isRoot ? "/root" : state.namedPaths.get(id);
  const record = new ThreadRecord({
    thread_id: id,
    agent_path: named ?? id,
    nickname: null,
    origin: { type: isRoot ? "root" : "unknown" },
    execution: { ...execution },
    default_model: null,
    conversation_item_ids: [],
  });
  record.lacksPath = named === undefined;
  state.threads.set(id, record);
}

/**
 * Rollout, threads and turns: when they begin and end.
 *
 * @module
 */

import { quote, ReplayError } from "../errors.ts";
import type {
  CodexTurnEnded,
  CodexTurnStarted,
  RecordingCompleted,
  RolloutEnded,
  RolloutStarted,
  ThreadEnded,
  ThreadResumed,
  ThreadStarted,
} from "../format/event.ts";
import { endTurnCells } from "./runtime/code_cell.ts";
import { forgetView } from "./conversation/conversation.ts";
import { endTurnCalls } from "./conversation/inference.ts";
import { type EventContext, ThreadRecord, TurnRecord } from "./records.ts";
import type { ReducerState } from "./state.ts";
import {
  type ThreadIdentity,
  threadIdentity,
  unknownIdentity,
} from "./thread_origin.ts";
import { endWindow, startWindow } from "./window.ts";

/** Handles `rollout_started`. */
export function rolloutStarted(
  state: ReducerState,
  event: RolloutStarted,
): void {
  state.traceId = event.trace_id;
  state.rootThreadId = event.root_thread_id;
}

/** Handles `rollout_ended`. */
export function rolloutEnded(
  state: ReducerState,
  event: RolloutEnded,
  context: EventContext,
): void {
  state.status = event.status;
  state.endedAt = context.at;
}

/** Handles `recording_completed`. A line without its end was not written completely. */
export function recordingCompleted(
  state: ReducerState,
  _event: RecordingCompleted,
  context: EventContext,
): void {
  if (context.lineEnded) state.recordingComplete = true;
}

/** Handles `thread_started`. */
export function threadStarted(
  state: ReducerState,
  event: ThreadStarted,
  context: EventContext,
): void {
  const id = event.thread_id;
  if (state.threads.has(id)) {
    throw new ReplayError(
      "duplicate_start",
      `thread ${quote(id)} was started before`,
      {
        thread_id: id,
      },
    );
  }
  const identity = identityOf(state, event);
  const record = new ThreadRecord({
    thread_id: id,
    agent_path: identity.agentPath,
    nickname: identity.nickname,
    origin: identity.origin,
    execution: startWindow(context),
    default_model: identity.defaultModel,
    conversation_item_ids: [],
  });
  state.threads.set(id, record);
}

function identityOf(state: ReducerState, event: ThreadStarted): ThreadIdentity {
  const ref = event.metadata_payload;
  if (ref === null) return threadIdentity(event, undefined);
  const document = state.openWhole(ref);
  return document === null
    ? unknownIdentity(event, event.thread_id === state.rootThreadId)
    : threadIdentity(event, { value: document.value, ref });
}

/** Handles `thread_ended`. It never ends the rollout. */
export function threadEnded(
  state: ReducerState,
  event: ThreadEnded,
  context: EventContext,
): void {
  const record = state.thread(event.thread_id);
  endWindow(record.thread.execution, context, event.status);
  forgetView(state, record);
}

/**
 * Handles `thread_resumed`. The runtime behind the thread is a new one, so ids of cells and
 * processes of the old one mean nothing any more.
 */
export function threadResumed(state: ReducerState, event: ThreadResumed): void {
  const { execution } = state.thread(event.thread_id).thread;
  if (execution.ended_at_unix_ms === null) {
    throw new ReplayError(
      "thread_not_ended",
      `thread ${quote(event.thread_id)} has not ended, so it cannot be resumed`,
      { thread_id: event.thread_id },
    );
  }
  execution.ended_at_unix_ms = null;
  execution.ended_seq = null;
  execution.status = "running";
  state.cells.forgetRuntimeIds(event.thread_id);
  state.terminals.forgetProcesses(event.thread_id);
}

/** Handles `codex_turn_started`. */
export function codexTurnStarted(
  state: ReducerState,
  event: CodexTurnStarted,
  context: EventContext,
): void {
  const id = event.codex_turn_id;
  if (state.turns.has(id)) {
    throw new ReplayError(
      "duplicate_start",
      `turn ${quote(id)} was started before`,
      {
        codex_turn_id: id,
      },
    );
  }
  state.thread(event.thread_id);
  const turn = new TurnRecord({
    codex_turn_id: id,
    thread_id: event.thread_id,
    execution: startWindow(context),
    input_item_ids: [],
  });
  state.turns.set(id, turn);
}

/** Handles `codex_turn_ended`: what the turn left running is closed with it. */
export function codexTurnEnded(
  state: ReducerState,
  event: CodexTurnEnded,
  context: EventContext,
): void {
  // Only what ran in such a turn was recorded, not the turn itself.
  if (state.untracedTurns.has(event.codex_turn_id)) return;
  const record = context.threadId === null
    ? state.turn(event.codex_turn_id)
    : state.turnOf(event.codex_turn_id, context.threadId);
  endWindow(record.turn.execution, context, event.status);
  endTurnCells(state, record, event.status, context);
  endTurnCalls(record, event.status, context);
}

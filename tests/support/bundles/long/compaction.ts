/**
 * A compaction: the history is replaced by the last messages of users and an opaque summary.
 *
 * @module
 */

import { type BenchThread, type BenchTurn, joinItems } from "./thread.ts";
import { compactionItem } from "./items.ts";
import { checkpointPieces, requestPieces } from "./request.ts";
import { type BenchSession, MODEL } from "./session.ts";
import { contextOf } from "./threads.ts";

const KEPT_MESSAGES = 3;

/** Replaces the history of a thread. */
export function compact(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): void {
  const { files, noise } = session;
  const [, ...context] = contextOf(session, thread);
  const summary = compactionItem(noise);
  const replacement = [
    ...context.map((item) => session.asSent(item, turn)),
    ...thread.messages.slice(-KEPT_MESSAGES),
    session.asSent(summary, turn),
  ];
  const compaction_id = noise.prng.uuid();
  requestSummary(session, thread, turn, compaction_id, summary);
  files.event({
    type: "compaction_installed",
    compaction_id,
    checkpoint_payload: files.payload(
      "compaction_checkpoint",
      checkpointPieces(thread.history.bytes, joinItems(replacement)),
    ),
  }, turn);
  // The instructions are not part of what a recorder keeps: they stay as they are.
  thread.history.replace([...thread.context.slice(0, 1), ...replacement]);
  thread.previousResponse = undefined;
}

function requestSummary(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  compaction_id: string,
  summary: object,
): void {
  const { files } = session;
  const ids = {
    compaction_id,
    compaction_request_id: `compaction_request:${++session.compactions}`,
  };
  files.event({
    type: "compaction_request_started",
    ...ids,
    thread_id: thread.id,
    codex_turn_id: turn.turn,
    ...MODEL,
    request_payload: files.payload(
      "compaction_request",
      requestPieces(session, thread, turn, thread.history.bytes),
    ),
  }, turn);
  files.event({
    type: "compaction_request_completed",
    ...ids,
    response_payload: files.payload("compaction_response", {
      output_items: [summary],
    }),
  }, turn);
}

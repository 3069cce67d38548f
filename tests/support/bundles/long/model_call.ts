/**
 * One request to the model, its response, and the tool calls that follow.
 *
 * @module
 */

import { deliver, report } from "./agents.ts";
import { endOpenCells } from "./cells.ts";
import { compact } from "./compaction.ts";
import {
  type BenchThread,
  type BenchTurn,
  type HistoryItem,
  joinItems,
  type ResponsesItem,
} from "./thread.ts";
import { message, reasoning } from "./items.ts";
import { preparedPrompt, requestPieces } from "./request.ts";
import { type BenchSession, MODEL } from "./session.ts";
import { isEvery } from "./shape.ts";
import type { ToolCallPlan } from "./tool_records.ts";
import { planTools } from "./tools.ts";
import { beginTurn, endTurn } from "./threads.ts";

/** Makes the next request of a thread. */
export function modelCall(session: BenchSession, thread: BenchThread): void {
  const { shape } = session;
  const turn = thread.turn ?? beginTurn(session, thread);
  deliver(session, thread, turn);
  if (isEvery(shape.mutate, thread.calls)) changeHistory(session, thread, turn);
  const callId = request(session, thread, turn);
  endOpenCells(session, thread);
  thread.left--;
  const final = thread.left === 0 || turn.calls >= shape.turn;
  const plans = final ? [] : planTools(session, thread, turn);
  const text = final ? session.noise.text(400) : undefined;
  respond(session, thread, turn, callId, plans, text);
  for (const plan of plans) plan.run();
  if (text !== undefined) {
    endTurn(session, thread, turn);
    if (thread.left === 0) report(session, thread, turn, text);
  } else if (isEvery(shape.compact, thread.calls)) {
    compact(session, thread, turn);
  }
}

/** Drops an item from the middle and puts another one near the beginning. */
function changeHistory(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): void {
  const items = [...thread.history.items];
  if (items.length <= 8) return;
  items.splice(session.noise.prng.between(4, items.length - 3), 1);
  const added = message(session.noise, "developer", [session.noise.text(120)]);
  items.splice(3, 0, session.asSent(added, turn));
  session.accepted(turn, added);
  thread.history.replace(items);
  thread.previousResponse = undefined;
}

/** Sends the request; returns the id of the call. */
function request(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): string {
  const { files, noise, shape } = session;
  const previous = shape.delta && turn.calls > 0
    ? thread.previousResponse
    : undefined;
  const sent: readonly HistoryItem[] = previous === undefined
    ? thread.history.items
    : thread.pending;
  const bytes = previous === undefined
    ? thread.history.bytes
    : joinItems(thread.pending);
  const request_payload = files.payload(
    "inference_request",
    requestPieces(session, thread, turn, bytes, previous),
  );
  const inference_call_id = noise.prng.uuid();
  files.event({
    type: "inference_started",
    inference_call_id,
    thread_id: thread.id,
    codex_turn_id: turn.turn,
    ...MODEL,
    request_payload,
    prepared_prompt_payload: preparedPrompt(session, thread),
    warmup_context_payload: null,
    stripped_tool_output_ids: [],
  }, turn);
  thread.send(sent);
  thread.calls++;
  turn.calls++;
  return inference_call_id;
}

/** Records the response, and the start of every call it asks for. */
function respond(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  callId: string,
  plans: readonly ToolCallPlan[],
  text: string | undefined,
): void {
  const { noise } = session;
  const thought = reasoning(noise, session.shape.reasonBytes);
  const answer = text === undefined
    ? []
    : [message(noise, "assistant", [text])];
  const items = [thought, ...answer, ...plans.map((plan) => plan.item)];
  recordResponse(session, thread, turn, callId, items);
  for (const item of [thought, ...answer]) session.accept(thread, turn, item);
  for (const plan of plans) {
    session.accept(thread, turn, plan.item);
    plan.start();
  }
  thread.answered();
}

function recordResponse(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  inference_call_id: string,
  output_items: readonly ResponsesItem[],
): void {
  const n = ++session.responses;
  const ids = { response_id: `resp_${n}`, upstream_request_id: `req-${n}` };
  const response_payload = session.files.payload("inference_response", {
    ...ids,
    token_usage: {
      input_tokens: 1000 + n,
      cached_input_tokens: 900,
      cache_write_input_tokens: 0,
      output_tokens: 120,
      reasoning_output_tokens: 40,
      total_tokens: 1120 + n,
    },
    output_items,
  });
  session.files.event({
    type: "inference_completed",
    inference_call_id,
    ...ids,
    response_payload,
  }, turn);
  thread.previousResponse = ids.response_id;
}

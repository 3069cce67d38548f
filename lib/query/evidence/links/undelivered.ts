/**
 * Results that agents reported and that no model was ever shown: the graph has no edge for them,
 * only the log has them.
 *
 * @module
 */

import type {
  AgentResultObserved,
  DecodedEvent,
} from "../../../format/event.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import { hasPartialRequest } from "../recorded/effective_request.ts";
import { lossesOf, mayLackRequests } from "../recorded/losses.ts";
import { reportsOfAgents } from "./reported_agents.ts";
import type { TraceSession } from "../../session/session.ts";
import { withoutEnvelope } from "../../../reduce/items/message_envelope.ts";
import type { InteractionEdge } from "../../../graph/runtime.ts";
import { threadOfAnchor } from "./graph_links.ts";

/** A result that was reported and that no request of its receiver showed. */
export interface UndeliveredResult {
  /** The event in which it was reported. */
  readonly seq: Integer;
  /** Its line in the log, counted from 1. */
  readonly line: number;
  /** When it was reported. */
  readonly at_unix_ms: UnixMs;
  /** The agent that reported it. */
  readonly child: ObjectRef;
  /** The agent's turn that ended with it. */
  readonly child_turn: ObjectRef;
  /** The agent that was to be reported. */
  readonly parent: ObjectRef;
  /** Its path; null where the graph does not hold the agent. */
  readonly parent_path: string | null;
  /** What was reported, without the envelope around it; may be of any length. */
  readonly message: string;
  /** The message as the agents exchanged it. */
  readonly payload: ObjectRef | null;
  /** The receiver's last turn, where it had ended before; no request could show it then. */
  readonly ended_turn: ObjectRef | null;
  /** The event that ended that turn. */
  readonly ended_turn_seq: Integer | null;
}

/**
 * Results that never reached the agent they were for, in the order of the log.
 *
 * An event that was skipped as faulty is not among them: whether its result arrived is not
 * known. Nor is one that a request may have shown of which not everything was recorded. Without
 * a log the list is empty: results are recorded in the log only.
 */
export function getUndeliveredResults(
  session: TraceSession,
): UndeliveredResult[] {
  const { trace, log, diagnostics } = session;
  const lost = new Set(diagnostics.map(({ line }) => line));
  const areRequestsLost = mayLackRequests(session);
  const turns = new LastTurns();
  const found: UndeliveredResult[] = [];
  for (const decoded of log?.events ?? []) {
    turns.take(decoded);
    const { payload } = decoded.event;
    if (payload.type !== "agent_result_observed") continue;
    if (trace.interaction_edges.has(payload.edge_id)) continue;
    if (lost.has(decoded.line)) continue;
    const { parent_thread_id: parent } = payload;
    if (hasPartialRequest(session, parent, decoded.event.seq)) continue;
    // The request that showed it may be among the lost events.
    if (areRequestsLost) continue;
    found.push(undelivered(session, decoded, payload, turns));
  }
  return found;
}

/** Whose result never reached whom, in one sentence. */
export function undeliveredText(
  { parent, parent_path: path }: UndeliveredResult,
): string {
  return `result never delivered: no request of ${
    path ?? parent.handle
  } showed it`;
}

function undelivered(
  { trace, names }: TraceSession,
  { event, line }: DecodedEvent,
  reported: AgentResultObserved,
  turns: LastTurns,
): UndeliveredResult {
  const { parent_thread_id: parent, carried_payload: payload } = reported;
  const ended = turns.endedOf(parent);
  return {
    seq: event.seq,
    line,
    at_unix_ms: event.wall_time_unix_ms,
    child: names.ref("thread", reported.child_thread_id),
    child_turn: names.ref("turn", reported.child_codex_turn_id),
    parent: names.ref("thread", parent),
    parent_path: trace.threads.get(parent)?.agent_path ?? null,
    message: withoutEnvelope(reported.message),
    payload: payload === null
      ? null
      : names.ref("payload", payload.raw_payload_id),
    ended_turn: ended === null ? null : names.ref("turn", ended.turn),
    ended_turn_seq: ended?.seq ?? null,
  };
}

/**
 * Agents that were spawned and reported no result, in order; empty where a result may be among lost
 * evidence, and without a log.
 */
export function agentsWithoutResult(session: TraceSession): ThreadId[] {
  const { trace, log } = session;
  if (log === null || !lossesOf(session).is_complete) return [];
  const reported = new Set<ThreadId>(reportsOfAgents(trace).keys());
  for (const { event: { payload } } of log.events) {
    if (payload.type !== "agent_result_observed") continue;
    reported.add(payload.child_thread_id);
  }
  return [...trace.threads.values()].flatMap(({ thread_id: id, origin }) =>
    origin.type !== "spawned" || reported.has(id) ? [] : [id]
  );
}

/**
 * What became of the results of an agent: a model was shown one; none of those that it reported was
 * shown; or it reported none.
 */
export type AgentResult = "delivered" | "undelivered" | "none";

/** What became of the results of the agents that were spawned; one of which it is unknown is missing. */
export function resultsOfAgents(
  session: TraceSession,
): ReadonlyMap<ThreadId, AgentResult> {
  const { trace } = session;
  const found = new Map<ThreadId, AgentResult>();
  for (const id of agentsWithoutResult(session)) found.set(id, "none");
  for (const { child } of getUndeliveredResults(session)) {
    found.set(child.id, "undelivered");
  }
  for (const id of reportsOfAgents(trace).keys()) found.set(id, "delivered");
  for (const edge of trace.interaction_edges.values()) {
    if (edge.kind !== "agent_result") continue;
    if (edge.target.type !== "conversation_item") continue;
    const thread = threadOfAnchor(trace, edge.source);
    if (thread !== undefined) found.set(thread, "delivered");
  }
  return found;
}

/** The last turn of each thread, as far as the log was read. */
class LastTurns {
  readonly #byThread: Map<ThreadId, string> = new Map();
  readonly #ended: Map<string, Integer> = new Map();

  take({ event: { seq, payload } }: DecodedEvent): void {
    if (payload.type === "codex_turn_started") {
      this.#byThread.set(payload.thread_id, payload.codex_turn_id);
    } else if (payload.type === "codex_turn_ended") {
      this.#ended.set(payload.codex_turn_id, seq);
    }
  }

  /** The last turn of a thread, where it has ended. */
  endedOf(thread: ThreadId): { turn: string; seq: Integer } | null {
    const turn = this.#byThread.get(thread);
    const seq = turn === undefined ? undefined : this.#ended.get(turn);
    return turn === undefined || seq === undefined ? null : { turn, seq };
  }
}

/**
 * When what an edge carried was first seen in the conversation of its receiver: when its history
 * accepted it, with a request, or with the receipt of a tool output. An edge ends sooner, with the tool call or the event that
 * reported it. Null where the graph has no item that it carried there, as of a spawn whose task no
 * item repeats, and where an earlier request may be lost.
 */
export function deliveredAt(
  session: TraceSession,
  { target }: InteractionEdge,
): UnixMs | null {
  if (target.type !== "conversation_item" || mayLackRequests(session)) {
    return null;
  }
  const item = session.trace.conversation_items.get(target.item_id);
  return item?.first_seen_at_unix_ms ?? null;
}

/**
 * Whether it is unknown that an edge arrived: none of the requests that were recorded shows it,
 * and one that may show it was lost, or was recorded only in part.
 */
export function isDeliveryUnknown(
  session: TraceSession,
  { ended_at_unix_ms: ended, target }: InteractionEdge,
): boolean {
  if (ended !== null) return false;
  if (mayLackRequests(session)) return true;
  const thread = threadOfAnchor(session.trace, target);
  return thread !== undefined && hasPartialRequest(session, thread, 0);
}

/**
 * The payloads of a session in the order in which they are searched: requests thread by thread,
 * so that each is read after the one whose text it repeats; then all others.
 *
 * @module
 */

import type { RawPayloadId, ThreadId } from "../../format/ids.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { Session } from "../session/session.ts";
import type { SearchPlace } from "./search_answer.ts";

/** A payload, and the thread that it belongs to. */
export interface OrderedPayload {
  readonly ref: RawPayloadRef;
  readonly thread: ThreadId | null;
}

/** Payloads in the order of searching. */
export interface PayloadOrder {
  /** Requests to models, by thread. */
  readonly requests: ReadonlyMap<ThreadId | null, readonly OrderedPayload[]>;
  /** Everything else. */
  readonly others: readonly OrderedPayload[];
}

/** Orders the payloads of a session. */
export function payloadOrder(session: Session): PayloadOrder {
  const asking = threadsOfRequests(session.trace);
  const requests = new Map<ThreadId | null, OrderedPayload[]>();
  const others: OrderedPayload[] = [];
  for (const [id, ref] of session.trace.raw_payloads) {
    const thread = asking.get(id) ?? threadOfEvent(session, id);
    if (!repeats(ref.kind.type)) others.push({ ref, thread });
    else {
      const known = requests.get(thread);
      if (known === undefined) requests.set(thread, [{ ref, thread }]);
      else known.push({ ref, thread });
    }
  }
  return { requests, others };
}

/** Where the texts of a payload are searched. */
export function placesOfPayload(kind: RawPayloadKindName): SearchPlace[] {
  switch (kind) {
    case "tool_invocation":
      return ["payloads", "arguments"];
    case "tool_result":
    case "tool_runtime_event":
    case "terminal_runtime_event":
      return ["payloads", "outputs"];
    default:
      return ["payloads"];
  }
}

/** Whether each payload of the kind repeats the one before it. */
function repeats(kind: RawPayloadKindName): boolean {
  return kind === "inference_request" || kind === "compaction_request";
}

function threadsOfRequests(trace: RolloutTrace): Map<RawPayloadId, ThreadId> {
  const threads = new Map<RawPayloadId, ThreadId>();
  for (const call of trace.inference_calls.values()) {
    threads.set(call.raw_request_payload_id, call.thread_id);
  }
  for (const request of trace.compaction_requests.values()) {
    threads.set(request.raw_request_payload_id, request.thread_id);
  }
  return threads;
}

function threadOfEvent({ log }: Session, id: RawPayloadId): ThreadId | null {
  return log?.about("payload", id)[0]?.event.thread_id ?? null;
}

/**
 * The payloads of a session in the order in which they are searched: requests thread by thread,
 * so that each is read after the one whose text it repeats; then all others.
 *
 * The text of a request is also in the prompt that was prepared for it, and in the parts of both.
 * These are searched only where the request itself was not recorded.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { RawPayloadId, ThreadId } from "../../format/ids.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import { eventsAbout } from "../evidence/links/events_about.ts";
import type { GraphLinks } from "../evidence/links/graph_links.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import type { TraceSession } from "../session/session.ts";
import type { SearchScope } from "./search_answer.ts";

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
export function payloadOrder(
  session: TraceSession,
  links: GraphLinks,
): PayloadOrder {
  const asking = threadsOfRequests(session);
  const repeating = repeatedPayloads(session);
  const requests = new Map<ThreadId | null, OrderedPayload[]>();
  const others: OrderedPayload[] = [];
  for (const [id, ref] of session.trace.raw_payloads) {
    if (repeating.has(id)) continue;
    const thread = asking.get(id) ??
      firstNaming(session, links, id)?.event.thread_id ?? null;
    if (!repeats(ref.kind.type)) others.push({ ref, thread });
    else {
      const known = requests.get(thread);
      if (known === undefined) requests.set(thread, [{ ref, thread }]);
      else known.push({ ref, thread });
    }
  }
  return { requests, others };
}

/** Protocol events with an error, a warning or a reason. */
const ERROR_EVENTS: ReadonlySet<string> = new Set([
  "error",
  "stream_error",
  "turn_aborted",
  "warning",
]);

/** The payloads in which Codex reported errors, warnings and reasons to its user. */
export function errorPayloads({ log }: TraceSession): Set<RawPayloadId> {
  const found = new Set<RawPayloadId>();
  for (const { event: { payload } } of log?.events ?? []) {
    if (payload.type !== "protocol_event_observed") continue;
    if (!ERROR_EVENTS.has(payload.event_type)) continue;
    found.add(payload.event_payload.raw_payload_id);
  }
  return found;
}

/** Where the texts of a payload are searched. */
export function placesOfPayload(
  kind: RawPayloadKindName,
  isError: boolean,
): SearchScope[] {
  if (isError) return ["payloads", "errors"];
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
  return kind === "inference_request" || kind === "warmup_context" ||
    kind === "compaction_request";
}

/** Payloads whose texts are all in other payloads that are searched. */
function repeatedPayloads(session: TraceSession): Set<RawPayloadId> {
  const { trace } = session;
  const found = new Set<RawPayloadId>();
  for (const call of trace.inference_calls.values()) {
    const { prepared_prompt_payload_id: prepared } = call;
    const { ref } = effectiveRequest(session, call);
    const isRecorded = ref !== undefined && ref.capture === undefined;
    if (prepared !== undefined && isRecorded) found.add(prepared);
  }
  for (const [id, { kind, capture }] of trace.raw_payloads) {
    const isPart = kind.type === "model_item" || kind.type === "content_value";
    // What was kept of a truncated part is in no text that was put together.
    if (isPart && capture === undefined) found.add(id);
  }
  return found;
}

function threadsOfRequests(session: TraceSession): Map<RawPayloadId, ThreadId> {
  const { trace } = session;
  const threads = new Map<RawPayloadId, ThreadId>();
  for (const call of trace.inference_calls.values()) {
    threads.set(call.raw_request_payload_id, call.thread_id);
    threads.set(effectiveRequest(session, call).id, call.thread_id);
  }
  for (const request of trace.compaction_requests.values()) {
    threads.set(request.raw_request_payload_id, request.thread_id);
  }
  return threads;
}

/** The first event that names a payload, or one that it is a part of. */
export function firstNaming(
  { log, trace }: TraceSession,
  links: GraphLinks,
  id: RawPayloadId,
): DecodedEvent | undefined {
  return log === null
    ? undefined
    : eventsAbout(log, trace, links, { kind: "payload", id })[0];
}

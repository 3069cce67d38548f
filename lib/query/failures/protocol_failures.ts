/**
 * What Codex reported to its user while the session ran: errors, warnings, interruptions.
 *
 * @module
 */

import { payloadObject, textIn } from "../evidence/recorded/payload_fields.ts";
import type { DecodedEvent } from "../../format/event.ts";
import type { JsonObject } from "../../format/payload.ts";
import { unrecordedText } from "../../text/capture_text.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import { captureOf } from "../evidence/recorded/captures.ts";
import type { TraceSession } from "../session/session.ts";
import { errorText } from "./error_text.ts";
import { type Failure, failure } from "./failure.ts";

/** Errors and warnings that were shown, each with what it repeats of `others`. */
export function protocolFailures(
  session: TraceSession,
  others: readonly Failure[],
): Failure[] {
  const reports = new Reports(others);
  return (session.log?.events ?? []).flatMap((decoded) => {
    const type = protocolType(decoded);
    if (type !== "error" && type !== "warning" && type !== "stream_error") {
      return [];
    }
    const body = protocolBody(session, decoded);
    const message = textIn(body ?? undefined, "message");
    const cause = type === "warning"
      ? undefined
      : reports.faultOf(message, decoded);
    return failure({
      ...placed(session, decoded),
      severity: type === "error" ? "error" : "warning",
      kind: "protocol",
      ...errorText(message ?? `${type}${lostWords(session, decoded)}`),
      caused_by: cause?.about ?? null,
      thread: cause?.thread ?? null,
      turn: cause?.turn ?? null,
    });
  });
}

/** Why turns were interrupted, by the turn's id. */
export function interruptions(
  session: TraceSession,
): Map<string, { readonly reason: string; readonly evidence: ObjectRef[] }> {
  const found = new Map<string, { reason: string; evidence: ObjectRef[] }>();
  for (const decoded of session.log?.events ?? []) {
    if (protocolType(decoded) !== "turn_aborted") continue;
    const body = protocolBody(session, decoded) ?? undefined;
    const turn = textIn(body, "turn_id") ?? decoded.event.codex_turn_id;
    if (turn === null) continue;
    found.set(turn, {
      reason: textIn(body, "reason") ??
        `aborted${lostWords(session, decoded)}`,
      evidence: evidenceOf(session, decoded),
    });
  }
  return found;
}

function placed(session: TraceSession, decoded: DecodedEvent) {
  const { event } = decoded;
  return {
    about: null,
    seq: event.seq,
    at_unix_ms: event.wall_time_unix_ms,
    evidence: evidenceOf(session, decoded),
  };
}

function protocolType({ event: { payload } }: DecodedEvent): string | null {
  return payload.type === "protocol_event_observed" ? payload.event_type : null;
}

function protocolBody(
  session: TraceSession,
  { payloads }: DecodedEvent,
): JsonObject | null {
  return payloadObject(session, payloads[0]?.raw_payload_id);
}

/** Why the message of an event is unknown; the empty text where the recorder kept it. */
function lostWords(
  { trace }: TraceSession,
  { payloads }: DecodedEvent,
): string {
  const capture = captureOf(trace, payloads[0]?.raw_payload_id);
  return capture === null ? "" : `: ${unrecordedText(capture)}`;
}

function evidenceOf(
  { names }: TraceSession,
  { payloads }: DecodedEvent,
): ObjectRef[] {
  return payloads.map(({ raw_payload_id: id }) => names.ref("payload", id));
}

/** Finds the faults that were reported, in the order of the reports. */
class Reports {
  readonly #faults: readonly Failure[];
  /** The last fault of each thread that was reported. */
  readonly #reported: Map<string | undefined, Failure> = new Map();

  constructor(others: readonly Failure[]) {
    this.#faults = others.filter(({ kind }) =>
      kind === "inference" || kind === "compaction"
    );
  }

  /**
   * The fault whose recorded words a message repeats: of several in a thread, the last before it. Of
   * several threads, one whose fault was not reported yet; undefined if that may be more than one,
   * as most reports name no thread.
   */
  faultOf(
    message: string | null,
    { event }: DecodedEvent,
  ): Failure | undefined {
    if (message === null) return undefined;
    const { seq: at, thread_id: thread } = event;
    const lastOfThread = new Map<string | undefined, Failure>();
    for (const fault of this.#faults) {
      const { seq, raw, text } = fault;
      if (seq === null || seq >= at || !message.includes(raw ?? text)) continue;
      if (thread !== null && fault.thread?.id !== thread) continue;
      lastOfThread.set(fault.thread?.id, fault);
    }
    const repeated = [...lastOfThread.values()];
    const unreported = repeated.filter((fault) =>
      this.#reported.get(fault.thread?.id) !== fault
    );
    const [fault, ...others] = unreported.length > 0 ? unreported : repeated;
    if (fault === undefined || others.length > 0) return undefined;
    this.#reported.set(fault.thread?.id, fault);
    return fault;
  }
}

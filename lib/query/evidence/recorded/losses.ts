/**
 * How much of a bundle was lost: events and payloads that no answer can know.
 *
 * @module
 */

import { type DiagnosticCode, isPayloadErrorCode } from "../../../errors.ts";
import { hidesEvents } from "../../../bundle/log/fault_policy.ts";
import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import type { RawPayloadId } from "../../../format/ids.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import type { TraceSession } from "../../session/session.ts";

/** What was lost of a bundle. */
export interface Losses {
  /** Whether nothing is known to be lost. If not, a value that is missing may be unknown. */
  readonly is_complete: boolean;
  /** Whether it is a session log, which has neither LLM requests nor runtime evidence. */
  readonly is_session_log: boolean;
  /** Whether events are missing from the log, besides those that cannot be read. */
  readonly has_gaps: boolean;
  /** Payloads that are missing or cannot be read. */
  readonly lost_payloads: number;
  /** All payloads that the log names, those that are lost included. */
  readonly payloads: number;
}

/** Codes of losses that leave no value of the session unknown. */
const WITHOUT_LOSS: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "newer_schema",
  "unpaired_surrogate",
]);

/** Returns what was lost of the bundle of a session. */
export function lossesOf(
  { diagnostics, trace, source }: Pick<
    TraceSession,
    "diagnostics" | "trace" | "source"
  >,
): Losses {
  const lost = new Set<string>();
  const is_session_log = source === "session_log";
  let isComplete = !is_session_log;
  let hasGaps = false;
  for (const { severity, code, ids } of diagnostics) {
    if (severity !== "loss" || WITHOUT_LOSS.has(code)) continue;
    isComplete = false;
    if (code === "sequence_gap") hasGaps = true;
    const payload = ids["raw_payload_id"];
    if (isPayloadErrorCode(code) && payload !== undefined) lost.add(payload);
  }
  return {
    is_complete: isComplete,
    is_session_log,
    has_gaps: hasGaps,
    lost_payloads: lost.size,
    payloads: trace.raw_payloads.size,
  };
}

const PAYLOADS: WeakMap<TraceSession, ReadonlyMap<RawPayloadId, string>> =
  new WeakMap();

/** Returns why each lost payload cannot be used, by its id. */
export function lostPayloads(
  session: TraceSession,
): ReadonlyMap<RawPayloadId, string> {
  let lost = PAYLOADS.get(session);
  if (lost === undefined) {
    lost = new Map(
      session.diagnostics.flatMap(({ severity, code, ids, message }) => {
        const id = ids["raw_payload_id"];
        return severity === "loss" && isPayloadErrorCode(code) &&
            id !== undefined
          ? [[id, message]]
          : [];
      }),
    );
    PAYLOADS.set(session, lost);
  }
  return lost;
}

const LOSSES: WeakMap<TraceSession, ReadonlySet<number>> = new WeakMap();

/** Returns the lines of the log with an event that was lost, or of which a part was lost. */
function lostLines(session: TraceSession): ReadonlySet<number> {
  let lines = LOSSES.get(session);
  if (lines === undefined) {
    lines = new Set(
      session.diagnostics.flatMap(({ severity, line }) =>
        severity === "loss" && line !== null ? [line] : []
      ),
    );
    LOSSES.set(session, lines);
  }
  return lines;
}

/** Returns whether the items of a request are unknown because its payload could not be used. */
export function isRequestLost(
  session: TraceSession,
  { request_item_ids: items, execution }: InferenceCall,
): boolean {
  if (items.length > 0) return false;
  const line = session.log?.at(execution.started_seq)?.line;
  return line !== undefined && lostLines(session).has(line);
}

/** Returns whether the items of a response are unknown: its event or its payload was lost. */
export function isResponseLost(
  session: TraceSession,
  { inference_call_id: id, response_item_ids: items, execution }: InferenceCall,
): boolean {
  if (items.length > 0) return false;
  const ends = (session.log?.about("inference_call", id) ?? [])
    .filter(({ event }) => event.payload.type !== "inference_started");
  return ends.length === 0
    ? mayHaveLostEnd(session, execution)
    : ends.some(({ line }) => lostLines(session).has(line));
}

/** Returns whether an event, or a part of it, was lost. */
export function isEventLost(session: TraceSession, line: number): boolean {
  return lostLines(session).has(line);
}

/** Returns whether events were lost after an object started: its end may be among them. */
export function mayHaveLostEnd(
  { log, diagnostics, source }: Pick<
    TraceSession,
    "log" | "diagnostics" | "source"
  >,
  { started_seq: start }: Pick<ExecutionWindow, "started_seq">,
): boolean {
  if (source === "session_log") return true;
  const first = log?.at(start)?.line;
  return first !== undefined &&
    diagnostics.some((each) =>
      hidesEvents(each) && each.line !== null && each.line > first
    );
}

/**
 * Returns whether events may be missing between two: some were lost there, or `to` is null, because
 * the later one was not recorded.
 */
export function mayLackEvents(
  { log, diagnostics }: Pick<TraceSession, "log" | "diagnostics">,
  from: Integer | null,
  to: Integer | null,
): boolean {
  if (to === null) return true;
  if (log === null) return false;
  const first = from === null ? undefined : log.at(from)?.line;
  const last = log.at(to)?.line;
  return diagnostics.some((each) =>
    hidesEvents(each) && each.line !== null &&
    each.line > (first ?? 0) && each.line <= (last ?? Infinity)
  );
}

/** Returns whether requests may have been lost with their events. */
export function mayLackRequests(
  { diagnostics, source }: Pick<TraceSession, "diagnostics" | "source">,
): boolean {
  return source === "session_log" ||
    diagnostics.some((each) =>
      hidesEvents(each) ||
      each.severity === "loss" && each.event_type === "inference_started"
    );
}

/**
 * Returns whether the start of a thread or turn was lost: the reducer then starts it with the first
 * event that names it. A thread of another recording starts when it is resumed.
 */
export function isStartLost(
  { log, sessionLog }: Pick<TraceSession, "log" | "sessionLog">,
  kind: "thread" | "turn",
  { started_seq: start }: Pick<ExecutionWindow, "started_seq">,
): boolean {
  if (sessionLog !== undefined) {
    return kind === "turn" && sessionLog.lost_starts.has(start);
  }
  const type = log?.at(start)?.event.payload.type;
  return type !== undefined &&
    (kind === "turn"
      ? type !== "codex_turn_started"
      : type !== "thread_started" && type !== "thread_resumed");
}

/** Returns when a thread or turn started; null where its start was lost. */
export function startOf(
  session: Pick<TraceSession, "log" | "sessionLog">,
  kind: "thread" | "turn",
  execution: ExecutionWindow,
): UnixMs | null {
  return isStartLost(session, kind, execution)
    ? null
    : execution.started_at_unix_ms;
}

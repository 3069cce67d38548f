/**
 * How much of a bundle was lost: events and payloads that no answer can know.
 *
 * @module
 */

import {
  type Diagnostic,
  type DiagnosticCode,
  isPayloadErrorCode,
} from "../../../errors.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import type { RawPayloadId } from "../../../format/ids.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import type { Session } from "../../session/session.ts";

/** What was lost of a bundle. */
export interface Losses {
  /** Whether nothing is known to be lost. If not, a value that is missing may be unknown. */
  readonly is_complete: boolean;
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
  { diagnostics, trace }: Pick<
    Session,
    "diagnostics" | "trace"
  >,
): Losses {
  const lost = new Set<string>();
  let isComplete = true;
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
    has_gaps: hasGaps,
    lost_payloads: lost.size,
    payloads: trace.raw_payloads.size,
  };
}

const PAYLOADS: WeakMap<Session, ReadonlyMap<RawPayloadId, string>> =
  new WeakMap();

/** Returns why each lost payload cannot be used, by its id. */
export function lostPayloads(
  session: Session,
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

const LOSSES: WeakMap<Session, ReadonlySet<number>> = new WeakMap();

/** Returns the lines of the log with an event that was lost, or of which a part was lost. */
function lostLines(session: Session): ReadonlySet<number> {
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
  session: Session,
  { request_item_ids: items, execution }: InferenceCall,
): boolean {
  if (items.length > 0) return false;
  const line = session.log?.at(execution.started_seq)?.line;
  return line !== undefined && lostLines(session).has(line);
}

/** Codes of faults of the log behind which any event may be lost. */
const HIDING_EVENTS: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "malformed_line",
  "truncated_line",
  "nul_bytes",
  "sequence_gap",
  "limit_exceeded",
]);

/** Returns whether a diagnostic is of a fault of the log behind which any event may be lost. */
export function hidesEvent({ code, severity }: Diagnostic): boolean {
  return severity === "loss" && HIDING_EVENTS.has(code);
}

/** Returns whether events were lost after an object started: its end may be among them. */
export function mayHaveLostEnd(
  { log, diagnostics }: Pick<Session, "log" | "diagnostics">,
  { started_seq: start }: Pick<ExecutionWindow, "started_seq">,
): boolean {
  const first = log?.at(start)?.line;
  return first !== undefined &&
    diagnostics.some((each) =>
      hidesEvent(each) && each.line !== null && each.line > first
    );
}

/**
 * Returns whether the start of a thread or turn was lost: the reducer then starts it with the first
 * event that names it. A thread of another recording starts when it is resumed.
 */
export function isStartLost(
  { log }: Pick<Session, "log">,
  { started_seq: start }: Pick<ExecutionWindow, "started_seq">,
): boolean {
  const type = log?.at(start)?.event.payload.type;
  return type !== undefined && type !== "thread_started" &&
    type !== "thread_resumed" && type !== "codex_turn_started";
}

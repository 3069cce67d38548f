/**
 * Continues after lines that are at fault, and reports each.
 *
 * @module
 */

import {
  BundleFormatError,
  type DiagnosticCode,
  type DiagnosticSink,
  ReplayError,
  type ReplayErrorCode,
} from "../../errors.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import type { FaultJudge, LineFault } from "./event_log.ts";

/** Faults of a place in the log, not of the event that stands there. */
const TAKEN: ReadonlySet<DiagnosticCode> = new Set<ReplayErrorCode>([
  "sequence_gap",
  "event_after_completion",
]);

/** A judge that reports every fault and skips the line, unless its event is sound. */
export function tolerantJudge(sink: DiagnosticSink): FaultJudge {
  return (fault) => {
    const code = codeOf(fault);
    const { error, line } = fault;
    const event = fault.decoded?.event ?? fault.unknown?.event;
    const ids = error instanceof ReplayError ? error.ids : {};
    // A place in the log may be told of together with the foreign rollout of what stands there.
    const isTaken = TAKEN.has(code) && ids.rollout_id === undefined;
    sink({
      code,
      severity: "loss",
      file: EVENT_LOG_FILE,
      line,
      seq: event?.seq ?? null,
      event_type: event?.payload.type ?? null,
      ids,
      message: error.reason,
      lost: fault.endsReading
        ? "this event and every later one"
        : isTaken
        ? "nothing of this event; others may be missing"
        : "whatever the line says",
    });
    return isTaken;
  };
}

function codeOf({ error, lineEnded, unknown }: LineFault): DiagnosticCode {
  if (!(error instanceof BundleFormatError)) return error.code;
  if (unknown !== undefined) return "unknown_event_type";
  return lineEnded ? "malformed_line" : "truncated_line";
}

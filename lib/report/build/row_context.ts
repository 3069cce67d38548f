/**
 * What the functions that make rows share, and the parts that every row has.
 *
 * @module
 */

import type { PayloadCapture } from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { isStartLost } from "../../query/evidence/recorded/losses.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import type { ExplainContext } from "../../query/explain/explain_context.ts";
import { roundedDurationOf } from "../../query/evidence/clock/clock.ts";
import { getOutcomes } from "../../query/failures/outcome/outcomes.ts";
import type { ObjectKind } from "../../query/session/names/object_kind.ts";
import type { ObjectNames } from "../../query/session/names/object_names.ts";
import type { TraceSession } from "../../query/session/session.ts";
import type { StringTable } from "../packed_table.ts";
import type {
  CaptureRow,
  ExactInteger,
  Row,
  WindowRow,
} from "../report_data.ts";
import type { PriceTable } from "../../query/stats/measures/cost.ts";
import type { LoggedParts } from "./logged_parts.ts";
import type { PromptMarks } from "./prompt_marks.ts";
import type { StepRows } from "./step_rows.ts";
import type { VectorPool } from "./vector_pool.ts";

/** The graph, its names, and the tables that rows refer to. */
export interface RowContext {
  readonly trace: RolloutTrace;
  readonly names: ObjectNames;
  /** Long texts, which rows refer to by their index. */
  readonly texts: StringTable;
  readonly vectors: VectorPool;
  readonly log: TraceSession["log"];
  readonly scene: ExplainContext;
  readonly steps: StepRows;
  readonly marks: PromptMarks;
  /** The parts of items of a session log; null for any other session. */
  readonly logged: LoggedParts | null;
  /** The user's prices; null without any. */
  readonly prices: PriceTable | null;
  /** Line of the log → row of its event. */
  readonly eventAt: ReadonlyMap<number, number>;
}

/** The fields that every row has. */
export function rowOf(
  { names }: RowContext,
  kind: ObjectKind,
  id: string,
): Row {
  return { id, handle: names.ref(kind, id).handle };
}

/** The fields of an execution window of the object with an id. */
export function windowOf(
  { scene: { session } }: RowContext,
  kind: ObjectKind,
  id: string,
  execution: ExecutionWindow,
): WindowRow {
  const outcome = getOutcomes(session).of({ kind, id });
  return {
    is_start_lost: (kind === "thread" || kind === "turn") &&
      isStartLost(session, kind, execution),
    started: approximateNumber(execution.started_at_unix_ms),
    started_seq: approximateNumber(execution.started_seq),
    ended: approximateNumber(execution.ended_at_unix_ms),
    ended_seq: approximateNumber(execution.ended_seq),
    duration_ms: roundedDurationOf(session, kind, execution),
    status: statusOf(session, outcome, execution),
    outcome,
  };
}

/**
 * The recorded status. The graph of a session log has one of everything: it is known where an end
 * and the outcome are, and a command that ended with another code than 0 did not complete.
 */
function statusOf(
  session: TraceSession,
  outcome: WindowRow["outcome"],
  { status }: ExecutionWindow,
): WindowRow["status"] {
  if (session.sessionLog === undefined) return status;
  if (outcome === null || status === "running") return "unknown";
  return outcome === "failed" ? "failed" : status;
}

/** An integer of which the page shows every digit. */
export function exactInteger(value: Integer): ExactInteger {
  return typeof value === "bigint" ? String(value) : value;
}

/** How much of a payload was recorded; null when all of it was. */
export function captureRow(
  capture: PayloadCapture | null | undefined,
): CaptureRow | null {
  if (capture === null || capture === undefined) return null;
  const original_bytes = exactInteger(capture.original_bytes);
  return capture.status === "omitted"
    ? { status: capture.status, original_bytes }
    : {
      status: capture.status,
      original_bytes,
      retained_bytes: exactInteger(capture.retained_bytes),
    };
}

/** An integer as a number, for a time axis; it is rounded beyond 2^53. */
export function approximateNumber(value: Integer): number;
export function approximateNumber(value: Integer | null): number | null;
export function approximateNumber(
  value: Integer | null | undefined,
): number | null;
export function approximateNumber(
  value: Integer | null | undefined,
): number | null {
  return value === null || value === undefined ? null : Number(value);
}

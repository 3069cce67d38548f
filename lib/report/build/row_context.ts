/**
 * What the functions that make rows are given.
 *
 * @module
 */

import type { ExecutionWindow } from "../../graph/session.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { ObjectKind } from "../../query/names/object_kind.ts";
import type { ObjectNames } from "../../query/names/object_names.ts";
import type { Row, WindowRow } from "../report_data.ts";
import { rounded, type TextPool, type VectorPool } from "./report_pool.ts";

/** The graph, its names, and what rows share. */
export interface RowContext {
  readonly trace: RolloutTrace;
  readonly names: ObjectNames;
  readonly texts: TextPool;
  readonly vectors: VectorPool;
}

/** The beginning of every row. */
export function rowOf(
  { names }: RowContext,
  kind: ObjectKind,
  id: string,
): Row {
  return { id, handle: names.handle(kind, id) };
}

/** A window, flat. */
export function windowOf(execution: ExecutionWindow): WindowRow {
  return {
    started: rounded(execution.started_at_unix_ms),
    started_seq: rounded(execution.started_seq),
    ended: rounded(execution.ended_at_unix_ms),
    ended_seq: rounded(execution.ended_seq),
    status: execution.status,
  };
}

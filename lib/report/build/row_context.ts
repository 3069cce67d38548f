/**
 * What the functions that make rows are given.
 *
 * @module
 */

import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import type { Scene } from "../../query/explain/scene.ts";
import { eventsAbout } from "../../query/evidence/links/events_about.ts";
import type { ObjectKind } from "../../query/session/names/object_kind.ts";
import type { ObjectNames } from "../../query/session/names/object_names.ts";
import type { Session } from "../../query/session/session.ts";
import type { StringTable } from "../packed_table.ts";
import type { Row, WindowRow } from "../report_data.ts";
import type { HopRows } from "./hop_rows.ts";
import { rounded, type VectorPool } from "./vector_pool.ts";

/** The graph, its names, and what rows share. */
export interface RowContext {
  readonly trace: RolloutTrace;
  readonly names: ObjectNames;
  /** Long texts, which are told by their places. */
  readonly texts: StringTable;
  readonly vectors: VectorPool;
  readonly log: Session["log"];
  readonly scene: Scene;
  readonly hops: HopRows;
  /** Line of the log → row of its event. */
  readonly eventAt: ReadonlyMap<number, number>;
}

/** The beginning of every row. */
export function rowOf(
  { names, log, trace, scene, eventAt, hops }: RowContext,
  kind: ObjectKind,
  id: string,
): Row {
  const events = log === null
    ? []
    : eventsAbout(log, trace, scene.links, { kind, id })
      .flatMap(({ line }) => eventAt.get(line) ?? []);
  const ref = names.ref(kind, id);
  return {
    id,
    handle: ref.handle,
    events,
    origin: hops.origin(ref),
    leads: hops.leads(ref),
  };
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

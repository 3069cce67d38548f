/**
 * The columns of everything that has a start and an end.
 *
 * @module
 */

import type { ExecutionWindow } from "../../graph/session.ts";
import type { ObjectKind } from "../../query/session/names/object_kind.ts";
import { type Columns, integer, maybe, timestamp } from "./table.ts";

/** When a row's object ran, by the clock and by the order of events, and its status. */
export function executionColumns<Row>(
  kind: ObjectKind,
  executionOf: (row: Row) => ExecutionWindow,
): Columns<Row> {
  return {
    status: maybe.text(
      "Its status in the recorder's word; null when a session log does not have its end",
      (row, { session }) => {
        const { status, ended_seq } = executionOf(row);
        return session.source === "session_log" && ended_seq === null
          ? null
          : status;
      },
    ),
    started_at: timestamp(
      "When it started",
      (row) => executionOf(row).started_at_unix_ms,
    ),
    ended_at: maybe.timestamp(
      "When it ended; null when its end was not recorded",
      (row) => executionOf(row).ended_at_unix_ms,
    ),
    duration_ms: maybe.integer(
      "Milliseconds from start to end; null when that is unknown, also because the clock jumped",
      (row, facts) => facts.duration(kind, executionOf(row)),
    ),
    started_seq: integer(
      "Sequence number of the event that started it",
      (row) => executionOf(row).started_seq,
    ),
    ended_seq: maybe.integer(
      "Sequence number of the event that ended it",
      (row) => executionOf(row).ended_seq,
    ),
  };
}

/**
 * Rows of what went wrong.
 *
 * @module
 */

import type { Failure } from "../../query/failures/failure.ts";
import type { ObjectRef } from "../../query/names/object_kind.ts";
import type { FailureRow, Pointer } from "../report_data.ts";
import { rounded, whole } from "./report_pool.ts";

/** Something that went wrong. */
export function failureRow(failure: Failure): FailureRow {
  const { seq } = failure;
  return {
    severity: failure.severity,
    kind: failure.kind,
    about: pointerOf(failure.about),
    seq: seq === null ? null : whole(seq),
    at: rounded(failure.at_unix_ms),
    thread_id: failure.thread?.id ?? null,
    text: failure.text,
    exit_code: failure.exit_code,
    told_in: failure.told_in.map(({ id }) => id),
    caused_by: pointerOf(failure.caused_by),
    retried_by: pointerOf(failure.retried_by),
  };
}

function pointerOf(ref: ObjectRef | null): Pointer | null {
  return ref === null ? null : [ref.kind, ref.id];
}

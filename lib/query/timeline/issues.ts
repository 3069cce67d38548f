/**
 * What went wrong with the entries of a timeline.
 *
 * @module
 */

import type { Failure } from "../failures/failure.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Issue, TimelineEntry } from "./timeline_answer.ts";
import type { EntryInput, Owner } from "./entry_input.ts";

/** Failures by their object, or by their event. */
export type FailuresByObject = ReadonlyMap<string, Failure>;

/** What a fault adds to an entry. */
export type EntryIssue =
  & Pick<
    TimelineEntry,
    "error" | "missing_reason" | "caused_by" | "retried_by"
  >
  & {
    readonly issue: Issue;
    readonly thread: string | null;
    readonly turn: string | null;
    readonly within: readonly Owner[];
  };

/** The faults of a session, by what they are about: of several, an error before a warning. */
export function failuresByObject(
  failures: readonly Failure[],
): FailuresByObject {
  const found = new Map<string, Failure>();
  for (const failure of failures) {
    const { about, kind, seq } = failure;
    // An undelivered result is no failure of the turn.
    const key = kind === "undelivered"
      ? `seq ${seq}`
      : about !== null
      ? objectKey(about)
      : kind === "protocol"
      ? `seq ${seq}`
      : null;
    if (key === null) continue;
    const before = found.get(key);
    const better = before?.severity === "warning" &&
      failure.severity === "error";
    if (before === undefined || better) found.set(key, failure);
  }
  return found;
}

export function issueOf(
  faults: FailuresByObject,
  { object, detail, startedSeq }: EntryInput,
): EntryIssue | undefined {
  const failure = object !== null
    ? faults.get(objectKey(object))
    : detail.type === "protocol_event" || detail.type === "undelivered"
    ? faults.get(`seq ${startedSeq}`)
    : undefined;
  if (failure === undefined) return undefined;
  const {
    text,
    missing_reason,
    caused_by,
    retried_by,
    severity,
    thread,
    turn,
  } = failure;
  return {
    issue: ISSUES[severity],
    error: text,
    missing_reason,
    caused_by,
    retried_by,
    thread: thread?.id ?? null,
    turn: turn?.id ?? null,
    within: [
      { kind: "turn", id: turn?.id ?? null },
      { kind: "thread", id: thread?.id ?? null },
    ],
  };
}

const ISSUES: Readonly<Record<Failure["severity"], Issue>> = {
  error: "failed",
  warning: "warning",
  interruption: "interrupted",
};

function objectKey({ kind, id }: Pick<ObjectRef, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/**
 * Entries in the making: what happened, before it has a place.
 *
 * @module
 */

import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import type { ObjectKind } from "../session/names/object_kind.ts";
import type { Issue, TimelineDetail } from "./timeline_answer.ts";

/** Names something that entries may be in. */
export interface Owner {
  readonly kind: ObjectKind;
  readonly id: string | null;
}

/** One thing that happened; its place is found later. */
export interface EntryInput {
  /** The object, unless it is an event only. */
  readonly object: { readonly kind: ObjectKind; readonly id: string } | null;
  readonly thread: string | null;
  readonly turn: string | null;
  /** Whether its start was lost: then it is the first event that names it. */
  readonly isStartLost?: boolean;
  readonly startedSeq: Integer | null;
  readonly startedAt: UnixMs | null;
  readonly endedSeq: Integer | null;
  readonly endedAt: UnixMs | null;
  readonly status: ExecutionStatus | null;
  readonly issue: Issue | null;
  /** The error, where the log itself has it; failures are added later. */
  readonly error?: string | null;
  /** What it may be in: the first that began earlier. */
  readonly within: readonly Owner[];
  readonly detail: TimelineDetail;
}

/** The part of an input about how something ran. */
export type Run = Pick<
  EntryInput,
  "startedSeq" | "startedAt" | "endedSeq" | "endedAt" | "status" | "issue"
>;

/** How something ran that began and ended. */
export function runOf(window: ExecutionWindow): Run {
  return {
    startedSeq: window.started_seq,
    startedAt: window.started_at_unix_ms,
    endedSeq: window.ended_seq,
    endedAt: window.ended_at_unix_ms,
    status: window.status,
    issue: issueOf(window.status),
  };
}

/** What takes no time. */
export function momentAt(seq: Integer | null, at: UnixMs | null): Run {
  return {
    startedSeq: seq,
    startedAt: at,
    endedSeq: null,
    endedAt: null,
    status: null,
    issue: null,
  };
}

function issueOf(status: ExecutionStatus): Issue | null {
  switch (status) {
    case "completed":
      return null;
    case "running":
      return "incomplete";
    case "failed":
      return "failed";
    case "cancelled":
    case "aborted":
      return "interrupted";
  }
}

/**
 * The order of a timeline, and what happened in what.
 *
 * @module
 */

import { compareValues } from "../../format/integers.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TraceSession } from "../session/session.ts";
import { getClock } from "../evidence/clock/clock.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import type { TimelineEntry, TimelineKind } from "./timeline_answer.ts";
import type { EntryInput, Owner } from "./entry_input.ts";
import { type FailuresByObject, issueOf } from "./issues.ts";

/** Objects that one event started are ordered from the container to its parts. */
const RANKS: Readonly<Record<TimelineKind, number>> = {
  thread_resumed: 0,
  thread: 1,
  turn: 2,
  message: 3,
  item: 4,
  inference_call: 5,
  compaction_request: 6,
  compaction: 7,
  tool_call: 8,
  code_cell: 9,
  terminal_operation: 10,
  edge: 11,
  undelivered: 11,
  dropped_items: 2,
  inherited_history: 2,
  protocol_event: 12,
  loss: 13,
};

interface Placed {
  readonly draft: EntryInput;
  /** Replaces the sequence number where the evidence has none. */
  readonly order: Integer | null;
}

/** The entries of a timeline: by what began first, each with what it happened in. */
export function placed(
  session: TraceSession,
  drafts: readonly EntryInput[],
  faults: FailuresByObject,
): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const numbers = new Map<string, TimelineEntry>();
  for (const draft of inOrder(drafts)) {
    const fault = issueOf(faults, draft);
    const within = [...draft.within, ...fault?.within ?? []];
    const parent = parentOf(within, numbers);
    const entry = entryOf(session, draft, fault, entries.length + 1, parent);
    entries.push(entry);
    if (draft.object === null) continue;
    const { kind, id } = draft.object;
    numbers.set(keyOf(kind, id), entry);
  }
  return entries;
}

function inOrder(drafts: readonly EntryInput[]): EntryInput[] {
  const order = ordersByTime(drafts);
  return drafts
    .map((draft): Placed => ({
      draft,
      order: draft.startedSeq ?? order(draft.startedAt),
    }))
    .sort(before)
    .map(({ draft }) => draft);
}

function before(a: Placed, b: Placed): number {
  if (a.order === null || b.order === null) {
    return Number(a.order === null) - Number(b.order === null);
  }
  return compareValues(a.order, b.order) ||
    RANKS[a.draft.detail.type] - RANKS[b.draft.detail.type];
}

/** Finds the last event that was recorded before a moment, by what began or ended with it. */
function ordersByTime(
  drafts: readonly EntryInput[],
): (at: Integer | null) => Integer | null {
  const known = drafts
    // An item may have been seen long before the request that shows its number.
    .filter(({ status }) => status !== null)
    .flatMap(({ startedSeq, startedAt, endedSeq, endedAt }) => [
      { seq: startedSeq, at: startedAt },
      { seq: endedSeq, at: endedAt },
    ])
    .flatMap(({ seq, at }) => seq === null || at === null ? [] : { seq, at })
    .sort((a, b) => compareValues(a.at, b.at) || compareValues(a.seq, b.seq));
  return (at) => {
    if (at === null) return null;
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const each = known[middle];
      if (each !== undefined && each.at <= at) low = middle + 1;
      else high = middle;
    }
    return known[low - 1]?.seq ?? known[0]?.seq ?? null;
  };
}

/** The first owner that began earlier. */
function parentOf(
  within: readonly Owner[],
  numbers: ReadonlyMap<string, TimelineEntry>,
): TimelineEntry | null {
  for (const { kind, id } of within) {
    const entry = id === null ? undefined : numbers.get(keyOf(kind, id));
    if (entry !== undefined) return entry;
  }
  return null;
}

function entryOf(
  session: TraceSession,
  draft: EntryInput,
  fault: ReturnType<typeof issueOf>,
  number: number,
  parent: TimelineEntry | null,
): TimelineEntry {
  const { names } = session;
  const { object, detail, endedAt } = draft;
  const { isStartLost: isLost = false } = draft;
  const startedAt = isLost ? null : draft.startedAt;
  // A session log has the end of turns alone, and that one is missing is a warning about it.
  const own = session.sessionLog !== undefined && draft.issue === "incomplete"
    ? null
    : draft.issue;
  // A denial is recorded as a failure, and so is the end of an interrupted command.
  const outcome = object === null ? null : getOutcomes(session).of(object);
  const thread = draft.thread ?? fault?.thread ?? null;
  const turn = draft.turn ?? fault?.turn ?? null;
  return {
    number,
    kind: detail.type,
    object: object === null ? null : names.ref(object.kind, object.id),
    thread: thread === null ? null : names.ref("thread", thread),
    turn: turn === null ? null : names.ref("turn", turn),
    parent: parent?.number ?? null,
    depth: parent === null ? 0 : parent.depth + 1,
    started_seq: isLost ? null : draft.startedSeq,
    ended_seq: draft.endedSeq,
    started_at_unix_ms: startedAt,
    ended_at_unix_ms: endedAt,
    duration_ms: durationOf(session, draft),
    outcome,
    status: draft.status,
    issue: outcome === "interrupted" ? outcome : own ?? fault?.issue ?? null,
    error: draft.error ?? fault?.error ?? null,
    missing_reason: (draft.error ?? null) === null
      ? fault?.missing_reason ?? null
      : null,
    caused_by: fault?.caused_by ?? null,
    retried_by: fault?.retried_by ?? null,
    context: false,
    detail: detail.type === "protocol_event" && fault !== undefined
      ? { ...detail, message: fault.error }
      : detail,
  };
}

/** Null for what takes no time, where a start or an end is not known, and across a jump. */
function durationOf(session: TraceSession, draft: EntryInput): Integer | null {
  const { startedSeq, startedAt, endedSeq, endedAt } = draft;
  if (draft.isStartLost || startedAt === null || endedAt === null) return null;
  if (session.sessionLog !== undefined && draft.detail.type !== "turn") {
    return null;
  }
  const clock = getClock(session);
  // The graph does not have the event with which an edge ended: it may be the last.
  return clock.between(
    { seq: startedSeq ?? clock.first.seq, at: startedAt },
    { seq: endedSeq ?? clock.last.seq, at: endedAt },
  );
}

function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

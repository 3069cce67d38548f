/**
 * What happened in a session, in causal order.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import type { Integer } from "../../format/vocabulary.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import {
  type Clock,
  getClock,
  sessionDuration,
} from "../evidence/clock/clock.ts";
import { getFailures } from "../failures/failures.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  TimelineAnswer,
  TimelineEntry,
  TimelineGap,
  TimelineKind,
} from "./timeline_answer.ts";
import {
  compactionEntries,
  droppedItemsEntries,
  edgeEntries,
  inheritedEntries,
  itemEntries,
  undeliveredEntries,
} from "./entries_from_conversation.ts";
import { eventEntries, lossEntries } from "./entries_from_log.ts";
import {
  requestEntries,
  threadEntries,
  toolEntries,
} from "./entries_from_graph.ts";
import { placed } from "./order.ts";
import { failuresByObject } from "./issues.ts";
import { subtract } from "../../format/integers.ts";

/** What of a session is asked for; by default everything but the kinds that are many. */
export interface TimelineOptions {
  /** Only what happened in this thread. */
  readonly thread?: ThreadId;
  /**
   * Only these kinds. Without it, items that are no messages of a user are left out, and so are
   * protocol events that are neither errors nor warnings.
   */
  readonly kinds?: readonly TimelineKind[];
  /** Only what went wrong, with everything it happened in; no warnings. */
  readonly failed?: boolean;
  /** Only what began with this event or later, with everything it happened in. */
  readonly since?: Integer;
  /** Only what began with this event or earlier. */
  readonly until?: Integer;
  /** Milliseconds without anything that make a gap; by default 1000. */
  readonly gapMs?: number;
}

const DEFAULT_GAP_MS = 1000;

/**
 * What happened, by the sequence number of the event with which it began.
 *
 * Everything of the graph is in the timeline exactly once: what runs for a while where it
 * begins, with its end and duration. What it happened in is its `parent`, and began earlier: a
 * turn is in its thread, requests and tools are in their turn, calls that a code cell made are
 * in the cell, an agent is in the tool call that spawned it. From a `state.json` alone,
 * protocol events, resumed threads and the recorder's words for what went wrong are missing.
 */
export function getTimeline(
  session: TraceSession,
  options: TimelineOptions = {},
): TimelineAnswer {
  const { trace } = session;
  const clock = getClock(session);
  const drafts = [
    ...threadEntries(session),
    ...requestEntries(session),
    ...toolEntries(session),
    ...itemEntries(session),
    ...compactionEntries(session),
    ...edgeEntries(session),
    ...undeliveredEntries(session),
    ...droppedItemsEntries(session),
    ...inheritedEntries(session),
    ...eventEntries(session),
    ...lossEntries(session),
  ];
  const all = placed(session, drafts, failuresByObject(getFailures(session)));
  const isMeant = meaning(options);
  const entries = withContext(all, all.filter(isMeant), options);
  const isComplete = options.kinds === undefined && options.failed !== true;
  return {
    started_at_unix_ms: trace.started_at_unix_ms,
    ended_at_unix_ms: trace.ended_at_unix_ms,
    duration_ms: sessionDuration(session),
    outcome: getOutcomes(session).session,
    status: trace.status,
    total: all.length,
    entries,
    gaps: isComplete
      ? gapsOf(clock, entries, options.gapMs ?? DEFAULT_GAP_MS)
      : [],
    clock_jumps: clock.jumps,
  };
}

function meaning(
  options: TimelineOptions,
): (entry: TimelineEntry) => boolean {
  const { thread, failed = false, since, until } = options;
  const kinds = options.kinds === undefined ? null : new Set(options.kinds);
  // A message of a user is an item as well.
  if (kinds?.has("item")) kinds.add("message");
  return (entry) => {
    const { kind, issue, started_seq: seq } = entry;
    if (kinds === null ? isOneOfMany(entry) : !kinds.has(kind)) return false;
    if (failed && (issue === null || isWarning(entry))) return false;
    if (thread !== undefined && entry.thread?.id !== thread) return false;
    if (since !== undefined && (seq === null || seq < since)) return false;
    return until === undefined || seq !== null && seq <= until;
  };
}

/** Something Codex warned its user of: it is in the timeline, but nothing went wrong. */
function isWarning({ kind, issue }: TimelineEntry): boolean {
  return kind === "protocol_event" && issue === "warning";
}

function isOneOfMany({ kind, issue }: TimelineEntry): boolean {
  return kind === "item" || kind === "protocol_event" && issue === null;
}

/** The chosen entries, and what they happened in where that is needed to understand them. */
function withContext(
  all: readonly TimelineEntry[],
  chosen: readonly TimelineEntry[],
  { failed = false, since, kinds }: TimelineOptions,
): TimelineEntry[] {
  if (!failed && (since === undefined || kinds !== undefined)) {
    return [...chosen];
  }
  const meant = new Set(chosen);
  const around = new Set<TimelineEntry>();
  for (const entry of chosen) {
    let { parent } = entry;
    while (parent !== null) {
      const owner = all[parent - 1];
      if (owner === undefined || around.has(owner)) break;
      around.add(owner);
      parent = owner.parent;
    }
  }
  return all.flatMap((entry) =>
    meant.has(entry)
      ? entry
      : around.has(entry)
      ? { ...entry, context: true }
      : []
  );
}

/**
 * The stretches of at least `minMs` milliseconds before which everything but threads and
 * turns had ended, and in which nothing started. How long a jump of the clock took is unknown.
 *
 * @param entries In order.
 */
function gapsOf(
  clock: Clock,
  entries: readonly TimelineEntry[],
  minMs: number,
): TimelineGap[] {
  const gaps: TimelineGap[] = [];
  let latest: Integer | null = null;
  let jumps = 0;
  for (const entry of entries) {
    const { started_at_unix_ms: start, started_seq: seq } = entry;
    if (start === null || seq === null) continue;
    const before = jumps;
    jumps = clock.jumpsBefore(seq);
    if (jumps !== before) latest = null;
    const duration = subtract(start, latest);
    if (latest !== null && duration !== null && duration >= minMs) {
      gaps.push({
        before: entry.number,
        from_unix_ms: latest,
        until_unix_ms: start,
        duration_ms: duration,
      });
    }
    const last = lastMoment(entry, start);
    if (latest === null || last > latest) latest = last;
  }
  return gaps;
}

/** The last moment at which an entry accounts for time. */
function lastMoment(
  { kind, ended_at_unix_ms: end, duration_ms: took }: TimelineEntry,
  start: Integer,
): Integer {
  const isContainer = kind === "thread" || kind === "turn";
  return isContainer || end === null || took === null ? start : end;
}

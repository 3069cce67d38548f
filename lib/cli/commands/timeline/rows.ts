/**
 * The lines of a timeline as data: what begins, what ends much later, and gaps.
 *
 * @module
 */

import { compareValues } from "../../../format/integers.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { ClockJump } from "../../../query/evidence/clock/clock_jump.ts";
import type {
  TimelineAnswer,
  TimelineEntry,
} from "../../../query/timeline/timeline_answer.ts";

/** One line of a timeline. */
export type Row =
  | {
    readonly type: "start";
    readonly entry: TimelineEntry;
    /** Whether its error is printed at its end, which has a row of its own. */
    readonly isWellYet: boolean;
  }
  | { readonly type: "end"; readonly entry: TimelineEntry }
  | { readonly type: "gap"; readonly duration: Integer }
  | { readonly type: "jump"; readonly jump: ClockJump };

export type EntryRow = Extract<Row, { entry: TimelineEntry }>;

/** Whether a row is between entries. */
export function isPause(row: Row): row is Exclude<Row, EntryRow> {
  return row.type === "gap" || row.type === "jump";
}

/**
 * A row for each entry where it begins; and a second one where it ends, if meanwhile the
 * conversation continued elsewhere: a request started that does not belong to it, or a process
 * failed that outlived its call.
 */
export function rowsOf(
  { entries, gaps, clock_jumps: jumps }: TimelineAnswer,
): Row[] {
  const before = new Map(gaps.map((gap) => [gap.before, gap.duration_ms]));
  const ends = endRows(entries);
  const ending = new Set(ends.map(({ entry }) => entry));
  const rows: Row[] = [];
  let nextEnd = 0;
  let nextJump = 0;
  const jumpUntil = (seq: Integer | null) => {
    for (; nextJump < jumps.length; nextJump++) {
      const jump = jumps[nextJump];
      if (jump === undefined || seq !== null && jump.before_seq > seq) break;
      rows.push({ type: "jump", jump });
    }
  };
  const endUntil = (seq: Integer | null) => {
    for (; nextEnd < ends.length; nextEnd++) {
      const row = ends[nextEnd];
      const end = row?.entry.ended_seq ?? null;
      if (row === undefined || seq !== null && end !== null && end > seq) break;
      if (end !== null) jumpUntil(end);
      rows.push(row);
    }
    if (seq !== null) jumpUntil(seq);
  };
  const last = entries.findLastIndex(({ started_seq: seq }) => seq !== null);
  for (const [at, entry] of entries.entries()) {
    const { started_seq: seq } = entry;
    // Entries without a position in the log are last; one whose start was lost has a place before.
    if (seq !== null || at > last) endUntil(seq);
    const gap = before.get(entry.number);
    if (gap !== undefined) rows.push({ type: "gap", duration: gap });
    const isWellYet = entry.issue === "failed" && ending.has(entry);
    rows.push({ type: "start", entry, isWellYet });
  }
  endUntil(null);
  jumpUntil(null);
  return rows;
}

function endRows(entries: readonly TimelineEntry[]) {
  const foreign = foreignCalls(entries);
  const numbers = new Map(entries.map((entry) => [entry.number, entry]));
  return entries
    .filter((entry) =>
      foreign.has(entry.number) ||
      entry.issue === "failed" && outlives(entry, numbers)
    )
    .map((entry) => ({ type: "end" as const, entry }))
    .sort((a, b) => order(a.entry.ended_seq, b.entry.ended_seq));
}

/** Whether a terminal operation continued after its tool call. */
function outlives(
  { kind, parent, ended_seq: end }: TimelineEntry,
  entries: ReadonlyMap<number, TimelineEntry>,
): boolean {
  const callEnd = entries.get(parent ?? 0)?.ended_seq ?? null;
  return kind === "terminal_operation" && end !== null && callEnd !== null &&
    end > callEnd;
}

/** The entries during which a request began that is not in them. */
function foreignCalls(entries: readonly TimelineEntry[]): Set<number> {
  const insides = insidesOf(entries);
  const calls = entries.filter(({ kind }) => kind === "inference_call");
  const found = new Set<number>();
  let next = 0;
  for (const entry of entries) {
    while ((calls[next]?.number ?? Infinity) <= entry.number) next++;
    const { ended_seq: end, number } = entry;
    if (end === null || entry.context) continue;
    // Requests that are inside are passed once for each entry they are in; the first that is
    // not decides.
    for (let at = next; at < calls.length; at++) {
      const call = calls[at];
      if (call === undefined || call.started_seq === null) break;
      if (call.started_seq >= end) break;
      if (insides.isInside(call.number, number)) continue;
      found.add(number);
      break;
    }
  }
  return found;
}

/** Which entry is in which, answered at once. */
function insidesOf(entries: readonly TimelineEntry[]) {
  const children = new Map<number | null, number[]>();
  const known = new Set(entries.map(({ number }) => number));
  for (const { number, parent } of entries) {
    const owner = parent !== null && known.has(parent) ? parent : null;
    const siblings = children.get(owner);
    if (siblings === undefined) children.set(owner, [number]);
    else siblings.push(number);
  }
  // Numbered on the way down and on the way up: what is inside is between the two.
  const down = new Map<number, number>();
  const up = new Map<number, number>();
  let clock = 0;
  const waiting = [...children.get(null) ?? []].reverse();
  while (waiting.length > 0) {
    const number = waiting.pop() ?? 0;
    clock++;
    if (down.has(number)) {
      up.set(number, clock);
      continue;
    }
    down.set(number, clock);
    waiting.push(number);
    for (const child of children.get(number) ?? []) waiting.push(child);
  }
  return {
    isInside: (number: number, owner: number) =>
      (down.get(number) ?? 0) > (down.get(owner) ?? 0) &&
      (up.get(number) ?? 0) < (up.get(owner) ?? 0),
  };
}

function order(a: Integer | null, b: Integer | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareValues(a, b);
}

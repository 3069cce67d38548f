/**
 * The lanes at the left of a timeline: one for each thread while it has lines, with a branch
 * where a thread begins in another, and an arrow where one agent reaches another.
 *
 * @module
 */

import type { TimelineEntry } from "../../../query/timeline/timeline_answer.ts";
import type { Style } from "../../text/style.ts";
import { isPause, type Row } from "./rows.ts";

/** More threads at a time share the last lane. */
const MAX_LANES = 8;

/** When a thread has its lane, by the numbers of rows. */
interface Stay {
  readonly from: number;
  to: number;
  lane: number;
}

/** A row that leads from its own lane to another. */
interface Link {
  readonly own: number;
  readonly other: number;
  readonly glyph: string;
}

/** Draws the lanes of a list of rows. */
export class Lanes {
  /** Columns that they take. */
  readonly width: number;
  readonly #stays: ReadonlyMap<string, Stay>;
  readonly #entries: ReadonlyMap<number, TimelineEntry>;
  /** For each lane, by row, how many threads are on it. */
  readonly #taken: readonly Int32Array[];

  /** Assigns each thread a lane from its first row to its last. */
  constructor(rows: readonly Row[]) {
    this.#entries = new Map(
      rows.flatMap((row) =>
        isPause(row) ? [] : [[row.entry.number, row.entry]]
      ),
    );
    this.#stays = staysOf(rows);
    const stays = [...this.#stays.values()];
    const lanes = assignLanes(stays);
    this.#taken = takenLanes(stays, Math.max(1, lanes), rows.length);
    this.width = 2 * this.#taken.length - 1;
  }

  /** The lanes beside a row; its own shows `mark`. */
  line(at: number, row: Row, mark: string, style: Style): string {
    const { own, other, glyph } = this.#link(at, row);
    const from = Math.min(own, other);
    const to = Math.max(own, other);
    const parts = this.#taken.map((threads, lane) => {
      const isTaken = (threads[at] ?? 0) > 0;
      const isSpanned = lane > from && lane < to;
      const bar = isTaken ? (isSpanned ? "┼" : "│") : isSpanned ? "─" : " ";
      const isLast = lane === this.#taken.length - 1;
      const link = isLast ? "" : lane >= from && lane < to ? "─" : " ";
      const beside = lane === other ? glyph : bar;
      const shown = lane === own
        ? mark
        : beside === " "
        ? " "
        : style.dim(beside);
      return shown + (link === "─" ? style.dim(link) : link);
    });
    return parts.join("");
  }

  #link(at: number, row: Row): Link {
    if (isPause(row)) return { own: -1, other: -1, glyph: "" };
    const { entry } = row;
    const own = this.#laneOf(entry);
    const other = row.type === "start" ? this.#otherLane(entry, at) : own;
    const isRight = other > own;
    const glyph = entry.kind === "thread"
      ? isRight ? "┤" : "├"
      : isRight
      ? "▸"
      : "◂";
    return { own, other, glyph };
  }

  /** The lane of the thread that an entry reaches, or in which a thread began. */
  #otherLane(entry: TimelineEntry, at: number): number {
    const { detail, parent } = entry;
    const other = detail.type === "edge"
      ? detail.to
      : detail.type === "thread"
      ? this.#entries.get(parent ?? 0)?.thread
      : null;
    const stay = this.#stays.get(other?.id ?? "");
    return stay === undefined || stay.from > at || stay.to < at
      ? this.#laneOf(entry)
      : stay.lane;
  }

  #laneOf({ thread }: TimelineEntry): number {
    return this.#stays.get(thread?.id ?? "")?.lane ?? 0;
  }
}

/** A thread stays while it has rows, or something from another one reaches it. */
function staysOf(rows: readonly Row[]): ReadonlyMap<string, Stay> {
  const stays = new Map<string, Stay>();
  const extend = (id: string, at: number) => {
    const stay = stays.get(id);
    if (stay !== undefined) stay.to = at;
    else stays.set(id, { from: at, to: at, lane: 0 });
  };
  const started = new Set(
    rows.flatMap((row) =>
      !isPause(row) && row.entry.kind === "thread"
        ? row.entry.thread?.id ?? []
        : []
    ),
  );
  rows.forEach((row, at) => {
    if (isPause(row) || row.entry.thread === null) return;
    extend(row.entry.thread.id, at);
    const { detail } = row.entry;
    if (detail.type !== "edge" || detail.to === null) return;
    // What is spawned has its own row for its beginning, unless that was not asked for.
    const { id } = detail.to;
    if (stays.has(id) || !started.has(id)) extend(id, at);
  });
  return stays;
}

/** Assigns each stay, in order, the first free lane; returns how many there are. */
function assignLanes(stays: readonly Stay[]): number {
  const lastRows: number[] = [];
  for (const stay of stays) {
    const free = lastRows.findIndex((row) => row < stay.from);
    const lane = free === -1 ? lastRows.length : free;
    stay.lane = Math.min(lane, MAX_LANES - 1);
    lastRows[stay.lane] = Math.max(lastRows[stay.lane] ?? 0, stay.to);
  }
  return lastRows.length;
}

function takenLanes(
  stays: readonly Stay[],
  lanes: number,
  rows: number,
): Int32Array[] {
  const taken = Array.from({ length: lanes }, () => new Int32Array(rows + 1));
  for (const { from, to, lane } of stays) {
    const changes = taken[lane];
    if (changes === undefined) continue;
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to + 1] = (changes[to + 1] ?? 0) - 1;
  }
  for (const changes of taken) {
    for (let row = 1; row <= rows; row++) {
      changes[row] = (changes[row] ?? 0) + (changes[row - 1] ?? 0);
    }
  }
  return taken;
}

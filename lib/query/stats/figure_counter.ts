/**
 * Counts sessions by their figures: of a session only those are kept.
 *
 * @module
 */

import { compareValues } from "../../format/integers.ts";
import {
  bothLost,
  type LostEvidence,
  NOTHING_LOST,
} from "../evidence/known_count.ts";
import type { UnreadFolder } from "../session/answer_document.ts";
import { type Grouping, GROUPINGS } from "./groupings.ts";
import type { PriceTable } from "./measures/cost.ts";
import { RowCounter, type RowHead } from "./row_counter.ts";
import { headOf, type SessionFigures } from "./session_figures.ts";
import type {
  StatsAnswer,
  StatsBundle,
  StatsBy,
  StatsRow,
} from "./stats_answer.ts";

/** Counts sessions by their figures. */
export interface SessionCounter {
  /** Counts a session. */
  add(figures: SessionFigures): void;
  /** Notes a directory that could not be searched for bundles. */
  addUnread(folder: UnreadFolder): void;
  /** Notes a bundle that could not be read. */
  skip(bundle: string, error: string): void;
  /** The figures of what was added. */
  readonly answer: StatsAnswer;
}

export interface Counted {
  /** What the rows are. */
  readonly by: StatsBy;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices: PriceTable | null;
}

/** Counts sessions by their figures, which are of the same rows. */
export class FigureCounter implements SessionCounter {
  readonly #by: StatsBy;
  readonly #grouping: Grouping;
  readonly #prices: PriceTable | null;
  readonly #rows: Map<string, RowCounter> = new Map();
  readonly #bundles: StatsBundle[] = [];
  readonly #unread: UnreadFolder[] = [];
  readonly #total: RowCounter;
  /** Tool calls that only waited, where figures are counted by tool. */
  readonly #waiting: RowCounter;
  /** What was lost of sessions whose parts are in several rows, which others share. */
  #lostOfAny: LostEvidence = NOTHING_LOST;

  /** Nothing is counted yet. */
  constructor({ by, prices }: Counted) {
    this.#by = by;
    this.#grouping = GROUPINGS[by];
    this.#prices = prices;
    this.#total = new RowCounter(
      headOf("total"),
      GROUPINGS.bundle.parts,
      prices,
    );
    this.#waiting = new RowCounter(
      headOf("waiting"),
      GROUPINGS.tool.parts,
      prices,
    );
  }

  /** Counts a session. */
  add(figures: SessionFigures): void {
    for (const [id, head] of figures.heads) this.#row(this.#keyOf(id), head);
    for (const { group, call, ms } of figures.calls) {
      this.#total.call(call, ms);
      this.#rowOf(group)?.call(call, ms);
    }
    for (const { group, model } of figures.compactions) {
      this.#total.compaction(model);
      this.#rowOf(group)?.compaction(model);
    }
    for (const { group, isFailed, ms, times } of figures.tools) {
      this.#total.tool(isFailed, ms, times);
      this.#rowOf(group)?.tool(isFailed, ms, times);
    }
    const { all: reported, groups } = figures.reported;
    if (reported !== null) this.#total.reported(reported);
    for (const [group, tokens] of groups) {
      this.#rowOf(group)?.reported(tokens);
    }
    for (const { group, call, ms } of figures.carriers) {
      if (group !== null) this.#row(group, headOf(group)).call(call, ms);
    }
    for (const { isFailed, ms, times } of figures.waiting.tools) {
      this.#waiting.ofBundle(this.#bundles.length);
      this.#waiting.tool(isFailed, ms, times);
    }
    for (const { call, ms } of figures.waiting.calls) {
      this.#waiting.call(call, ms);
    }
    for (const { group, ms } of figures.firstTokens) {
      this.#total.firstToken(ms);
      this.#rowOf(group)?.firstToken(ms);
    }
    this.#total.time(figures.time);
    for (const [group, split] of figures.times) this.#rowOf(group)?.time(split);
    this.#addLosses(figures);
    this.#total.ofBundle(this.#bundles.length);
    this.#bundles.push(figures.bundle);
  }

  /** Notes a directory that could not be searched for bundles. */
  addUnread(folder: UnreadFolder): void {
    this.#unread.push(folder);
  }

  /** Notes a bundle that could not be read. */
  skip(bundle: string, error: string): void {
    this.#bundles.push({
      bundle,
      rollout_id: null,
      skipped_events: null,
      error,
    });
  }

  /** The figures of what was added. */
  get answer(): StatsAnswer {
    return {
      by: this.#by,
      bundles: this.#bundles,
      unread: this.#unread,
      rows: inOrder(
        Array.from(this.#rows.values(), ({ row }) => row),
        this.#by,
      ),
      total: this.#total.row,
      waiting: this.#by === "tool" ? this.#waiting.row : null,
      comparison: null,
    };
  }

  /** The figures of a group, whether or not something of it was counted. */
  rowOf(group: string): StatsRow {
    return (this.#rows.get(group) ?? this.#newRow(headOf(group))).row;
  }

  /** Whether there may be more: evidence was lost, or a bundle could not be read. */
  get isMinimum(): boolean {
    return this.#unread.length > 0 || this.#total.lost.any ||
      this.#bundles.some(({ error }) => error !== null);
  }

  #row(key: string, head: RowHead): RowCounter {
    const found = this.#rows.get(key);
    if (found !== undefined) return found;
    const made = this.#newRow(head);
    this.#rows.set(key, made);
    return made;
  }

  /** A row that may lack what any session before it lost, unless it is of one alone. */
  #newRow(head: RowHead): RowCounter {
    const made = new RowCounter(head, this.#grouping.parts, this.#prices);
    made.lose(this.#lostOfAny);
    return made;
  }

  /** The row of a group; of one bundle alone, only where the session has such an object. */
  #rowOf(group: string | null): RowCounter | undefined {
    if (group === null) return undefined;
    const row = this.#grouping.isOwn
      ? this.#rows.get(this.#keyOf(group))
      : this.#row(group, headOf(group));
    row?.ofBundle(this.#bundles.length);
    return row;
  }

  /** Ids may be the same in another bundle. */
  #keyOf(id: string): string {
    return `${this.#bundles.length} ${id}`;
  }

  /** A lost event may be of any group that is not of other sessions alone. */
  #addLosses({ group, lost }: SessionFigures): void {
    this.#total.lose(lost);
    // Which outputs a request carried is in its payload.
    const ofCarriers = { events: lost.any, any: lost.any };
    this.#waiting.lose(ofCarriers);
    if (group !== undefined) {
      this.#rowOf(group)?.lose(lost);
      return;
    }
    const ofRows = this.#by === "tool" ? ofCarriers : lost;
    if (!this.#grouping.isOwn) {
      this.#lostOfAny = bothLost(this.#lostOfAny, ofRows);
    }
    const own = this.#keyOf("");
    for (const [key, row] of this.#rows) {
      if (this.#grouping.isOwn && !key.startsWith(own)) continue;
      row.lose(ofRows);
    }
  }
}

function inOrder(rows: StatsRow[], by: StatsBy): StatsRow[] {
  const countIn = ({ calls, tool_calls }: StatsRow) =>
    (by === "tool" ? tool_calls : calls) ?? 0;
  switch (GROUPINGS[by].order) {
    case "count":
      return rows.sort((a, b) => countIn(b) - countIn(a));
    case "group":
      return rows.sort((a, b) => compareValues(a.group, b.group));
    case "found":
      return rows;
  }
}

/**
 * Tree lines of a timeline: what happened in what, within one thread.
 *
 * @module
 */

import type { TimelineEntry } from "../../../query/timeline/timeline_answer.ts";
import type { EntryRow, Row } from "./rows.ts";

/** The position of a line in the tree. */
export interface Twig {
  /** Lines before the text. */
  readonly branch: string;
  /** The same for continuation lines. */
  readonly below: string;
  /** What it is in, where the lines above do not show that. */
  readonly of: TimelineEntry | null;
}

/** More levels are not drawn deeper. */
const DEEPEST = 8;

/** Draws the tree of the entries of a list of rows. */
export class Nest {
  readonly #entries: ReadonlyMap<number, TimelineEntry>;
  /** The last entry in each, by its number. */
  readonly #lastIn: ReadonlyMap<number, number>;
  /** What the last line of each thread was in, itself included. */
  readonly #shown: Map<string, ReadonlySet<number>> = new Map();

  /** Reads the rows before any is drawn. */
  constructor(rows: readonly Row[]) {
    const entries = new Map<number, TimelineEntry>();
    for (const row of rows) {
      if (row.type === "start") entries.set(row.entry.number, row.entry);
    }
    this.#entries = entries;
    const lastIn = new Map<number, number>();
    for (const entry of entries.values()) {
      const owner = this.#ownerOf(entry);
      if (owner !== undefined) lastIn.set(owner.number, entry.number);
    }
    this.#lastIn = lastIn;
  }

  /** The place of the next row of its thread. To be called in the order of the rows. */
  twig({ type, entry }: EntryRow): Twig {
    const owners = this.#ownersOf(entry);
    const guides = owners.slice(0, -1).map((owner, level) =>
      this.#isLast(owners[level + 1], owner) ? "  " : "│ "
    );
    const [owner] = owners.slice(-1);
    const isLast = owner === undefined || this.#isLast(entry, owner);
    const stem = owner === undefined ? "" : isLast ? "  " : "│ ";
    const before = guides.join("");
    const of = owner !== undefined && this.#isElsewhere(entry, owner)
      ? owner
      : null;
    this.#remember(entry, owners);
    return {
      branch: before +
        (type === "end" || owner === undefined ? stem : isLast ? "└ " : "├ "),
      below: before + stem,
      of: type === "end" ? null : of,
    };
  }

  #isLast(entry: TimelineEntry | undefined, owner: TimelineEntry): boolean {
    return this.#lastIn.get(owner.number) === entry?.number;
  }

  #isElsewhere({ thread }: TimelineEntry, owner: TimelineEntry): boolean {
    return this.#shown.get(thread?.id ?? "")?.has(owner.number) !== true;
  }

  #remember(
    { thread, number }: TimelineEntry,
    owners: readonly TimelineEntry[],
  ): void {
    this.#shown.set(
      thread?.id ?? "",
      new Set([number, ...owners.map((owner) => owner.number)]),
    );
  }

  /** What an entry is in, from the outside to the inside, within its thread. */
  #ownersOf(entry: TimelineEntry): TimelineEntry[] {
    const owners: TimelineEntry[] = [];
    let at = this.#ownerOf(entry);
    while (at !== undefined && owners.length < DEEPEST) {
      owners.unshift(at);
      at = this.#ownerOf(at);
    }
    return owners;
  }

  /** The nearest that is shown and is not a thread. */
  #ownerOf({ parent, thread }: TimelineEntry): TimelineEntry | undefined {
    const owner = this.#entries.get(parent ?? 0);
    const isInThread = owner !== undefined && owner.kind !== "thread" &&
      owner.thread?.id === thread?.id;
    return isInThread ? owner : undefined;
  }
}

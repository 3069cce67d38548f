/**
 * A thread of a generated session: its history, and where it is in its turn.
 *
 * @module
 */

import type { EventPlace } from "./bundle_files.ts";
import { History, type HistoryItem, type ResponsesItem } from "./history.ts";

/** A code cell that goes on while the model does. */
export interface OpenCell {
  readonly runtimeId: string;
  readonly turn: string;
}

/** A turn that runs. */
export interface BenchTurn extends EventPlace {
  /** Requests of the turn so far. */
  calls: number;
}

/** A thread. */
export class BenchThread {
  /** Its UUID. */
  readonly id: string;
  /** Its path in the tree of agents. */
  readonly agentPath: string;
  /** What the next full request sends. */
  readonly history: History = new History();
  /** What the next incremental request sends. */
  pending: HistoryItem[] = [];
  /** What users said. */
  readonly said: HistoryItem[] = [];
  /** Messages of other agents that the next request has to carry. */
  readonly inbox: ResponsesItem[] = [];
  /** Cells whose end is still to come. */
  openCells: OpenCell[] = [];
  /** The instructions and the context, which a compaction keeps. */
  context: HistoryItem[] = [];
  /** The running turn. */
  turn: BenchTurn | undefined;
  /** The response that an incremental request could go on from. */
  previousResponse: string | undefined;
  /** Requests so far, and those still to make. */
  calls = 0;
  left: number;
  /** Code cells so far. */
  cells = 0;
  readonly #sent = new Set<HistoryItem>();

  /** A thread with a number of requests to make. */
  constructor(id: string, agentPath: string, calls: number) {
    this.id = id;
    this.agentPath = agentPath;
    this.left = calls;
  }

  /** Appends to the history. */
  append(item: HistoryItem): void {
    this.history.append(item);
    this.pending.push(item);
  }

  /** Notes what a request sends. */
  send(items: readonly HistoryItem[]): void {
    for (const item of items) this.#sent.add(item);
  }

  /** Notes that the model knows everything so far: it got it, or said it itself. */
  answered(): void {
    this.pending = [];
  }

  /** How many different items its requests sent. */
  get itemsSent(): number {
    return this.#sent.size;
  }
}

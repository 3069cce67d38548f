/**
 * A thread of a generated session: its turn, and its history as requests spell it.
 *
 * @module
 */

import type { EventPlace } from "./bundle_files.ts";

/** A code cell that continues while the model does. */
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
  /** The messages of users. */
  readonly messages: HistoryItem[] = [];
  /** Messages of other agents that the next request has to carry. */
  readonly inbox: ResponsesItem[] = [];
  /** Cells whose end is still to arrive. */
  openCells: OpenCell[] = [];
  /** The instructions and the context, which a compaction keeps. */
  context: HistoryItem[] = [];
  /** The running turn. */
  turn: BenchTurn | undefined;
  /** The response that an incremental request could continue. */
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

  /** Notes that the model knows everything so far: it received or wrote it. */
  answered(): void {
    this.pending = [];
  }

  /** How many different items its requests sent. */
  get itemsSent(): number {
    return this.#sent.size;
  }
}

const utf8 = new TextEncoder();
const SEPARATOR = utf8.encode(",\n");
const INDENT = "    ";

/** An item of the Responses API. */
export interface ResponsesItem {
  readonly type: string;
  readonly id?: string;
  readonly [key: string]: unknown;
}

/** An item with its bytes inside a list. */
export interface HistoryItem {
  readonly item: ResponsesItem;
  /** The item pretty-printed and indented by four, as every list of items holds it. */
  readonly bytes: Uint8Array;
}

/** Renders an item. */
export function historyItem(item: ResponsesItem): HistoryItem {
  const text = JSON.stringify(item, null, 2);
  return {
    item,
    bytes: utf8.encode(INDENT + text.replaceAll("\n", "\n" + INDENT)),
  };
}

/** Joins items as they are between the brackets of a list. */
export function joinItems(items: readonly HistoryItem[]): Uint8Array {
  const history = new History();
  for (const item of items) history.append(item);
  return history.bytes;
}

/** A list of items that mostly grows at its end. */
export class History {
  #items: HistoryItem[] = [];
  #joined = new Uint8Array(1 << 12);
  #length = 0;

  /** The items. */
  get items(): readonly HistoryItem[] {
    return this.#items;
  }

  /** The items as they are in a request. Valid until the next change. */
  get bytes(): Uint8Array {
    return this.#joined.subarray(0, this.#length);
  }

  /** Appends an item. */
  append(item: HistoryItem): void {
    if (this.#items.length > 0) this.#push(SEPARATOR);
    this.#push(item.bytes);
    this.#items.push(item);
  }

  /** Puts other items in the place of all. */
  replace(items: readonly HistoryItem[]): void {
    this.#items = [];
    this.#length = 0;
    for (const item of items) this.append(item);
  }

  #push(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#joined.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.bytes);
      this.#joined = larger;
    }
    this.#joined.set(bytes, this.#length);
    this.#length = needed;
  }
}

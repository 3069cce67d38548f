/**
 * The objects of the graph while it grows: the public shape, open for change, with the indexes
 * that spare the reducer a search.
 *
 * @module
 */

import type {
  CodexTurnId,
  ModelVisibleCallId,
  ThreadId,
} from "../format/ids.ts";
import { compareUtf8 } from "../format/json/utf8_order.ts";
import type { EventType } from "../format/event.ts";
import type { Integer, UnixMs } from "../format/vocabulary.ts";
import type { ConversationItemKind } from "../graph/conversation.ts";
import type { CodeCell, InferenceCall } from "../graph/runtime.ts";
import type { AgentThread, CodexTurn } from "../graph/session.ts";
import {
  ItemHistory,
  type ItemRecord,
  type NormalizedItem,
} from "./conversation/item_record.ts";

/** `T` with its own keys and lists open for change. */
export type Draft<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K];
};

/** What of the envelope the rules look at. */
export interface EventContext {
  readonly seq: Integer;
  readonly at: UnixMs;
  /** The envelope's thread. */
  readonly threadId: ThreadId | null;
  /** The envelope's turn. */
  readonly turnId: CodexTurnId | null;
  readonly eventType: EventType;
  /** Line of the event in the log. */
  readonly line: number;
  /** Whether the event's line ends with a line feed, as a completely written one does. */
  readonly lineEnded: boolean;
}

/** A request to a model. */
export interface InferenceRecord {
  readonly call: Draft<InferenceCall>;
  /** Its request, as a list of records. */
  request: ItemHistory;
  /** Its stored response, as records. */
  response: ItemRecord[];
  /** Whether the payload of the request itself is partial; no matter what stood in for it. */
  readonly isRequestPartial: boolean;
  /** Whether the payload of the last response is partial. */
  isResponsePartial: boolean;
}

/** The last full request of a thread, normalised: what a new request is told against. */
export interface RequestView {
  /** Normalised items, one for each element that is an item at all. */
  items: NormalizedItem[];
  /** Indexes of elements that are no items, ascending. */
  skipped: number[];
  /** The items the request was reduced to. */
  history: ItemHistory;
  /** Index of the first volatile item, `Infinity` when there is none. */
  firstVolatile: number;
  /** Ids of the parts that were missing of the payload it was read from, in order. */
  missingParts: string;
  /** Whether any of its elements has what may be the marker of a missing part. */
  looksMarked: boolean;
}

/** Calls that answered with the same response id. Nearly always one. */
export class CallsOfResponse {
  readonly #calls: Set<InferenceRecord> = new Set();
  #first: InferenceRecord | undefined;

  /** Adds a call. */
  add(call: InferenceRecord): void {
    // Not known which is first, and not alone: the next question finds out.
    const isFirst = this.#first === undefined
      ? this.#calls.size === 0
      : isBefore(call, this.#first);
    this.#calls.add(call);
    if (isFirst) this.#first = call;
  }

  /** Removes a call, which got another response id. */
  delete(call: InferenceRecord): void {
    this.#calls.delete(call);
    if (this.#first === call) this.#first = undefined;
  }

  /** The call whose id is first in byte order. */
  first(): InferenceRecord | undefined {
    if (this.#first === undefined) {
      for (const call of this.#calls) {
        if (this.#first === undefined || isBefore(call, this.#first)) {
          this.#first = call;
        }
      }
    }
    return this.#first;
  }
}

function isBefore(a: InferenceRecord, b: InferenceRecord): boolean {
  return compareUtf8(a.call.inference_call_id, b.call.inference_call_id) < 0;
}

/** When Codex took a Responses item into a thread's history. */
export interface Acceptance {
  readonly at: UnixMs;
  readonly seq: Integer;
}

/** A thread. */
export class ThreadRecord {
  /** The thread as the graph shows it; its item ids are filled in at the end. */
  readonly thread: Draft<AgentThread>;
  /** The items the model saw last. */
  snapshot: ItemHistory = new ItemHistory();
  /** The list of the last installed compaction, until a full request takes it up. */
  replacement: ItemHistory | null = null;
  /** The last full request; null before the first, and after a fault in one. */
  view: RequestView | null = null;
  /** The call whose response may still extend the snapshot. Schema 2. */
  currentCall: InferenceRecord | null = null;
  /** All items of the thread, in order of creation; their order in the thread is `place`. */
  readonly items: ItemRecord[] = [];
  /** Whether the order in the thread is no longer that of creation. */
  isReordered = false;
  readonly itemsByCallId: Map<ModelVisibleCallId, ItemRecord[]> = new Map();
  /** What the first item of a kind with a call id says. */
  readonly callContent: Map<
    ConversationItemKind,
    Map<ModelVisibleCallId, number>
  > = new Map();
  readonly itemsByResponsesId: Map<string, ItemRecord[]> = new Map();
  readonly acceptances: Map<string, Acceptance> = new Map();
  /** Items that exist by a receipt and that no list showed yet, by Responses id. */
  readonly unseenReceipts: Map<string, ItemRecord> = new Map();
  /** The calls that answered with a response id. */
  readonly callByResponseId: Map<string, CallsOfResponse> = new Map();
  /** Items for which something changed since they were last sighted. */
  readonly lookAgain: Set<ItemRecord> = new Set();

  /** Wraps a thread that just began. */
  constructor(thread: Draft<AgentThread>) {
    this.thread = thread;
  }
}

/** A turn. */
export class TurnRecord {
  /** The turn as the graph shows it. */
  readonly turn: Draft<CodexTurn>;
  /** Calls of the turn that did not end yet. */
  readonly runningCalls: Set<InferenceRecord> = new Set();
  /** Cells of the turn whose execution is running. */
  readonly runningCells: Set<Draft<CodeCell>> = new Set();

  /** Wraps a turn that just began. */
  constructor(turn: Draft<CodexTurn>) {
    this.turn = turn;
  }
}

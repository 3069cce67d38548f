/**
 * The objects of the graph while it grows: the public shape, open for change, with the indexes
 * that spare the reducer a search.
 *
 * @module
 */

import type { EventType } from "../../format/event.ts";
import type {
  CodexTurnId,
  ModelVisibleCallId,
  ThreadId,
} from "../../format/ids.ts";
import { compareUtf8 } from "../../format/json/utf8_order.ts";
import type {
  ExecutionStatus,
  Integer,
  UnixMs,
} from "../../format/vocabulary.ts";
import type { ConversationItemKind } from "../../graph/conversation.ts";
import type { CodeCell } from "../../graph/runtime.ts";
import type {
  AgentThread,
  CodexTurn,
  ExecutionWindow,
} from "../../graph/session.ts";
import type { NormalizedItem } from "../items/content_class.ts";
import {
  type InferenceRecord,
  ItemHistory,
  type ItemRecord,
  type Mutable,
} from "./item_record.ts";

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

/** The last full request of a thread, normalized: what a new request is told against. */
export interface SharedRequest {
  /** Normalized items, one for each element that is an item at all. */
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
  mayHaveMarkers: boolean;
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
  readonly thread: Mutable<AgentThread>;
  /** The items the model saw last. */
  snapshot: ItemHistory = new ItemHistory();
  /** The list of the last installed compaction, until a full request takes it up. */
  replacement: ItemHistory | null = null;
  /** The last full request; null before the first, and after a fault in one. */
  sharedRequest: SharedRequest | null = null;
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
  /** Items for which something changed since they were last observed. */
  readonly markedForRelink: Set<ItemRecord> = new Set();

  /** Wraps a thread that just began. */
  constructor(thread: Mutable<AgentThread>) {
    this.thread = thread;
  }
}

/** A turn. */
export class TurnRecord {
  /** The turn as the graph shows it. */
  readonly turn: Mutable<CodexTurn>;
  /** Calls of the turn that did not end yet. */
  readonly runningCalls: Set<InferenceRecord> = new Set();
  /** Cells of the turn whose execution is running. */
  readonly runningCells: Set<Mutable<CodeCell>> = new Set();

  /** Wraps a turn that just began. */
  constructor(turn: Mutable<CodexTurn>) {
    this.turn = turn;
  }
}

/** A window that begins with an event. */
export function startWindow(context: EventContext): ExecutionWindow {
  return {
    started_at_unix_ms: context.at,
    started_seq: context.seq,
    ended_at_unix_ms: null,
    ended_seq: null,
    status: "running",
  };
}

/** Ends a window with an event; an earlier end is overwritten. */
export function endWindow(
  window: ExecutionWindow,
  context: EventContext,
  status: ExecutionStatus,
): void {
  window.ended_at_unix_ms = context.at;
  window.ended_seq = context.seq;
  window.status = status;
}

/** Up to this length a search is as fast. */
const LINEAR_SCAN_LIMIT = 16;

/** Adds to lists. A list that it was once given must not be changed by anybody else. */
export class UniqueIds {
  readonly #known: WeakMap<readonly string[], Set<string>> = new WeakMap();

  /** Adds an id to a list unless it is there already. */
  push(list: string[], id: string): void {
    if (list.length <= LINEAR_SCAN_LIMIT) {
      if (!list.includes(id)) list.push(id);
      return;
    }
    let known = this.#known.get(list);
    if (known === undefined) this.#known.set(list, known = new Set(list));
    if (known.has(id)) return;
    known.add(id);
    list.push(id);
  }
}

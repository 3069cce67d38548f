/**
 * Threads and turns while the graph is built: the object of the graph, and indexes for the reducer.
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
import { LazyMap, LazySet } from "./lazy_index.ts";

/** Applies a change that was checked before. It cannot fail. */
export type Commit = () => void;

/** The fields of the envelope that the rules need. */
export interface EventContext {
  readonly seq: Integer;
  readonly at: UnixMs;
  /** Thread of the envelope. */
  readonly threadId: ThreadId | null;
  /** Turn of the envelope. */
  readonly turnId: CodexTurnId | null;
  readonly eventType: EventType;
  /** Line of the event in the log. */
  readonly line: number;
  /** Whether the line ends with a line feed: only then it was written completely. */
  readonly lineEnded: boolean;
}

/** The last full request of a thread, normalized. The next request is diffed against it. */
export interface SharedRequest {
  /** Normalized items, one for each element that is an item. */
  items: NormalizedItem[];
  /** Indexes of elements that are not items, ascending. */
  skipped: number[];
  /** The items of the request in the graph. */
  history: ItemHistory;
  /** Index of the first volatile item, `Infinity` when there is none. */
  firstVolatile: number;
  /** Ids of the missing parts of its payload, as {@linkcode PartMarkers.key}. */
  missingParts: string;
  /** Whether any element has a value that may be the marker of a missing part. */
  mayHaveMarkers: boolean;
}

/** The LLM requests with the same response id: nearly always one. */
export class CallsOfResponse {
  readonly #calls: Set<InferenceRecord> = new Set();
  #first: InferenceRecord | undefined;

  /** Adds an LLM request. */
  add(call: InferenceRecord): void {
    // If the first one is unknown and there are others, first() finds it when it is needed.
    const isFirst = this.#first === undefined
      ? this.#calls.size === 0
      : isBefore(call, this.#first);
    this.#calls.add(call);
    if (isFirst) this.#first = call;
  }

  /** Removes an LLM request that has another response id now. */
  delete(call: InferenceRecord): void {
    this.#calls.delete(call);
    if (this.#first === call) this.#first = undefined;
  }

  /** Returns the LLM request with the first id in byte order. */
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

/** When Codex accepted a Responses item into the history of a thread. */
export interface Acceptance {
  readonly at: UnixMs;
  readonly seq: Integer;
}

export class ThreadRecord {
  /** The thread in the graph; its item ids are set at the end. */
  readonly thread: Mutable<AgentThread>;
  /** Whether its start is not in the log, so that its path is unknown. */
  lacksPath = false;
  /** The last list of items that the model saw. */
  snapshot: ItemHistory = new ItemHistory();
  /** The list of the last installed compaction, until the next full request. */
  replacement: ItemHistory | null = null;
  /** The last full request; null before the first one, and after a request with a fault. */
  sharedRequest: SharedRequest | null = null;
  /** The LLM request whose response may still extend the snapshot. Since schema 2. */
  currentCall: InferenceRecord | null = null;
  /** All items of the thread in order of creation; `position` is their order in the thread. */
  readonly items: ItemRecord[] = [];
  /** Whether the order in the thread differs from the order of creation. */
  isReordered = false;
  readonly itemsByCallId: LazyMap<ModelVisibleCallId, ItemRecord[]> =
    new LazyMap();
  /** Content class of the first item of each kind and call id. */
  readonly callContent: LazyMap<
    ConversationItemKind,
    Map<ModelVisibleCallId, number>
  > = new LazyMap();
  /** Call ids that were used for more than one call, as far as a tolerant reduction knows. */
  readonly reusedCallIds: LazySet<ModelVisibleCallId> = new LazySet();
  readonly itemsByResponsesId: LazyMap<string, ItemRecord[]> = new LazyMap();
  readonly acceptances: LazyMap<string, Acceptance> = new LazyMap();
  /** Items that a receipt created and no list has shown yet, by Responses id. */
  readonly unseenReceipts: LazyMap<string, ItemRecord> = new LazyMap();
  /** The LLM requests by response id. */
  readonly callByResponseId: LazyMap<string, CallsOfResponse> = new LazyMap();
  /** Items to be linked again, because something changed since a list showed them. */
  readonly markedForRelink: LazySet<ItemRecord> = new LazySet();

  /** Wraps a thread that just started. */
  constructor(thread: Mutable<AgentThread>) {
    this.thread = thread;
  }
}

export class TurnRecord {
  /** The turn in the graph. */
  readonly turn: Mutable<CodexTurn>;
  /** How often events were lost before it started, see `ReducerState.lostEvents`. */
  readonly lostBefore: number;
  /** LLM requests of the turn that still run. */
  readonly runningCalls: LazySet<InferenceRecord> = new LazySet();
  /** Cells of the turn that still run. */
  readonly runningCells: LazySet<Mutable<CodeCell>> = new LazySet();

  /** Wraps a turn that just started. */
  constructor(turn: Mutable<CodexTurn>, lostBefore = 0) {
    this.turn = turn;
    this.lostBefore = lostBefore;
  }
}

/** Returns an execution window that starts with an event. */
export function startWindow(context: EventContext): ExecutionWindow {
  return {
    started_at_unix_ms: context.at,
    started_seq: context.seq,
    ended_at_unix_ms: null,
    ended_seq: null,
    status: "running",
  };
}

/** Ends an execution window with an event; an earlier end is overwritten. */
export function endWindow(
  window: ExecutionWindow,
  context: EventContext,
  status: ExecutionStatus,
): void {
  window.ended_at_unix_ms = context.at;
  window.ended_seq = context.seq;
  window.status = status;
}

/** Maximum length of a list for which a search is as fast as a set. */
const LINEAR_SCAN_LIMIT = 16;

/** Adds ids to lists without repeating them. Only this class may change such a list. */
export class UniqueIds {
  readonly #known: WeakMap<readonly string[], Set<string>> = new WeakMap();

  /** Adds an id to a list if it is missing. */
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

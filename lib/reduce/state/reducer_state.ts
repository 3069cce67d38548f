/**
 * The graph while it is built, with every index. It is the only place that creates items.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import {
  type CodexTurnId,
  type CompactionId,
  type CompactionRequestId,
  type ConversationItemId,
  conversationItemId,
  type InferenceCallId,
  type ModelVisibleCallId,
  type ThreadId,
} from "../../format/ids.ts";
import type { TraceBundleManifest } from "../../format/manifest.ts";
import {
  isComplete,
  isMissing,
  type PayloadDocument,
  type PayloadSource,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type { RolloutStatus, UnixMs } from "../../format/vocabulary.ts";
import type {
  ConversationItem,
  ConversationItemKind,
  ProducerRef,
} from "../../graph/conversation.ts";
import type { Compaction, CompactionRequest } from "../../graph/runtime.ts";
import { FaultHandler } from "../fault_handler.ts";
import { ContentClasses, type NormalizedItem } from "../items/content_class.ts";
import type { ReduceRules } from "../rules.ts";
import { CodeCellTable } from "./code_cell_table.ts";
import { EdgeTable } from "./edge_table.ts";
import {
  type InferenceRecord,
  ItemRecord,
  type Mutable,
} from "./item_record.ts";
import { RawPayloadTable } from "./raw_payload_table.ts";
import {
  type EventContext,
  type ThreadRecord,
  type TurnRecord,
  UniqueIds,
} from "./records.ts";
import { TerminalTable } from "./terminal_table.ts";
import { ToolTable } from "./tool_table.ts";

/** What a new item is created with besides its content. */
export interface NewItem {
  readonly thread: ThreadRecord;
  readonly turnId: CodexTurnId | null;
  readonly at: UnixMs;
  readonly producers: readonly ProducerRef[];
}

/** The state of a reduction: every event changes it. */
export class ReducerState {
  readonly rules: ReduceRules;
  readonly payloads: PayloadSource;
  readonly faults: FaultHandler;
  readonly classes: ContentClasses = new ContentClasses();
  readonly uniqueIds: UniqueIds = new UniqueIds();

  traceId: string;
  readonly rolloutId: string;
  rootThreadId: ThreadId;
  readonly startedAt: UnixMs;
  endedAt: UnixMs | null = null;
  status: RolloutStatus = "running";
  recordingComplete = false;

  readonly threads: Map<ThreadId, ThreadRecord> = new Map();
  readonly turns: Map<CodexTurnId, TurnRecord> = new Map();
  /** Ids of turns that were not recorded here but have events here. */
  readonly untracedTurns: Set<CodexTurnId> = new Set();
  readonly items: Map<ConversationItemId, ConversationItem> = new Map();
  readonly inferences: Map<InferenceCallId, InferenceRecord> = new Map();
  readonly compactions: Map<CompactionId, Compaction> = new Map();
  readonly compactionRequests: Map<
    CompactionRequestId,
    Mutable<CompactionRequest>
  > = new Map();
  readonly requestsOfCompaction: Map<CompactionId, CompactionRequestId[]> =
    new Map();
  readonly rawPayloads: RawPayloadTable;
  readonly tools: ToolTable = new ToolTable();
  readonly cells: CodeCellTable = new CodeCellTable();
  readonly terminals: TerminalTable = new TerminalTable();
  readonly edges: EdgeTable;

  /** Returns whether any evidence before the current event is known to be lost. */
  logHasGaps: () => boolean = () => false;
  /** Returns how many times events of the log were found lost before the current event. */
  lostEvents: () => number = () => 0;
  /** Paths of agents that results of calls name: the start of an agent may be lost. */
  readonly namedPaths: Map<ThreadId, string> = new Map();
  /** Items with an unknown turn that were created after evidence was lost. */
  readonly itemsOfUnknownTurns: Set<ItemRecord> = new Set();

  /** Items of all threads by call id, in order of creation. */
  readonly #itemsByCallId: Map<ModelVisibleCallId, ItemRecord[]> = new Map();
  #listNumber = 0;

  /** Creates an empty graph with the ids of the manifest. */
  constructor(
    manifest: TraceBundleManifest,
    rules: ReduceRules,
    payloads: PayloadSource,
    faults: FaultHandler = new FaultHandler(),
  ) {
    this.rules = rules;
    this.payloads = payloads;
    this.faults = faults;
    this.rawPayloads = new RawPayloadTable(rules, payloads);
    this.edges = new EdgeTable(rules);
    this.traceId = manifest.trace_id;
    this.rolloutId = manifest.rollout_id;
    this.rootThreadId = manifest.root_thread_id;
    this.startedAt = manifest.started_at_unix_ms;
  }

  /**
   * Returns the thread of that id.
   *
   * @throws {ReplayError} If it was never started.
   */
  thread(id: ThreadId): ThreadRecord {
    const record = this.threads.get(id);
    if (record !== undefined) return record;
    throw new ReplayError(
      "unknown_thread",
      `thread ${quote(id)} was never started`,
      {
        thread_id: id,
      },
    );
  }

  /**
   * Returns the turn of that id.
   *
   * @throws {ReplayError} If it was never started.
   */
  turn(id: CodexTurnId): TurnRecord {
    const record = this.turns.get(id);
    if (record !== undefined) return record;
    throw new ReplayError(
      "unknown_turn",
      `turn ${quote(id)} was never started`,
      {
        codex_turn_id: id,
      },
    );
  }

  /**
   * Returns the turn of that id.
   *
   * @throws {ReplayError} If it was never started, or belongs to another thread.
   */
  turnOf(id: CodexTurnId, threadId: ThreadId): TurnRecord {
    const record = this.turn(id);
    const owner = record.turn.thread_id;
    if (owner === threadId) return record;
    throw new ReplayError(
      "thread_mismatch",
      `turn ${quote(id)} belongs to thread ${quote(owner)}, not ${
        quote(threadId)
      }`,
      { codex_turn_id: id, thread_id: threadId, owner_thread_id: owner },
    );
  }

  /**
   * Returns the thread of an event: the envelope's, else that of the envelope's turn.
   *
   * @throws {ReplayError} If the envelope names neither, if one of them was never started, or if
   * the turn belongs to another thread.
   */
  threadOfEvent(context: EventContext): ThreadRecord {
    const { threadId, turnId } = context;
    if (threadId === null && turnId === null) {
      throw new ReplayError(
        "missing_context",
        "the event names neither a thread nor a turn",
      );
    }
    if (threadId === null) {
      return this.thread(this.turn(turnId ?? "").turn.thread_id);
    }
    const thread = this.thread(threadId);
    if (turnId !== null) this.turnOf(turnId, threadId);
    return thread;
  }

  /** Returns the items of all threads that have a call id, in order of creation. */
  itemsWithCallId(callId: ModelVisibleCallId): readonly ItemRecord[] {
    return this.#itemsByCallId.get(callId) ?? [];
  }

  /**
   * Returns the items of a thread with a call id and a passing kind, in the order of the schema.
   */
  itemsInCall(
    thread: ThreadRecord,
    callId: ModelVisibleCallId,
    passes: (kind: ConversationItemKind) => boolean,
  ): ItemRecord[] {
    const records = thread.itemsByCallId.get(callId) ?? [];
    const found = records.filter((record) => passes(record.item.kind));
    if (found.length < 2) return found;
    if (this.rules.findsItemsByIdText) {
      return found.sort((a, b) => a.item.item_id < b.item.item_id ? -1 : 1);
    }
    return thread.isReordered
      ? found.sort((a, b) => a.position - b.position)
      : found;
  }

  /**
   * Returns a payload that is needed completely; `null` when it was not recorded.
   *
   * @throws {ReplayError} If a part of it was truncated or omitted.
   */
  openComplete(ref: RawPayloadRef): PayloadDocument | null {
    if (isMissing(ref)) return null;
    if (isComplete(ref)) return this.payloads.open(ref);
    throw new ReplayError(
      "partial_payload",
      `a part of payload ${
        quote(ref.raw_payload_id)
      } was not recorded completely`,
      { raw_payload_id: ref.raw_payload_id },
    );
  }

  /** Returns a new id for a list of items; the items that it matches are marked with it. */
  nextListId(): number {
    return ++this.#listNumber;
  }

  /** Creates an item and adds it to every index. */
  createItem(content: NormalizedItem, from: NewItem): ItemRecord {
    const { thread } = from;
    const ordinal = this.items.size + 1;
    const record = new ItemRecord(
      {
        item_id: conversationItemId(ordinal),
        thread_id: thread.thread.thread_id,
        codex_turn_id: from.turnId,
        first_seen_at_unix_ms: from.at,
        role: content.role,
        channel: content.channel,
        kind: content.kind,
        ...(content.agentMessage === null
          ? {}
          : { agent_message: content.agentMessage }),
        body: { parts: content.parts },
        call_id: content.callId,
        produced_by: [...from.producers],
      },
      ordinal,
      content.contentClass,
    );
    this.items.set(record.item.item_id, record.item);
    thread.items.push(record);
    if (content.callId !== null && thread.reusedCallIds.has(content.callId)) {
      record.hasReusedCallId = true;
    } else if (content.callId !== null) {
      this.#indexCallId(record, content.callId, thread);
    }
    if (content.responsesId !== null) {
      this.identifyItem(record, content.responsesId, thread);
    }
    this.edges.itemCreated(record);
    return record;
  }

  /** Sets the Responses id of an item, and the acceptance that was recorded under that id. */
  identifyItem(record: ItemRecord, id: string, thread: ThreadRecord): void {
    record.item.responses_item_id = id;
    const known = thread.itemsByResponsesId.get(id);
    if (known === undefined) thread.itemsByResponsesId.set(id, [record]);
    else known.push(record);
    const acceptance = thread.acceptances.get(id);
    if (acceptance === undefined) return;
    record.item.accepted_at_unix_ms = acceptance.at;
    record.item.accepted_seq = acceptance.seq;
    record.visible = true;
  }

  #indexCallId(
    record: ItemRecord,
    callId: ModelVisibleCallId,
    thread: ThreadRecord,
  ): void {
    for (const index of [thread.itemsByCallId, this.#itemsByCallId]) {
      const known = index.get(callId);
      if (known === undefined) index.set(callId, [record]);
      else known.push(record);
    }
    const { kind } = record.item;
    let contents = thread.callContent.get(kind);
    if (contents === undefined) {
      thread.callContent.set(kind, contents = new Map());
    }
    if (!contents.has(callId)) contents.set(callId, record.contentClass);
  }

  /** Marks an item to be linked again by the next request that repeats it. */
  markForRelink(record: ItemRecord): void {
    this.threads.get(record.item.thread_id)?.markedForRelink.add(record);
  }
}

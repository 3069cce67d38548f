/**
 * The graph while it grows, with every index. All mutation of items goes through here.
 *
 * @module
 */

import { quote, ReplayError } from "../errors.ts";
import {
  type CodexTurnId,
  type CompactionId,
  type CompactionRequestId,
  type ConversationItemId,
  conversationItemId,
  type InferenceCallId,
  type ModelVisibleCallId,
  type ThreadId,
} from "../format/ids.ts";
import type { TraceBundleManifest } from "../format/manifest.ts";
import {
  isMissing,
  isWhole,
  type PayloadDocument,
  type PayloadSource,
  type RawPayloadRef,
} from "../format/payload.ts";
import type { RolloutStatus, UnixMs } from "../format/vocabulary.ts";
import type { ConversationItem, ProducerRef } from "../graph/conversation.ts";
import type { Compaction, CompactionRequest } from "../graph/runtime.ts";
import { CodeCellTable } from "./runtime/code_cell_table.ts";
import { ContentClasses } from "./conversation/content_class.ts";
import { EdgeTable } from "./agents/edge_table.ts";
import { ItemRecord, type NormalizedItem } from "./conversation/item_record.ts";
import type {
  Draft,
  EventContext,
  InferenceRecord,
  ThreadRecord,
  TurnRecord,
} from "./records.ts";
import { Problems } from "./problems.ts";
import { RawPayloadTable } from "./raw_payloads.ts";
import type { ReduceRules } from "./rules.ts";
import { TerminalTable } from "./runtime/terminal_table.ts";
import { ToolTable } from "./runtime/tool_table.ts";
import { UniqueIds } from "./unique_ids.ts";

/** What a new item is created with. */
export interface NewItem {
  readonly thread: ThreadRecord;
  readonly turnId: CodexTurnId | null;
  readonly at: UnixMs;
  readonly producers: readonly ProducerRef[];
}

/** The reducer's memory: what `reduceTrace` folds the events into. */
export class ReducerState {
  readonly rules: ReduceRules;
  readonly payloads: PayloadSource;
  readonly problems: Problems;
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
  /** Turns of sessions that were not recorded here, known from what ran in them. */
  readonly untracedTurns: Set<CodexTurnId> = new Set();
  readonly items: Map<ConversationItemId, ConversationItem> = new Map();
  readonly inferences: Map<InferenceCallId, InferenceRecord> = new Map();
  readonly compactions: Map<CompactionId, Compaction> = new Map();
  readonly compactionRequests: Map<
    CompactionRequestId,
    Draft<CompactionRequest>
  > = new Map();
  /** Requests of each compaction. */
  readonly requestsOfCompaction: Map<CompactionId, CompactionRequestId[]> =
    new Map();
  readonly rawPayloads: RawPayloadTable;
  readonly tools: ToolTable = new ToolTable();
  readonly cells: CodeCellTable = new CodeCellTable();
  readonly terminals: TerminalTable = new TerminalTable();
  readonly edges: EdgeTable;

  /** Whether any evidence so far is known to be lost. */
  hasGaps: () => boolean = () => false;
  /** Items whose turn was unknown when evidence had been lost already. */
  readonly doubtful: Set<ItemRecord> = new Set();

  /** Items of the whole rollout that carry a call id, in order of creation. */
  readonly #itemsByCallId: Map<ModelVisibleCallId, ItemRecord[]> = new Map();
  #listNumber = 0;

  /** An empty graph with the manifest's ids. */
  constructor(
    manifest: TraceBundleManifest,
    rules: ReduceRules,
    payloads: PayloadSource,
    problems: Problems = new Problems(),
  ) {
    this.rules = rules;
    this.payloads = payloads;
    this.problems = problems;
    this.rawPayloads = new RawPayloadTable(rules, payloads);
    this.edges = new EdgeTable(rules);
    this.traceId = manifest.trace_id;
    this.rolloutId = manifest.rollout_id;
    this.rootThreadId = manifest.root_thread_id;
    this.startedAt = manifest.started_at_unix_ms;
  }

  /** A thread that must exist. */
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

  /** A turn that must exist. */
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

  /** A turn that must exist and belong to `threadId`. */
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
   * The thread an event belongs to: the envelope's, else that of the envelope's turn. Both
   * must exist and agree where both are given.
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

  /** Items with a call id in the whole rollout, in order of creation. */
  itemsWithCallId(callId: ModelVisibleCallId): readonly ItemRecord[] {
    return this.#itemsByCallId.get(callId) ?? [];
  }

  /**
   * A payload that is interpreted without its parts being looked at one by one; `null` when it was
   * not recorded.
   *
   * @throws {ReplayError} If a part of it was not recorded.
   */
  openWhole(ref: RawPayloadRef): PayloadDocument | null {
    if (isMissing(ref)) return null;
    if (isWhole(ref)) return this.payloads.open(ref);
    throw new ReplayError(
      "partial_payload",
      `a part of payload ${quote(ref.raw_payload_id)} was not recorded whole`,
      { raw_payload_id: ref.raw_payload_id },
    );
  }

  /** A number for a list about to be reconciled; items it takes are stamped with it. */
  nextListNumber(): number {
    return ++this.#listNumber;
  }

  /** Creates an item and enters it into every index. */
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
    if (content.callId !== null) {
      this.#indexCallId(record, content.callId, thread);
    }
    if (content.responsesId !== null) {
      this.identifyItem(record, content.responsesId, thread);
    }
    this.edges.itemCreated(record);
    return record;
  }

  /** Gives an item its Responses id, and with it what was accepted under that id. */
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

  /** Marks an item to be sighted again although a request merely repeats it. */
  lookAgain(record: ItemRecord): void {
    this.threads.get(record.item.thread_id)?.lookAgain.add(record);
  }
}

/**
 * Code cells while the graph grows: those that started, those that wait for their source item,
 * and the names the runtime gave them.
 *
 * @module
 */

import type {
  CodeCellId,
  CodexTurnId,
  ModelVisibleCallId,
  RawPayloadId,
  RuntimeCellId,
  ThreadId,
  ToolCallId,
} from "../../format/ids.ts";
import type {
  CodeCellRuntimeStatus,
  Integer,
  UnixMs,
} from "../../format/vocabulary.ts";
import type { CodeCell } from "../../graph/runtime.ts";
import type { ItemRecord, Mutable } from "./item_record.ts";
import type { ThreadRecord, TurnRecord } from "./records.ts";

/** The start of a cell, as the event tells it. */
export interface CellStart {
  readonly codeCellId: CodeCellId;
  readonly runtimeCellId: RuntimeCellId;
  readonly callId: ModelVisibleCallId;
  readonly sourceJs: string;
  readonly threadId: ThreadId;
  readonly turnId: CodexTurnId | null;
  readonly seq: Integer;
  readonly at: UnixMs;
  /** Line of the event in the log. */
  readonly line: number;
}

/** What a runtime tells of a cell after its start. */
export interface CellReport {
  readonly type: "initial_response" | "end";
  readonly runtimeCellId: RuntimeCellId;
  readonly status: CodeCellRuntimeStatus;
  readonly payloadId: RawPayloadId | null;
  readonly seq: Integer;
  readonly at: UnixMs;
}

/** A cell that ran before the graph held the item that targets for it. */
export interface QueuedCell {
  readonly start: CellStart;
  /** What came since, in order. */
  readonly reports: CellReport[];
  /** Tool calls that wait for the cell already, in order of arrival. */
  readonly waitToolCallIds: ToolCallId[];
}

/** A cell with what only the reducer needs to know of it. */
export class CellRecord {
  /** The cell as the graph shows it. */
  readonly cell: Mutable<CodeCell>;
  readonly thread: ThreadRecord;
  readonly turn: TurnRecord;
  /** Records of `output_item_ids`. */
  readonly outputItems: Set<ItemRecord> = new Set();

  /** Wraps a cell that just began. */
  constructor(cell: Mutable<CodeCell>, thread: ThreadRecord, turn: TurnRecord) {
    this.cell = cell;
    this.thread = thread;
    this.turn = turn;
  }
}

/** Every code cell of the rollout. */
export class CodeCellTable {
  readonly #cells: Map<CodeCellId, CodeCell> = new Map();
  readonly #records: Map<CodeCellId, CellRecord> = new Map();
  readonly #byCallId: Map<ModelVisibleCallId, CellRecord> = new Map();
  readonly #queued: Map<CodeCellId, QueuedCell> = new Map();
  readonly #queuedByCallId: Map<ModelVisibleCallId, QueuedCell> = new Map();
  readonly #ready: Set<QueuedCell> = new Set();
  readonly #byRuntimeId: Map<ThreadId, Map<RuntimeCellId, CodeCellId>> =
    new Map();

  /** The cells as the graph shows them. */
  get graph(): ReadonlyMap<CodeCellId, CodeCell> {
    return this.#cells;
  }

  /** The started cell of that id. */
  get(id: CodeCellId): CellRecord | undefined {
    return this.#records.get(id);
  }

  /** The started cell that the model targets for by `callId`. */
  byCallId(callId: ModelVisibleCallId): CellRecord | undefined {
    return this.#byCallId.get(callId);
  }

  /** The waiting cell of that id. */
  queued(id: CodeCellId): QueuedCell | undefined {
    return this.#queued.get(id);
  }

  /** The cell that the runtime of a thread calls `runtimeId`, started or not. */
  idByRuntimeId(
    thread: ThreadId,
    runtimeId: RuntimeCellId,
  ): CodeCellId | undefined {
    return this.#byRuntimeId.get(thread)?.get(runtimeId);
  }

  /** Forgets the runtime ids of a thread, whose runtime is a new one; the cells stay. */
  forgetRuntimeIds(thread: ThreadId): void {
    this.#byRuntimeId.delete(thread);
  }

  /** Notes what the runtime of a thread calls a cell. */
  nameRuntimeId(
    thread: ThreadId,
    runtimeId: RuntimeCellId,
    cell: CodeCellId,
  ): void {
    let names = this.#byRuntimeId.get(thread);
    if (names === undefined) {
      this.#byRuntimeId.set(thread, names = new Map());
    }
    names.set(runtimeId, cell);
  }

  /** Enters a started cell; it no longer waits. */
  add(record: CellRecord): void {
    const { cell } = record;
    this.#cells.set(cell.code_cell_id, cell);
    this.#records.set(cell.code_cell_id, record);
    this.#byCallId.set(cell.model_visible_call_id, record);
  }

  /** Lets a cell wait for its source item. */
  enqueue(start: CellStart): void {
    const queued: QueuedCell = { start, reports: [], waitToolCallIds: [] };
    this.#queued.set(start.codeCellId, queued);
    this.#queuedByCallId.set(start.callId, queued);
  }

  /** Takes a cell out of the queue. */
  dequeue(queued: QueuedCell): void {
    this.#queued.delete(queued.start.codeCellId);
    this.#queuedByCallId.delete(queued.start.callId);
    this.#ready.delete(queued);
  }

  /** Notes that the item which a waiting cell may stem from exists now. */
  sourceObserved(callId: ModelVisibleCallId, thread: ThreadId): void {
    const queued = this.#queuedByCallId.get(callId);
    if (queued?.start.threadId === thread) this.#ready.add(queued);
  }

  /** Whether any waiting cell can start. */
  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** The waiting cells whose source item exists, in no order. */
  ready(): QueuedCell[] {
    return [...this.#ready];
  }
}

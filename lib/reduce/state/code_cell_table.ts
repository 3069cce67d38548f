/**
 * The code cells: those that started, those that are queued until their source item exists, and
 * the ids that the runtime uses for them.
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

/** The start of a cell, as the event records it. */
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

/** What the runtime reports about a cell after its start. */
export interface CellReport {
  readonly type: "initial_response" | "end";
  readonly runtimeCellId: RuntimeCellId;
  readonly status: CodeCellRuntimeStatus;
  readonly payloadId: RawPayloadId | null;
  readonly seq: Integer;
  readonly at: UnixMs;
}

/** A cell that ran before the graph had the item that requested it. */
export interface QueuedCell {
  readonly start: CellStart;
  /** Later reports, in order of arrival. */
  readonly reports: CellReport[];
  /** Tool calls that already wait for the cell, in order of arrival. */
  readonly waitToolCallIds: ToolCallId[];
}

/** A cell, with data that only the reducer needs. */
export class CellRecord {
  /** The cell in the graph. */
  readonly cell: Mutable<CodeCell>;
  readonly thread: ThreadRecord;
  readonly turn: TurnRecord;
  /** Records of `output_item_ids`. */
  readonly outputItems: Set<ItemRecord> = new Set();

  /** Wraps a cell that just started. */
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

  get graph(): ReadonlyMap<CodeCellId, CodeCell> {
    return this.#cells;
  }

  /** Returns the started cell of that id. */
  get(id: CodeCellId): CellRecord | undefined {
    return this.#records.get(id);
  }

  /** Returns the started cell that the model requested with this call id. */
  byCallId(callId: ModelVisibleCallId): CellRecord | undefined {
    return this.#byCallId.get(callId);
  }

  /** Returns the queued cell of that id. */
  queued(id: CodeCellId): QueuedCell | undefined {
    return this.#queued.get(id);
  }

  /** Returns the id of the cell that the runtime of a thread calls `runtimeId`, started or not. */
  idByRuntimeId(
    thread: ThreadId,
    runtimeId: RuntimeCellId,
  ): CodeCellId | undefined {
    return this.#byRuntimeId.get(thread)?.get(runtimeId);
  }

  /** Forgets the runtime ids of a thread, which has a new runtime; the cells remain. */
  forgetRuntimeIds(thread: ThreadId): void {
    this.#byRuntimeId.delete(thread);
  }

  /** Removes a queued cell that no later event is about, with the id of its runtime. */
  forget(queued: QueuedCell): void {
    const { threadId, runtimeCellId } = queued.start;
    this.dequeue(queued);
    this.#byRuntimeId.get(threadId)?.delete(runtimeCellId);
  }

  /** Stores the id that the runtime of a thread uses for a cell. */
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

  /** Adds a started cell. */
  add(record: CellRecord): void {
    const { cell } = record;
    this.#cells.set(cell.code_cell_id, cell);
    this.#records.set(cell.code_cell_id, record);
    this.#byCallId.set(cell.model_visible_call_id, record);
  }

  /** Queues a cell until its source item exists. */
  enqueue(start: CellStart): void {
    const queued: QueuedCell = { start, reports: [], waitToolCallIds: [] };
    this.#queued.set(start.codeCellId, queued);
    this.#queuedByCallId.set(start.callId, queued);
  }

  /** Removes a cell from the queue. */
  dequeue(queued: QueuedCell): void {
    this.#queued.delete(queued.start.codeCellId);
    this.#queuedByCallId.delete(queued.start.callId);
    this.#ready.delete(queued);
  }

  /** Marks the queued cell whose source item may be the observed one. */
  sourceObserved(callId: ModelVisibleCallId, thread: ThreadId): void {
    const queued = this.#queuedByCallId.get(callId);
    if (queued?.start.threadId === thread) this.#ready.add(queued);
  }

  /** Whether any queued cell may start. */
  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** Returns the queued cells whose source item may exist, in no particular order. */
  ready(): QueuedCell[] {
    return [...this.#ready];
  }
}

/**
 * The tool calls, with their indexes.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  CodeCellId,
  ModelVisibleCallId,
  RawPayloadId,
  ThreadId,
  ToolCallId,
} from "../../format/ids.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import type { InferenceRecord, ItemRecord, Mutable } from "./item_record.ts";
import type { ThreadRecord } from "./records.ts";
import type { OperationRecord } from "./terminal_table.ts";

/** A tool call, with data that only the reducer needs. */
export class ToolRecord {
  /** The tool call in the graph. */
  readonly call: Mutable<ToolCall>;
  readonly thread: ThreadRecord;
  /** Its terminal operation, null until there is one. */
  operation: OperationRecord | null = null;
  /** Records of `model_visible_call_item_ids`. */
  readonly callItems: Set<ItemRecord> = new Set();
  /** Records of `model_visible_output_item_ids`. */
  readonly outputItems: Set<ItemRecord> = new Set();
  /** LLM requests that list the tool call as started by their response. */
  readonly startedBy: Set<InferenceRecord> = new Set();
  /** Call items with the LLM requests that do not list the tool call yet. */
  readonly unlinkedResponses: Map<ItemRecord, Set<InferenceRecord>> = new Map();
  /** Call items that were observed since they were last marked for relinking. */
  readonly observedSinceMark: Set<ItemRecord> = new Set();
  /** Threads that started another tool call with its id; its id is ambiguous in them since then. */
  readonly restartedIn: Set<ThreadId> = new Set();
  /** Number of runtime payloads that the list of an edge has. */
  readonly carriedBy: WeakMap<readonly RawPayloadId[], number> = new WeakMap();

  /** Wraps a tool call of `thread` that just started. */
  constructor(call: Mutable<ToolCall>, thread: ThreadRecord) {
    this.call = call;
    this.thread = thread;
  }
}

/** Every tool call of the rollout. */
export class ToolTable {
  readonly #records: Map<ToolCallId, ToolRecord> = new Map();
  readonly #calls: Map<ToolCallId, ToolCall> = new Map();
  readonly #byCallId: Map<ModelVisibleCallId, ToolRecord> = new Map();
  readonly #byCell: Map<CodeCellId, ToolRecord[]> = new Map();

  get graph(): ReadonlyMap<ToolCallId, ToolCall> {
    return this.#calls;
  }

  /** Returns the tool call of that id, `undefined` if it was never started. */
  get(id: ToolCallId): ToolRecord | undefined {
    return this.#records.get(id);
  }

  /**
   * Returns the tool call of that id, which an event of `threadId` is about.
   *
   * @throws {ReplayError} If it was never started, or if the thread started another one with that
   * id since: then it is unknown which of them the event is about.
   */
  known(id: ToolCallId, threadId: ThreadId | null): ToolRecord {
    const tool = this.#records.get(id);
    if (tool?.restartedIn.has(threadId ?? tool.call.thread_id)) {
      throw new ReplayError(
        "duplicate_start",
        `tool call ${quote(id)} was started more than once`,
        { tool_call_id: id },
      );
    }
    if (tool !== undefined) return tool;
    throw new ReplayError(
      "unknown_tool_call",
      `tool call ${quote(id)} was never started`,
      { tool_call_id: id },
    );
  }

  /** Returns the tool call with this call id of the model. */
  byCallId(callId: ModelVisibleCallId): ToolRecord | undefined {
    return this.#byCallId.get(callId);
  }

  /** Returns the tool calls that a code cell requested, in order of arrival. */
  requestedBy(cell: CodeCellId): readonly ToolRecord[] {
    return this.#byCell.get(cell) ?? [];
  }

  /** Removes a tool call that no later event is about. */
  forget({ call }: ToolRecord): void {
    this.#records.delete(call.tool_call_id);
    this.#calls.delete(call.tool_call_id);
    if (call.model_visible_call_id !== null) {
      this.#byCallId.delete(call.model_visible_call_id);
    }
    if (call.requester.type === "code_cell") {
      this.#byCell.delete(call.requester.code_cell_id);
    }
  }

  /** Adds a tool call with new ids. */
  add(record: ToolRecord): void {
    const { call } = record;
    this.#records.set(call.tool_call_id, record);
    this.#calls.set(call.tool_call_id, call);
    if (call.model_visible_call_id !== null) {
      this.#byCallId.set(call.model_visible_call_id, record);
    }
    if (call.requester.type === "code_cell") {
      const cell = call.requester.code_cell_id;
      const known = this.#byCell.get(cell);
      if (known === undefined) this.#byCell.set(cell, [record]);
      else known.push(record);
    }
  }
}

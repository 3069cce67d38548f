/**
 * Terminal operations and their terminal sessions.
 *
 * A process id only serves to find a session: that of the newest command of a thread with this id.
 *
 * @module
 */

import {
  type TerminalId,
  type TerminalOperationId,
  terminalOperationId,
  terminalSessionId,
  type ThreadId,
} from "../../format/ids.ts";
import type {
  TerminalOperation,
  TerminalSession,
} from "../../graph/runtime.ts";
import type { Mutable } from "./item_record.ts";

/** A terminal operation, with data that only the reducer needs. */
export interface OperationRecord {
  /** The operation in the graph. */
  readonly operation: Mutable<TerminalOperation>;
  readonly threadId: ThreadId;
  /** The process id, once it is known. The end must name the same one. */
  processId: string | null;
}

/** Every terminal operation and session of the rollout. */
export class TerminalTable {
  readonly #operations: Map<TerminalOperationId, TerminalOperation> = new Map();
  readonly #sessions: Map<TerminalId, Mutable<TerminalSession>> = new Map();
  readonly #byProcess: Map<ThreadId, Map<string, TerminalId>> = new Map();
  #count = 0;

  /** The terminal sessions of the graph. */
  get sessions(): ReadonlyMap<TerminalId, TerminalSession> {
    return this.#sessions;
  }

  /** The terminal operations of the graph. */
  get operations(): ReadonlyMap<TerminalOperationId, TerminalOperation> {
    return this.#operations;
  }

  /** Returns the id of the next operation. */
  nextId(): TerminalOperationId {
    return terminalOperationId(this.#count + 1);
  }

  /** Adds an operation, and adds it to its session if its process id is known. */
  add(record: OperationRecord): void {
    const { operation } = record;
    this.#count++;
    this.#operations.set(operation.operation_id, operation);
    if (record.processId !== null) {
      this.assignProcess(record, record.processId);
    }
  }

  /**
   * Sets the process id of an operation. A command opens a new session, even if the process id is
   * in use; a write joins the session of that process, or opens one.
   */
  assignProcess(record: OperationRecord, processId: string): void {
    record.processId = processId;
    const { operation, threadId } = record;
    let processes = this.#byProcess.get(threadId);
    if (processes === undefined) {
      this.#byProcess.set(threadId, processes = new Map());
    }
    const known = operation.kind === "exec_command"
      ? undefined
      : processes.get(processId);
    const id = known ?? terminalSessionId(operation.operation_id);
    if (known === undefined) processes.set(processId, id);
    this.#add(record, id);
  }

  /** Forgets the process ids of a thread; the sessions remain. */
  forgetProcesses(threadId: ThreadId): void {
    this.#byProcess.delete(threadId);
  }

  /** Removes an operation that no later event is about, and its session with the last one of it. */
  forget({ operation, threadId, processId }: OperationRecord): void {
    this.#operations.delete(operation.operation_id);
    const id = operation.terminal_id;
    if (id === null) return;
    this.#leave(operation, id);
    const processes = this.#byProcess.get(threadId);
    const isLast = processId !== null && !this.#sessions.has(id) &&
      processes?.get(processId) === id;
    if (isLast) processes.delete(processId);
  }

  /** Moves an operation to the session of another. The index by process id does not change. */
  move(record: OperationRecord, target: OperationRecord): void {
    const id = target.operation.terminal_id;
    if (id === null) return;
    const { operation } = record;
    const old = operation.terminal_id;
    if (old !== id) {
      if (old !== null) this.#leave(operation, old);
      this.#add(record, id);
    }
    record.processId = target.processId;
  }

  #add(record: OperationRecord, id: TerminalId): void {
    const { operation, threadId } = record;
    operation.terminal_id = id;
    const session = this.#sessions.get(id);
    if (session !== undefined) {
      session.operation_ids.push(operation.operation_id);
      return;
    }
    const { started_at_unix_ms, started_seq } = operation.execution;
    this.#sessions.set(id, {
      terminal_id: id,
      thread_id: threadId,
      created_by_operation_id: operation.operation_id,
      operation_ids: [operation.operation_id],
      execution: {
        started_at_unix_ms,
        started_seq,
        ended_at_unix_ms: null,
        ended_seq: null,
        status: "running",
      },
    });
  }

  #leave({ operation_id }: TerminalOperation, id: TerminalId): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    const index = session.operation_ids.indexOf(operation_id);
    if (index >= 0) session.operation_ids.splice(index, 1);
    if (session.operation_ids.length === 0) this.#sessions.delete(id);
  }
}

/**
 * Releases what ended: a recorder must not need more memory the longer its host runs.
 *
 * Of a released object a hash of its id remains, so that a second start is refused as before. So is an
 * event about it that arrives that late: readers might take it or not.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { RawTraceEvent } from "../../format/event.ts";
import {
  codeCellId,
  type CodexTurnId,
  type ThreadId,
} from "../../format/ids.ts";
import type { ReducerState } from "../../reduce/state/reducer_state.ts";
import type { ToolRecord } from "../../reduce/state/tool_table.ts";
import { HashedTexts, hashOf } from "./hashed_texts.ts";

/** How many ended objects are kept at least, for events that follow the end. */
const KEPT = 1000;

/** What in the state of a check ended. */
export class EndedObjects {
  readonly #state: ReducerState;
  /** Drops the invocation of a tool call. */
  readonly #dropPayload: (id: string) => void;
  readonly #released = new HashedTexts();
  /** How to release the objects that ended last, and those before them. */
  #recent = new Map<string, () => void>();
  #older = new Map<string, () => void>();
  /** How often threads were resumed: runtime ids are valid until then. */
  readonly #resumed = new Map<ThreadId, number>();

  /** Releases what is in `state`. */
  constructor(state: ReducerState, dropPayload: (id: string) => void) {
    this.#state = state;
    this.#dropPayload = dropPayload;
  }

  /**
   * Checks that an event is not about a released object.
   *
   * @throws {ReplayError} If it is.
   */
  check({ payload, thread_id: thread }: RawTraceEvent): void {
    switch (payload.type) {
      case "codex_turn_started":
        return this.#checkNew("turn", payload.codex_turn_id);
      case "inference_started":
        return this.#checkNew("inference", payload.inference_call_id);
      case "tool_call_started":
        this.#checkNew("tool", payload.tool_call_id);
        if (payload.model_visible_call_id === null) return;
        return this.#checkNew("call", payload.model_visible_call_id);
      case "code_cell_started": {
        const id = codeCellId(payload.model_visible_call_id);
        this.#checkNew("cell", id);
        const runtime = this.#runtimeKey(thread, payload.runtime_cell_id);
        if (!this.#released.has(runtime)) return;
        throw new ReplayError(
          "conflicting_cell",
          `runtime cell ${quote(payload.runtime_cell_id)} was another cell`,
          { runtime_cell_id: payload.runtime_cell_id },
        );
      }
      default:
        if (!("tool_call_id" in payload)) return;
        if (!this.#released.has(keyOf("tool", payload.tool_call_id))) return;
        throw new ReplayError(
          "unknown_tool_call",
          `tool call ${quote(payload.tool_call_id)} ended long before`,
          { tool_call_id: payload.tool_call_id },
        );
    }
  }

  /** Whether a released turn was of a thread. */
  hasTurn(turn: CodexTurnId, thread: ThreadId): boolean {
    return this.#released.get(keyOf("turn", turn)) === hashOf(thread);
  }

  /** Takes an event that was recorded, and releases what ended long before. */
  observe({ payload, thread_id: thread }: RawTraceEvent): void {
    const state = this.#state;
    switch (payload.type) {
      case "thread_resumed": {
        const id = payload.thread_id;
        this.#resumed.set(id, (this.#resumed.get(id) ?? 0) + 1);
        break;
      }
      case "history_item_accepted":
        // No later event is compared with it.
        if (thread !== null) state.threads.get(thread)?.acceptances.clear();
        break;
      case "codex_turn_ended": {
        const id = payload.codex_turn_id;
        this.#add(keyOf("turn", id), () => this.#releaseTurn(id));
        break;
      }
      case "inference_completed":
      case "inference_failed":
      case "inference_cancelled": {
        const id = payload.inference_call_id;
        this.#add(keyOf("inference", id), () => this.#releaseInference(id));
        break;
      }
      case "tool_call_ended":
      case "tool_call_runtime_ended": {
        const tool = state.tools.get(payload.tool_call_id);
        if (tool === undefined || !hasEnded(tool)) break;
        const key = keyOf("tool", payload.tool_call_id);
        this.#add(key, () => this.#releaseTool(tool));
        break;
      }
      case "code_cell_ended": {
        const runtimeId = payload.runtime_cell_id;
        if (thread === null) break;
        const id = state.cells.idByRuntimeId(thread, runtimeId);
        if (id === undefined) break;
        const runtime = this.#runtimeKey(thread, runtimeId);
        this.#add(keyOf("cell", id), () => this.#releaseCell(id, runtime));
      }
    }
  }

  #checkNew(kind: string, id: string): void {
    if (!this.#released.has(keyOf(kind, id))) return;
    throw new ReplayError(
      "duplicate_start",
      `${kind} ${quote(id)} was started before`,
      { id },
    );
  }

  #add(key: string, release: () => void): void {
    this.#older.delete(key);
    this.#recent.set(key, release);
    if (this.#recent.size < KEPT) return;
    for (const each of this.#older.values()) each();
    this.#older = this.#recent;
    this.#recent = new Map();
  }

  #releaseTurn(id: CodexTurnId): void {
    const turn = this.#state.turns.get(id);
    if (turn === undefined) return;
    this.#state.turns.delete(id);
    this.#released.set(keyOf("turn", id), hashOf(turn.turn.thread_id));
  }

  #releaseInference(id: string): void {
    const { inferences, threads } = this.#state;
    const call = inferences.get(id)?.call;
    if (call === undefined) return;
    inferences.delete(id);
    const { response_id: response, thread_id: thread } = call;
    if (response !== null) {
      threads.get(thread)?.callByResponseId.delete(response);
    }
    this.#released.set(keyOf("inference", id), 1);
  }

  #releaseTool(tool: ToolRecord): void {
    const { tools, terminals, rawPayloads, edges } = this.#state;
    const { tool_call_id: id, model_visible_call_id: callId } = tool.call;
    const { raw_invocation_payload_id: invocation } = tool.call;
    tools.forget(tool);
    edges.forgetTool(id);
    if (tool.operation !== null) terminals.forget(tool.operation);
    if (invocation !== null) {
      rawPayloads.forget(invocation);
      this.#dropPayload(invocation);
    }
    this.#released.set(keyOf("tool", id), 1);
    if (callId !== null) this.#released.set(keyOf("call", callId), 1);
  }

  #releaseCell(id: string, runtime: string): void {
    const queued = this.#state.cells.queued(id);
    if (queued === undefined) return;
    this.#state.cells.forget(queued);
    this.#released.set(keyOf("cell", id), 1);
    this.#released.set(runtime, 1);
  }

  #runtimeKey(thread: ThreadId | null, runtimeId: string): string {
    const resumed = this.#resumed.get(thread ?? "") ?? 0;
    return keyOf("runtime", `${resumed} ${thread} ${runtimeId}`);
  }
}

/** Whether a tool call and its terminal operation ended; a process may outlive the call. */
function hasEnded({ call, operation }: ToolRecord): boolean {
  return call.execution.status !== "running" &&
    operation?.operation.execution.status !== "running";
}

function keyOf(kind: string, id: string): string {
  return `${kind}\0${id}`;
}

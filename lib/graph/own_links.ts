/**
 * Removes links of the graph between an object of one thread and an item of another that has only
 * the same call id.
 *
 * A provider makes call ids unique within one response at best, so two agents may use the same. The
 * reducer, as Codex, finds tool calls by call id alone. Items that a child inherited from its parent
 * stay linked with the parent's tool calls: the child was shown these outputs.
 *
 * @module
 */

import type {
  ConversationItemId,
  ModelVisibleCallId,
  ThreadId,
} from "../format/ids.ts";
import type { ConversationItem, ProducerRef } from "./conversation.ts";
import type {
  CodeCell,
  InferenceCall,
  TerminalOperation,
  ToolCall,
} from "./runtime.ts";
import type { RolloutTrace } from "./rollout_trace.ts";

/** Returns the graph without links between threads that share a call id; itself if it has none. */
export function withOwnLinks(trace: RolloutTrace): RolloutTrace {
  if (trace.threads.size < 2) return trace;
  const links = new OwnLinks(trace);
  if (!links.mayHaveForeign) return trace;
  return {
    ...trace,
    tool_calls: mapped(trace.tool_calls, (each) => links.tool(each)),
    code_cells: mapped(trace.code_cells, (each) => links.cell(each)),
    terminal_operations: mapped(
      trace.terminal_operations,
      (each) => links.operation(each),
    ),
    inference_calls: mapped(trace.inference_calls, (each) => links.call(each)),
    conversation_items: mapped(
      trace.conversation_items,
      (each) => links.item(each),
    ),
  };
}

function mapped<K, V>(map: ReadonlyMap<K, V>, change: (value: V) => V) {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]));
}

class OwnLinks {
  readonly #trace: RolloutTrace;
  /** Call ids of the calls that the model of each thread wrote. */
  readonly #written: Map<ThreadId, Set<ModelVisibleCallId>> = new Map();

  constructor(trace: RolloutTrace) {
    this.#trace = trace;
    for (const call of trace.inference_calls.values()) {
      for (const id of call.response_item_ids) {
        const callId = trace.conversation_items.get(id)?.call_id;
        if (callId === undefined || callId === null) continue;
        const ids = this.#written.get(call.thread_id) ?? new Set();
        this.#written.set(call.thread_id, ids.add(callId));
      }
    }
  }

  /** Whether two threads wrote the same call id. */
  get mayHaveForeign(): boolean {
    const seen = new Set<ModelVisibleCallId>();
    for (const ids of this.#written.values()) {
      for (const id of ids) {
        if (seen.has(id)) return true;
        seen.add(id);
      }
    }
    return false;
  }

  tool(tool: ToolCall): ToolCall {
    return {
      ...tool,
      model_visible_call_item_ids: this.#ownItems(
        tool.model_visible_call_item_ids,
        tool.thread_id,
      ),
      model_visible_output_item_ids: this.#ownItems(
        tool.model_visible_output_item_ids,
        tool.thread_id,
      ),
    };
  }

  cell(cell: CodeCell): CodeCell {
    const { output_item_ids: items, thread_id: thread } = cell;
    return { ...cell, output_item_ids: this.#ownItems(items, thread) };
  }

  operation(operation: TerminalOperation): TerminalOperation {
    const tool = this.#trace.tool_calls.get(operation.tool_call_id);
    if (tool === undefined) return operation;
    return {
      ...operation,
      model_observations: operation.model_observations.map((each) => ({
        ...each,
        call_item_ids: this.#ownItems(each.call_item_ids, tool.thread_id),
        output_item_ids: this.#ownItems(each.output_item_ids, tool.thread_id),
      })),
    };
  }

  call(call: InferenceCall): InferenceCall {
    const { thread_id: thread, tool_call_ids_started_by_response: tools } =
      call;
    return {
      ...call,
      tool_call_ids_started_by_response: tools.filter((id) =>
        this.#trace.tool_calls.get(id)?.thread_id === thread
      ),
    };
  }

  item(item: ConversationItem): ConversationItem {
    return {
      ...item,
      produced_by: item.produced_by.filter((producer) => {
        const thread = this.#threadOf(producer);
        return thread === undefined || this.#isOwn(item, thread);
      }),
    };
  }

  #threadOf(producer: ProducerRef): ThreadId | undefined {
    switch (producer.type) {
      case "tool":
        return this.#trace.tool_calls.get(producer.tool_call_id)?.thread_id;
      case "code_cell":
        return this.#trace.code_cells.get(producer.code_cell_id)?.thread_id;
      default:
        return undefined;
    }
  }

  #ownItems(
    ids: readonly ConversationItemId[],
    thread: ThreadId,
  ): ConversationItemId[] {
    return ids.filter((id) => {
      const item = this.#trace.conversation_items.get(id);
      return item === undefined || this.#isOwn(item, thread);
    });
  }

  /** Whether an item belongs to a thread, or was inherited: its own model did not write the call. */
  #isOwn(item: ConversationItem, thread: ThreadId): boolean {
    return item.thread_id === thread || item.call_id === null ||
      this.#written.get(item.thread_id)?.has(item.call_id) !== true;
  }
}

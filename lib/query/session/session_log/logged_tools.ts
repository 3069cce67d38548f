/**
 * The tool calls of a session log: what a model called, the output that it got, and how the call
 * ended, where `item_completed` has that.
 *
 * Nothing records when a call was dispatched or returned. Its times are those of the lines with the
 * call and with the output, and its duration is unknown.
 *
 * @module
 */

import type {
  ConversationItemId,
  TerminalOperationId,
  ToolCallId,
} from "../../../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";
import type {
  ExecutionStatus,
  PlainToolCallKind,
  ToolCallKind,
} from "../../../format/vocabulary.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { TerminalOperation, ToolCall } from "../../../graph/runtime.ts";
import { countIn, type LogLine, textIn } from "./log_line.ts";

/** Tools with a kind of their own, by the name that a model calls them by. */
const KINDS: ReadonlyMap<string, PlainToolCallKind> = new Map([
  ["exec_command", "exec_command"],
  ["write_stdin", "write_stdin"],
  ["apply_patch", "apply_patch"],
  ["spawn_agent", "spawn_agent"],
  ["followup_task", "assign_agent_task"],
  ["send_message", "send_message"],
  ["wait_agent", "wait_agent"],
  ["close_agent", "close_agent"],
  ["interrupt_agent", "close_agent"],
]);

/** The tool calls, while the log is read. */
export class LoggedTools {
  /** The calls of the model. */
  readonly calls: Map<ToolCallId, ToolCall> = new Map();
  /** The commands whose end the log has. */
  readonly operations: Map<TerminalOperationId, TerminalOperation> = new Map();
  /** The last call of each id. */
  readonly #byCall: Map<string, ToolCall> = new Map();
  /** The lists of outputs in the calls. */
  readonly #outputs: Map<ToolCall, ConversationItemId[]> = new Map();

  /** The call that an output answers. */
  answered(callId: string | null): ToolCall | undefined {
    return callId === null ? undefined : this.#byCall.get(callId);
  }

  /** Takes a call of the model. */
  call(value: JsonObject, item: ConversationItem): void {
    const { call_id: id, accepted_seq: seq = 0, first_seen_at_unix_ms: at } =
      item;
    if (id === null) return;
    const { namespace, type } = value;
    const name = textIn(value, "name") ??
      String(type).replace(/_call$/, "");
    const label = typeof namespace === "string" && namespace !== ""
      ? `${namespace}.${name}`
      : name;
    const given = value["arguments"] ?? value["input"];
    const plain = KINDS.get(name);
    const tool: ToolCall = {
      // A provider may use an id again.
      tool_call_id: this.calls.has(id) ? `${id}@${seq}` : id,
      mcp_call_id: null,
      model_visible_call_id: id,
      code_mode_runtime_tool_id: null,
      thread_id: item.thread_id,
      started_by_codex_turn_id: item.codex_turn_id,
      execution: {
        started_at_unix_ms: at,
        started_seq: seq,
        ended_at_unix_ms: null,
        ended_seq: null,
        status: "running",
      },
      requester: { type: "model" },
      kind: plain === undefined ? { type: "other", name } : { type: plain },
      model_visible_call_item_ids: [item.item_id],
      model_visible_output_item_ids: [],
      terminal_operation_id: null,
      summary: {
        type: "generic",
        label,
        input_preview: typeof given === "string" ? given : null,
        output_preview: null,
      },
      raw_invocation_payload_id: null,
      raw_result_payload_id: null,
      raw_runtime_payload_ids: [],
    };
    this.calls.set(tool.tool_call_id, tool);
    this.#byCall.set(id, tool);
  }

  /** Takes an output that the model got. */
  output(item: ConversationItem): void {
    const tool = this.answered(item.call_id);
    if (tool === undefined) return;
    // Any number of outputs may name one call, so the list is not copied for each.
    this.#outputsOf(tool).push(item.item_id);
    // The end of a command precedes its output, unless the process outlived the call.
    const operation = this.operations.get(tool.terminal_operation_id ?? "");
    if (operation !== undefined) this.#close(tool, item, "completed");
  }

  #outputsOf(tool: ToolCall): ConversationItemId[] {
    let outputs = this.#outputs.get(tool);
    if (outputs === undefined) {
      outputs = [];
      this.#outputs.set(tool, outputs);
      tool.model_visible_output_item_ids = outputs;
    }
    return outputs;
  }

  /** Takes the item of an `item_completed` event: the end of what a call ran. */
  completed(item: JsonObject, line: LogLine): void {
    const tool = this.answered(textIn(item, "id"));
    if (tool === undefined) return;
    const status = statusIn(item);
    switch (item["type"]) {
      case "CommandExecution":
        if (status !== null) this.#command(tool, item, line, status);
        return;
      case "McpToolCall":
        tool.kind = mcpKind(item) ?? tool.kind;
        if (status !== null) this.#end(tool, line, status);
        return;
      case "FileChange":
      case "CollabAgentToolCall":
        if (status !== null) this.#end(tool, line, status);
        return;
      default:
    }
  }

  #command(
    tool: ToolCall,
    item: JsonObject,
    line: LogLine,
    status: ExecutionStatus,
  ): void {
    const exit_code = item["exit_code"];
    if (!Number.isInteger(exit_code)) {
      this.#end(tool, line, status);
      return;
    }
    const operation_id = `terminal_operation:${this.operations.size + 1}`;
    const command = wordsOf(item["command"]);
    this.operations.set(operation_id, {
      operation_id,
      terminal_id: null,
      tool_call_id: tool.tool_call_id,
      kind: "exec_command",
      execution: {
        started_at_unix_ms: countIn(line.payload, "started_at_ms") ?? line.at,
        started_seq: line.number,
        ended_at_unix_ms: countIn(line.payload, "completed_at_ms") ?? line.at,
        ended_seq: line.number,
        status,
      },
      request: {
        type: "exec_command",
        command,
        display_command: command.join(" "),
        cwd: (textIn(item, "cwd") ?? "").replace(/^file:\/\//, ""),
        yield_time_ms: null,
        max_output_tokens: null,
      },
      result: {
        exit_code: Number(exit_code),
        stdout: textIn(item, "aggregated_output") ?? "",
        stderr: "",
        formatted_output: null,
        original_token_count: null,
        chunk_id: null,
      },
      model_observations: [],
      raw_payload_ids: [],
    });
    tool.terminal_operation_id = operation_id;
    tool.summary = { type: "terminal", operation_id };
    if (tool.model_visible_output_item_ids.length > 0) {
      this.#end(tool, line, "completed");
    }
  }

  #end(tool: ToolCall, { at, number }: LogLine, status: ExecutionStatus): void {
    tool.execution = {
      ...tool.execution,
      ended_at_unix_ms: at,
      ended_seq: number,
      status,
    };
  }

  #close(
    tool: ToolCall,
    { first_seen_at_unix_ms: at, accepted_seq: seq = 0 }: ConversationItem,
    status: ExecutionStatus,
  ): void {
    tool.execution = {
      ...tool.execution,
      ended_at_unix_ms: at,
      ended_seq: seq,
      status,
    };
  }
}

/** The status of an item that completed; null for one that is not known. */
function statusIn(item: JsonObject): ExecutionStatus | null {
  switch (item["status"]) {
    case "completed":
      return "completed";
    case "failed":
    case "declined":
      return "failed";
    default:
      return null;
  }
}

function mcpKind(item: JsonObject): ToolCallKind | null {
  const [server, tool] = [textIn(item, "server"), textIn(item, "tool")];
  return server === null || tool === null
    ? null
    : { type: "mcp", server, tool };
}

function wordsOf(value: JsonValue | undefined): string[] {
  return (Array.isArray(value) ? value : []).filter((word) =>
    typeof word === "string"
  );
}

/** The item of an `item_completed` event; null for anything else. */
export function completedItem({ payload }: LogLine): JsonObject | null {
  const { item } = payload;
  return isJsonObject(item) ? item : null;
}

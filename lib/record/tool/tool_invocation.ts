/**
 * Tool calls as the host reports them: invocation, requester and result; their kinds and summaries.
 *
 * @module
 */

import type {
  CodexTurnId,
  ModelVisibleCallId,
  RuntimeCellId,
  ThreadId,
  ToolCallId,
} from "../../format/ids.ts";
import type {
  PlainToolCallKind,
  ToolCallKind,
  ToolCallSummary,
} from "../../format/vocabulary.ts";

/** Who asks. */
export type ToolDispatchRequester =
  | { type: "model"; model_visible_call_id: ModelVisibleCallId }
  | {
    type: "code_cell";
    runtime_cell_id: RuntimeCellId;
    runtime_tool_call_id: string;
  };

/** What is asked, in the form that suits the tool. */
export type ToolDispatchPayload =
  | { type: "function"; arguments: string }
  | {
    type: "tool_search";
    arguments: { query: string; [key: string]: unknown };
  }
  | { type: "custom"; input: string }
  | {
    type: "local_shell";
    command: readonly string[];
    workdir?: string | null;
    timeout_ms?: number | null;
    sandbox_permissions?: unknown;
    prefix_rule?: unknown;
    additional_permissions?: unknown;
    justification?: string | null;
  };

/** One call of a tool. */
export interface ToolDispatchInvocation {
  /** Thread of the call. */
  thread_id: ThreadId;
  /** Turn of the call. */
  codex_turn_id: CodexTurnId;
  /** Id of the call. */
  tool_call_id: ToolCallId;
  /** Name of the tool. */
  tool_name: string;
  /** Namespace of the tool, such as its MCP server. */
  tool_namespace?: string | null;
  /** Who asks. */
  requester: ToolDispatchRequester;
  /** What is asked. */
  payload: ToolDispatchPayload;
}

/** The result that a requester gets. */
export type ToolDispatchResult =
  | { type: "direct_response"; response_item: unknown }
  | { type: "code_mode_response"; value: unknown };

/** Longest preview, in code points. */
const PREVIEW_LENGTH = 160;

// A map, for tools may have any name.
const KINDS: ReadonlyMap<string, PlainToolCallKind> = new Map([
  ["exec_command", "exec_command"],
  ["local_shell", "exec_command"],
  ["shell", "exec_command"],
  ["shell_command", "exec_command"],
  ["write_stdin", "write_stdin"],
  ["apply_patch", "apply_patch"],
  ["web_search", "web"],
  ["web_search_preview", "web"],
  ["image_generation", "image_generation"],
  ["image_query", "image_generation"],
  ["imagegen", "image_generation"],
  ["spawn_agent", "spawn_agent"],
  ["send_message", "send_message"],
  ["followup_task", "assign_agent_task"],
  ["assign_task", "assign_agent_task"],
  ["wait_agent", "wait_agent"],
  ["close_agent", "close_agent"],
  ["interrupt_agent", "close_agent"],
]);

/** Kind of a tool by its name alone; only its runtime shows that it is an MCP tool. */
export function toolKind(name: string): ToolCallKind {
  const type = KINDS.get(name);
  return type === undefined ? { type: "other", name } : { type };
}

/** The line for a call of `name` in `namespace` with `payload`. */
export function toolSummary(
  name: string,
  namespace: string | null,
  payload: ToolDispatchPayload,
): ToolCallSummary {
  return {
    type: "generic",
    label: namespace === null ? name : `${namespace}.${name}`,
    input_preview: preview(inputText(payload)),
    output_preview: null,
  };
}

function inputText(payload: ToolDispatchPayload): string {
  switch (payload.type) {
    case "function":
      return payload.arguments;
    case "tool_search":
      return payload.arguments.query;
    case "custom":
      return payload.input;
    case "local_shell":
      return payload.command.join(" ");
  }
}

function preview(text: string): string {
  // A code point has one or two units: the rest of a longer text need not be split.
  const points = [...text.slice(0, 2 * PREVIEW_LENGTH + 2)];
  return points.length > PREVIEW_LENGTH
    ? `${points.slice(0, PREVIEW_LENGTH).join("")}...`
    : text;
}

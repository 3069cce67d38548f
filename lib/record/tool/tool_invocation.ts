/**
 * Tool calls in the words of the host: what is asked, by whom, and what came of it.
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

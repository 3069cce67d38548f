/**
 * Reduced model, terminals: processes and what was done to them.
 *
 * @module
 */

import type {
  ConversationItemId,
  RawPayloadId,
  TerminalId,
  TerminalOperationId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { Integer } from "../format/vocabulary.ts";
import type { ExecutionWindow } from "./session.ts";

/** A running process that operations write to and read from. */
export interface TerminalSession {
  /** Its id. */
  terminal_id: TerminalId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** The command that started the process. */
  created_by_operation_id: TerminalOperationId;
  /** Everything done to the process, in order. */
  operation_ids: readonly TerminalOperationId[];
  /** Never ends: no event tells when a process died. */
  execution: ExecutionWindow;
}

/** What was asked of a terminal. */
export type TerminalRequest =
  | {
    type: "exec_command";
    command: readonly string[];
    display_command: string;
    cwd: string;
    yield_time_ms: Integer | null;
    max_output_tokens: Integer | null;
  }
  | {
    type: "write_stdin";
    stdin: string;
    yield_time_ms: Integer | null;
    max_output_tokens: Integer | null;
  };

/** What came back from a terminal. */
export interface TerminalResult {
  /** Exit code of the process; null while it runs. */
  exit_code: number | null;
  /** Standard output; of a process with one stream, everything. */
  stdout: string;
  /** Standard error. */
  stderr: string;
  /** The output as made up for the model. */
  formatted_output: string | null;
  /** Tokens of the output before it was cut. */
  original_token_count: Integer | null;
  /** The runtime's id of this piece of output. */
  chunk_id: string | null;
}

/** How the model came to know of a terminal operation. */
export interface TerminalModelObservation {
  /** Items with the call. */
  call_item_ids: readonly ConversationItemId[];
  /** Items with the output. */
  output_item_ids: readonly ConversationItemId[];
  /** By an output of its own, or inside that of a code cell. */
  source: "direct_tool_call" | "code_cell_output";
}

/** One command, one write, or one poll. */
export interface TerminalOperation {
  /** Its id, in order of creation. */
  operation_id: TerminalOperationId;
  /** Null when no process id is known. */
  terminal_id: TerminalId | null;
  /** The call behind it. */
  tool_call_id: ToolCallId;
  /** A command, or a write to a running one. */
  kind: "exec_command" | "write_stdin";
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** What was asked. */
  request: TerminalRequest;
  /** What came back; null when nothing was recorded. */
  result: TerminalResult | null;
  /** How the model came to know of it. */
  model_observations: readonly TerminalModelObservation[];
  /** Payloads that tell of it, in order. */
  raw_payload_ids: readonly RawPayloadId[];
}

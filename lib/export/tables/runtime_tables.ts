/**
 * Tables of what ran: tool calls, code cells, terminals and the operations on them.
 *
 * @module
 */

import type {
  CodeCell,
  TerminalOperation,
  TerminalSession,
  ToolCall,
} from "../../graph/runtime.ts";
import {
  type Patch,
  type PatchChange,
  patchesOf,
} from "../../query/evidence/recorded/patches.ts";
import { exitCodeOf } from "../../query/evidence/command_end.ts";
import { toolName } from "../../query/session/names/tool_name.ts";
import { executionColumns } from "./execution_columns.ts";
import type { SessionFacts } from "./session_facts.ts";
import {
  content,
  handle,
  idOf,
  integer,
  maybe,
  table,
  text,
  timestamp,
} from "./table.ts";

const OUTCOME =
  "ok, failed, interrupted or incomplete; null when it is unknown";

const TOOL_CALLS = table<ToolCall>({
  name: "tool_calls",
  meaning: "One call of a tool",
  key: ["tool_call_id"],
  read: ({ session }) => session.trace.tool_calls.values(),
  columns: {
    tool_call_id: text("Its id", (t) => t.tool_call_id),
    handle: handle("tool_call", (t) => t.tool_call_id),
    thread_id: idOf("thread", "Its thread", (t) => t.thread_id),
    turn_id: maybe.idOf(
      "turn",
      "Turn that started it; null when none was running",
      (t) => t.started_by_codex_turn_id,
    ),
    tool: text(
      "The tool, as exec_command, or server.tool of an MCP server",
      (t) => toolName(t),
    ),
    outcome: maybe.text(
      `${OUTCOME}; a command with another exit code than 0 failed, also one whose code was not recorded but whose runtime failed`,
      (t, f) => f.outcomes.tool(t),
    ),
    ...executionColumns<ToolCall>("tool_call", (t) => t.execution),
    llm_request_id: maybe.idOf(
      "llm_request",
      "Request whose response made the call; null for calls of code, or when it is unknown",
      (t, f) => f.requestOfTool.get(t.tool_call_id) ?? null,
    ),
    code_cell_id: maybe.idOf(
      "code_cell",
      "Code cell that made the call; null for calls of the model; the cell itself may be missing",
      (t) => t.requester.type === "code_cell" ? t.requester.code_cell_id : null,
    ),
    exit_code: maybe.integer(
      "Exit code of the command; null without one",
      (t, f) => exitCodeOf(f.session, t),
    ),
    input: maybe.content(
      "Excerpt of the arguments; null when not recorded",
      (t) => t.summary.type === "generic" ? t.summary.input_preview : null,
    ),
    output: maybe.content(
      "Excerpt of the result; null when not recorded",
      (t) => t.summary.type === "generic" ? t.summary.output_preview : null,
    ),
    call_id: maybe.text(
      "The model's id of the call",
      (t) => t.model_visible_call_id,
    ),
    mcp_call_id: maybe.text(
      "Id of the call in an MCP server's own logs",
      (t) => t.mcp_call_id,
    ),
    terminal_operation_id: maybe.idOf(
      "terminal_operation",
      "Its terminal operation; null for other tools",
      (t) => t.terminal_operation_id,
    ),
    invocation_payload_id: maybe.idOf(
      "payload",
      "Payload of the call as it was dispatched",
      (t) => t.raw_invocation_payload_id,
    ),
    result_payload_id: maybe.idOf(
      "payload",
      "Payload of the result",
      (t) => t.raw_result_payload_id,
    ),
  },
});

const CODE_CELLS = table<CodeCell>({
  name: "code_cells",
  meaning: "JavaScript that a model ran, which may call tools itself",
  key: ["code_cell_id"],
  read: ({ session }) => session.trace.code_cells.values(),
  columns: {
    code_cell_id: text("Its id", (c) => c.code_cell_id),
    handle: handle("code_cell", (c) => c.code_cell_id),
    thread_id: idOf("thread", "Its thread", (c) => c.thread_id),
    turn_id: idOf("turn", "Its turn", (c) => c.codex_turn_id),
    outcome: maybe.text(OUTCOME, (c, f) => f.outcomes.cell(c)),
    ...executionColumns<CodeCell>("code_cell", (c) => c.execution),
    runtime_status: text(
      "The last state that its runtime reported",
      (c) => c.runtime_status,
    ),
    source_item_id: idOf(
      "item",
      "Item in which the model wrote it",
      (c) => c.source_item_id,
    ),
    yielded_at: maybe.timestamp(
      "When it first yielded control before its end",
      (c) => c.yielded_at_unix_ms,
    ),
    nested_tool_calls: integer(
      "Tool calls that its code made",
      (c) => c.nested_tool_call_ids.length,
    ),
    source_js: content("The JavaScript", (c) => c.source_js),
  },
});

const TERMINALS = table<TerminalSession>({
  name: "terminals",
  meaning:
    "A process that operations write to and read from; the end of a process is never recorded",
  key: ["terminal_id"],
  read: ({ session }) => session.trace.terminal_sessions.values(),
  columns: {
    terminal_id: text("Its id", (t) => t.terminal_id),
    handle: handle("terminal_session", (t) => t.terminal_id),
    thread_id: idOf("thread", "Its thread", (t) => t.thread_id),
    created_by_operation_id: idOf(
      "terminal_operation",
      "Operation that started the process",
      (t) => t.created_by_operation_id,
    ),
    started_at: timestamp(
      "When it started",
      (t) => t.execution.started_at_unix_ms,
    ),
    operations: integer(
      "Operations on the process",
      (t) => t.operation_ids.length,
    ),
  },
});

const TERMINAL_OPERATIONS = table<TerminalOperation>({
  name: "terminal_operations",
  meaning: "One command, one write to a running one, or one poll",
  key: ["terminal_operation_id"],
  read: ({ session }) => session.trace.terminal_operations.values(),
  columns: {
    terminal_operation_id: text("Its id", (o) => o.operation_id),
    handle: handle("terminal_operation", (o) => o.operation_id),
    terminal_id: maybe.idOf(
      "terminal",
      "Its process; null when no process id is known",
      (o) => o.terminal_id,
    ),
    tool_call_id: idOf("tool_call", "Its tool call", (o) => o.tool_call_id),
    kind: text("exec_command or write_stdin", (o) => o.kind),
    ...executionColumns<TerminalOperation>(
      "terminal_operation",
      (o) => o.execution,
    ),
    command: maybe.content(
      "The command as it is displayed; null for write_stdin",
      (o) =>
        o.request.type === "exec_command" ? o.request.display_command : null,
    ),
    cwd: maybe.content(
      "Directory it ran in; null for write_stdin",
      (o) => o.request.type === "exec_command" ? o.request.cwd : null,
    ),
    stdin: maybe.content(
      "What was written; null for exec_command",
      (o) => o.request.type === "write_stdin" ? o.request.stdin : null,
    ),
    yield_time_ms: maybe.integer(
      "Milliseconds it was to wait for output",
      (o) => o.request.yield_time_ms,
    ),
    exit_code: maybe.integer(
      "Exit code; null while the process runs, or without a result",
      (o) => o.result?.exit_code ?? null,
    ),
    stdout: maybe.content(
      "Standard output; of a process with one stream, everything",
      (o) => o.result?.stdout ?? null,
    ),
    stderr: maybe.content("Standard error", (o) => o.result?.stderr ?? null),
    original_token_count: maybe.integer(
      "Tokens of the output before it was truncated",
      (o) => o.result?.original_token_count ?? null,
    ),
  },
});

/** A change of a file, with the patch that it is of. */
interface FileChange {
  readonly patch: Patch;
  readonly position: number;
  readonly change: PatchChange;
}

function* fileChanges({ session }: SessionFacts): Generator<FileChange> {
  for (const patch of patchesOf(session)) {
    let position = 0;
    for (const change of patch.changes ?? []) {
      yield { patch, position: position++, change };
    }
  }
}

const FILE_CHANGES = table<FileChange>({
  name: "file_changes",
  meaning:
    "One file that a patch was to change; what commands do to files is not recorded",
  key: ["tool_call_id", "position"],
  read: fileChanges,
  columns: {
    tool_call_id: idOf(
      "tool_call",
      "Call of the patch; one whose files were not recorded, always of a session log, has no row",
      ({ patch }) => patch.tool.tool_call_id,
    ),
    position: integer(
      "Its place in the patch, counted from 0",
      ({ position }) => position,
    ),
    path: content(
      "The file: as recorded, or relative to the directory of its thread where it is below it",
      ({ change }) => change.path,
    ),
    change: text(
      "added, updated, deleted, or moved (perhaps also updated)",
      ({ change }) => change.change,
    ),
    moved_to: maybe.content(
      "Where it is moved to; null unless it is moved",
      ({ change }) => change.moved_to,
    ),
    added_lines: maybe.integer(
      "Lines that the patch adds to it; null when that was not recorded",
      ({ change }) => change.added_lines,
    ),
    removed_lines: maybe.integer(
      "Lines that the patch removes from it; null when that was not recorded",
      ({ change }) => change.removed_lines,
    ),
    outcome: text(
      "applied; rejected (nothing was changed); failed (a part may have been applied); or unknown, when its end was not recorded",
      ({ patch }) => patch.outcome,
    ),
  },
});

/** These tables. */
export const RUNTIME_TABLES = [
  TOOL_CALLS,
  CODE_CELLS,
  TERMINALS,
  TERMINAL_OPERATIONS,
  FILE_CHANGES,
];

/**
 * What tool calls and terminal operations are, in a few words.
 *
 * @module
 */

import type { TerminalOperation, ToolCall } from "../../graph/runtime.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import { quoted, withText } from "./excerpt.ts";
import type { Scene } from "./scene.ts";

/** What a tool call is, and what it was called with. */
export function toolWords(scene: Scene, tool: ToolCall): string {
  const { summary, terminal_operation_id: operation, execution } = tool;
  const label = toolLabel(tool.kind);
  const words = execution.status === "completed"
    ? label
    : `${label}, ${execution.status}`;
  if (operation !== null) {
    return withText(words, commandOf(scene, operation));
  }
  switch (summary.type) {
    case "generic":
      return withText(words, quoted(summary.input_preview ?? ""));
    case "agent":
      return withText(words, quoted(summary.message_preview));
    case "terminal":
    case "wait_agent":
      return words;
  }
}

/** The command of an operation, or what it wrote. */
export function commandOf({ trace }: Scene, id: string): string {
  const request = trace.terminal_operations.get(id)?.request;
  return request === undefined ? "" : requestWords(request);
}

function requestWords(request: TerminalOperation["request"]): string {
  if (request.type === "write_stdin") return quoted(written(request.stdin));
  // A shell that is told to run a line says no more than the line.
  const { command, display_command: whole } = request;
  const [shell = "", flag, line] = command;
  const isShell = /(?:^|\/)(?:ba|z|da)?sh$/.test(shell) && command.length === 3;
  return quoted(isShell && /^-l?c$/.test(flag ?? "") ? line ?? whole : whole);
}

function written(stdin: string): string {
  return stdin === "" ? "(nothing: a poll)" : JSON.stringify(stdin);
}

/** What an operation did, and how it ended. */
export function operationWords(operation: TerminalOperation): string {
  const { request, result } = operation;
  const did = request.type === "exec_command"
    ? "ran"
    : request.stdin === ""
    ? "polled"
    : "wrote";
  const what = request.type === "write_stdin" && request.stdin === ""
    ? ""
    : ` ${requestWords(request)}`;
  const { status } = operation.execution;
  const code = result?.exit_code ?? null;
  const end = code !== null
    ? `, exit code ${code}`
    : status === "completed"
    ? ""
    : `, ${status}`;
  return `${did}${what}${end}`;
}

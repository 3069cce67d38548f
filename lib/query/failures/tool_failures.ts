/**
 * Tool calls and code cells that failed, with what they line of it.
 *
 * @module
 */

import { payloadObject, textIn } from "../evidence/recorded/payload_fields.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type {
  CodeCell,
  TerminalOperation,
  ToolCall,
} from "../../graph/runtime.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import { captureOf } from "../evidence/recorded/captures.ts";
import type { TraceSession } from "../session/session.ts";
import {
  type ErrorText,
  errorText,
  lastLine,
  outputText,
  unknownReason,
} from "./error_text.ts";
import { exitCodeOf, isCommandFailed } from "../evidence/command_end.ts";
import { itemsWithExitCode, outlived } from "./exit_code.ts";
import { getOutcomes } from "./outcome/outcomes.ts";
import { type Failure, failure } from "./failure.ts";
import { wentWrong } from "./request_failures.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../format/payload.ts";

/** Tool calls that failed, and commands that ended with another code than 0. */
export function toolFailures(session: TraceSession): Failure[] {
  const cells = cellsByCall(session);
  return Array.from(
    faultyTools(session),
    ({ tool, exit }) => toolFault(session, tool, exit, cells),
  );
}

/**
 * Ids of the tool calls that failed, or whose commands did after them: those of the errors of
 * {@linkcode toolFailures}, whose words are not read for it.
 */
export function failedToolIds(session: TraceSession): Set<string> {
  const ids = new Set<string>();
  for (const { tool, exit } of faultyTools(session)) {
    if (severityOf(session, tool) !== "error") continue;
    const id = failedCallId(session, tool, exit);
    if (id !== null) ids.add(id);
  }
  return ids;
}

/** A tool call that failed, and the exit code of its command. */
interface FaultyTool {
  readonly tool: ToolCall;
  readonly exit: number | null;
}

function* faultyTools(session: TraceSession): Generator<FaultyTool> {
  for (const tool of session.trace.tool_calls.values()) {
    const exit = exitCodeOf(session, tool);
    const failed = wentWrong(tool.execution.status);
    if (failed || isCommandFailed(session, tool)) yield { tool, exit };
  }
}

/** The call that failed, or that started the process which outlived it; null where that is unknown. */
function failedCallId(
  session: TraceSession,
  tool: ToolCall,
  exit: number | null,
): string | null {
  const { terminal_operations: operations } = session.trace;
  const own = operations.get(tool.terminal_operation_id ?? "");
  // Most often it is one call, whichever it is.
  if (own === undefined || own.tool_call_id === tool.tool_call_id) {
    return tool.tool_call_id;
  }
  const late = lateOperation(session, tool, exit);
  return late === null ? tool.tool_call_id : late.tool_call_id;
}

/** The operation that failed after the call had ended; null where the call did. */
function lateOperation(
  session: TraceSession,
  tool: ToolCall,
  exit: number | null,
): TerminalOperation | null {
  return exit === null || wentWrong(tool.execution.status)
    ? null
    : outlived(session, tool, exit);
}

/** After losses it is unknown whether it failed, or was stopped or denied. */
function severityOf(
  session: TraceSession,
  tool: ToolCall,
): Failure["severity"] {
  const outcome = getOutcomes(session).tool(tool);
  if (outcome === "interrupted") return "interruption";
  return outcome === null ? "warning" : "error";
}

/** Code cells that failed or were terminated. */
export function cellFailures(session: TraceSession): Failure[] {
  const { trace, names } = session;
  const found: Failure[] = [];
  for (const cell of trace.code_cells.values()) {
    const { execution, runtime_status: status } = cell;
    const failed = status === "failed" || execution.status === "failed";
    const stopped = status === "terminated" || wentWrong(execution.status);
    if (!failed && !stopped) continue;
    found.push(failure({
      severity: failed ? "error" : "interruption",
      kind: "code_cell",
      about: names.ref("code_cell", cell.code_cell_id),
      seq: execution.ended_seq ?? cell.initial_response_seq,
      at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
      thread: names.ref("thread", cell.thread_id),
      turn: names.ref("turn", cell.codex_turn_id),
      ...cellErrorText(session, cell),
      evidence: cellPayloads(cell).map((id) => names.ref("payload", id)),
      reported_in: cell.output_item_ids
        .filter((id) => hasCellEnd(trace.conversation_items.get(id)))
        .map((id) => names.ref("item", id)),
    }));
  }
  return found;
}

function toolFault(
  session: TraceSession,
  tool: ToolCall,
  exit: number | null,
  cells: ReadonlyMap<string, ObjectRef>,
): Failure {
  const { names } = session;
  const { started_by_codex_turn_id: turn } = tool;
  const isExit = exit !== null && exit !== 0;
  const isPlain = !wentWrong(tool.execution.status);
  return failure({
    severity: severityOf(session, tool),
    kind: isPlain ? "exit_code" : "tool",
    subject: toolSubject(session, tool),
    thread: names.ref("thread", tool.thread_id),
    turn: turn === null ? null : names.ref("turn", turn),
    ...isExit
      ? exitText(session, tool, exit)
      : isPlain
      ? unknownExit(session, tool)
      : toolErrorText(session, tool),
    exit_code: exit,
    // The output of a call that failed itself is all that the model receives about it.
    reported_in: isPlain && isExit
      ? itemsWithExitCode(session, tool, exit)
      : tool.model_visible_output_item_ids.map((id) => names.ref("item", id)),
    // The call that runs a cell fails because the cell does.
    caused_by: cells.get(tool.model_visible_call_id ?? "") ?? null,
    ...evidenceOf(session, tool, exit),
  });
}

/** What failed, with its event and payloads: the call, or the process that outlived it. */
function evidenceOf(
  session: TraceSession,
  tool: ToolCall,
  exit: number | null,
) {
  const { names } = session;
  const late = lateOperation(session, tool, exit);
  const { execution } = late ?? tool;
  const payloads = [
    ...tool.raw_runtime_payload_ids.slice(-1),
    ...late !== null || tool.raw_result_payload_id === null
      ? []
      : [tool.raw_result_payload_id],
  ];
  return {
    about: late === null
      ? names.ref("tool_call", tool.tool_call_id)
      : names.ref("terminal_operation", late.operation_id),
    seq: execution.ended_seq ?? execution.started_seq,
    at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
    evidence: payloads.map((id) => names.ref("payload", id)),
  };
}

/** The kind of tool, and of a command its words. */
function toolSubject({ trace }: TraceSession, tool: ToolCall): string {
  const operation = trace.terminal_operations.get(
    tool.terminal_operation_id ?? "",
  );
  const label = toolLabel(tool);
  return operation?.request.type === "exec_command"
    ? `${label}: ${operation.request.display_command}`
    : label;
}

function exitText({ trace }: TraceSession, tool: ToolCall, exit: number) {
  const operation = trace.terminal_operations.get(
    tool.terminal_operation_id ?? "",
  );
  const { stdout = "", stderr = "" } = operation?.result ?? {};
  const line = lastLine(stderr) ?? lastLine(stdout);
  const text = line === null
    ? `exit code ${exit}`
    : `exit code ${exit}: ${line}`;
  return { text, raw: null };
}

/** A command that failed with a code that is unknown: only the status of its runtime is there. */
function unknownExit(session: TraceSession, tool: ToolCall): ErrorText {
  const capture = captureOf(session.trace, tool.raw_runtime_payload_ids.at(-1));
  return unknownReason(session, "command failed", capture);
}

/** Whether an output has more than that the cell still ran. */
function hasCellEnd(item: ConversationItem | undefined): boolean {
  const [first] = item?.body.parts ?? [];
  return first?.type !== "text" ||
    !first.text.startsWith("Script running with cell ID");
}

function cellsByCall(session: TraceSession): ReadonlyMap<string, ObjectRef> {
  return new Map(
    cellFailures(session).flatMap(({ about }) => {
      const cell = about === null
        ? undefined
        : session.trace.code_cells.get(about.id);
      return cell === undefined || about === null
        ? []
        : [[cell.model_visible_call_id, about] as const];
    }),
  );
}

function cellError(session: TraceSession, cell: CodeCell): string | null {
  for (const id of cellPayloads(cell)) {
    const body = payloadObject(session, id);
    const text = reportedCellError(body);
    if (text !== null) return text;
  }
  return null;
}

/** The error in a response of a code cell; null without one. */
export function reportedCellError(body: JsonObject | null): string | null {
  return textIn(body ?? undefined, "response", "Result", "error_text");
}

/** The reason in words, or the state of a cell; with why its reason is unknown where that is lost. */
function cellErrorText(session: TraceSession, cell: CodeCell): ErrorText {
  const recorded = cellError(session, cell);
  if (recorded !== null) return errorText(recorded);
  const { runtime_status: status } = cell;
  const capture = cellPayloads(cell).map((id) => captureOf(session.trace, id))
    .find((each) => each !== null);
  return capture === undefined || capture === null
    ? errorText(status)
    : unknownReason(session, status, capture);
}

function cellPayloads(cell: CodeCell): string[] {
  const ids = [
    cell.raw_result_payload_id,
    cell.raw_initial_response_payload_id,
  ];
  return ids.flatMap((id) => id ?? []);
}

/** The reason in words; where none was recorded, that it failed. */
function toolErrorText(session: TraceSession, tool: ToolCall): ErrorText {
  const { trace } = session;
  const last = tool.raw_runtime_payload_ids.at(-1);
  const runtime = payloadObject(session, last);
  const result = payloadObject(session, tool.raw_result_payload_id);
  const reported = reportedToolError(runtime, result);
  if (reported !== null) return errorText(reported);
  const capture = captureOf(trace, last) ??
    captureOf(trace, tool.raw_result_payload_id);
  const { status } = tool.execution;
  return unknownReason(session, status, capture);
}

/**
 * What a call that failed reported: its runtime, or else its result; null without words.
 *
 * @param runtime The last payload of the runtime; null where there is none.
 */
export function reportedToolError(
  runtime: JsonObject | null,
  result: JsonObject | null,
): string | null {
  return (runtime === null ? null : runtimeText(runtime)) ?? resultText(result);
}

/** What the runtime behind a call reported: the response of an MCP server, the output of a patch. */
function runtimeText(runtime: JsonObject): string | null {
  const { result, success } = runtime;
  const error = textIn(result, "Err");
  if (error !== null) return error;
  if (isJsonObject(result) && isJsonObject(result["Ok"])) {
    const { Ok: answer } = result;
    if (answer["isError"] === true) return outputText(answer["content"]);
  }
  return success === false
    ? textIn(runtime, "stderr") ?? textIn(runtime, "stdout")
    : null;
}

/** What the call ended with: an error, or the output that the model was given. */
function resultText(result: JsonObject | null): string | null {
  if (result === null) return null;
  switch (result["type"]) {
    case "error":
      return textIn(result, "error");
    case "direct_response":
      return withoutPreamble(responseOutput(result["response_item"]));
    case "code_mode_response":
      return withoutPreamble(outputText(result["value"]));
    default:
      return null;
  }
}

function responseOutput(item: JsonValue | undefined): string | null {
  return isJsonObject(item) ? outputText(item["output"]) : null;
}

/** Outputs begin with how long the tool ran, and those of scripts with what they printed. */
function withoutPreamble(output: string | null): string | null {
  if (output === null) return null;
  const script = output.indexOf("Script error:\n");
  if (script !== -1) return output.slice(script + "Script error:\n".length);
  const rest = output.replace(
    /^(?:Script failed\n)?Wall time:? [\d.]+ seconds\nOutput:\n*/,
    "",
  );
  return rest.trim() === "" ? output : textOfItems(rest);
}

/** `[{"type":"text","text":…}]`, as early releases spell an MCP server's answer. */
function textOfItems(text: string): string {
  if (!text.startsWith("[{")) return text;
  try {
    return outputText(JSON.parse(text)) ?? text;
  } catch {
    return text;
  }
}

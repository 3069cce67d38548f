/**
 * Tool calls and code cells that failed, with what they said of it.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type { CodeCell, ToolCall } from "../../graph/runtime.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import { captureOf } from "../evidence/recorded/captures.ts";
import type { Session } from "../session/session.ts";
import { errorText, lastLine } from "./error_text.ts";
import { itemsTellingExit, outlived } from "./exit_told.ts";
import { type Failure, failure } from "./failure.ts";
import { payloadObject, textIn } from "./payload_text.ts";
import { wentWrong } from "./request_failures.ts";
import { toolErrorText } from "./tool_error_text.ts";
import { untoldReason } from "./untold.ts";

/** Tool calls that failed, and commands that ended with another code than 0. */
export function toolFailures(session: Session): Failure[] {
  const cells = cellsByCall(session);
  const found: Failure[] = [];
  for (const tool of session.trace.tool_calls.values()) {
    const exit = exitCode(session, tool);
    const failed = wentWrong(tool.execution.status);
    if (failed || exit !== null && exit !== 0) {
      found.push(toolFault(session, tool, exit, cells));
    }
  }
  return found;
}

/** Code cells that failed or were terminated. */
export function cellFailures(session: Session): Failure[] {
  const { trace, names } = session;
  const found: Failure[] = [];
  for (const cell of trace.code_cells.values()) {
    const { execution, runtime_status: status } = cell;
    const failed = status === "failed" || execution.status === "failed";
    const stopped = status === "terminated" || wentWrong(execution.status);
    if (!failed && !stopped) continue;
    found.push(failure({
      severity: failed ? "error" : "warning",
      kind: "code_cell",
      about: names.ref("code_cell", cell.code_cell_id),
      seq: execution.ended_seq ?? cell.initial_response_seq,
      at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
      thread: names.ref("thread", cell.thread_id),
      turn: names.ref("turn", cell.codex_turn_id),
      ...errorText(cellError(session, cell) ?? lostReason(session, cell)),
      evidence: cellPayloads(cell).map((id) => names.ref("payload", id)),
      reported_in: cell.output_item_ids
        .filter((id) => tellsCellEnd(trace.conversation_items.get(id)))
        .map((id) => names.ref("item", id)),
    }));
  }
  return found;
}

/** Exit code of the command behind a call; null where there is none. */
function exitCode({ trace }: Session, tool: ToolCall): number | null {
  const { terminal_operation_id: id } = tool;
  const operation = id === null ? undefined : trace.terminal_operations.get(id);
  return operation?.result?.exit_code ?? null;
}

function toolFault(
  session: Session,
  tool: ToolCall,
  exit: number | null,
  cells: ReadonlyMap<string, ObjectRef>,
): Failure {
  const { names } = session;
  const { started_by_codex_turn_id: turn } = tool;
  const isExit = exit !== null && exit !== 0;
  return failure({
    severity: "error",
    kind: "tool",
    subject: toolSubject(session, tool),
    thread: names.ref("thread", tool.thread_id),
    turn: turn === null ? null : names.ref("turn", turn),
    ...isExit ? exitText(session, tool, exit) : toolErrorText(session, tool),
    exit_code: exit,
    // What a call that failed itself gave back is all that a model is told of it.
    reported_in: isExit && !wentWrong(tool.execution.status)
      ? itemsTellingExit(session, tool, exit)
      : tool.model_visible_output_item_ids.map((id) => names.ref("item", id)),
    // The call that runs a cell fails because the cell does.
    caused_by: cells.get(tool.model_visible_call_id ?? "") ?? null,
    ...toldBy(session, tool, exit),
  });
}

/** What failed and which event and payloads tell so: the call, or the process that outlived it. */
function toldBy(session: Session, tool: ToolCall, exit: number | null) {
  const { names } = session;
  const late = exit === null || wentWrong(tool.execution.status)
    ? null
    : outlived(session, tool, exit);
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
function toolSubject({ trace }: Session, tool: ToolCall): string {
  const operation = trace.terminal_operations.get(
    tool.terminal_operation_id ?? "",
  );
  const label = toolLabel(tool.kind);
  return operation?.request.type === "exec_command"
    ? `${label}: ${operation.request.display_command}`
    : label;
}

function exitText({ trace }: Session, tool: ToolCall, exit: number) {
  const operation = trace.terminal_operations.get(
    tool.terminal_operation_id ?? "",
  );
  const { stdout = "", stderr = "" } = operation?.result ?? {};
  const said = lastLine(stderr) ?? lastLine(stdout);
  const text = said === null
    ? `exit code ${exit}`
    : `exit code ${exit}: ${said}`;
  return { text, raw: null };
}

/** Whether an output tells more than that the cell still ran. */
function tellsCellEnd(item: ConversationItem | undefined): boolean {
  const [first] = item?.body.parts ?? [];
  return first?.type !== "text" ||
    !first.text.startsWith("Script running with cell ID");
}

function cellsByCall(session: Session): ReadonlyMap<string, ObjectRef> {
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

function cellError(session: Session, cell: CodeCell): string | null {
  for (const id of cellPayloads(cell)) {
    const body = payloadObject(session, id);
    const text = textIn(body ?? undefined, "response", "Result", "error_text");
    if (text !== null) return text;
  }
  return null;
}

/** The state of a cell; with why its reason is unknown, where that was not recorded. */
function lostReason(session: Session, cell: CodeCell): string {
  const { runtime_status: status } = cell;
  const capture = cellPayloads(cell).map((id) => captureOf(session.trace, id))
    .find((each) => each !== null);
  return capture === undefined || capture === null
    ? status
    : untoldReason(session, status, capture);
}

function cellPayloads(cell: CodeCell): string[] {
  const ids = [
    cell.raw_result_payload_id,
    cell.raw_initial_response_payload_id,
  ];
  return ids.flatMap((id) => id ?? []);
}

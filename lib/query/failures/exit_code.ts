/**
 * Where the exit code of a command is: in the call, or only in the process that outlived it.
 *
 * @module
 */

import { payloadObject } from "../evidence/recorded/payload_fields.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { TerminalOperation, ToolCall } from "../../graph/runtime.ts";
import type { ExecutionWindow } from "../../graph/session.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { TraceSession } from "../session/session.ts";

/** `Process exited with code 3`, `exit code: 3`, `"exit_code":3`. */
const EXIT_CODE = /\bexit(?:ed with)?[ _]code\\?"?\s*:?\s*(-?\d{1,10})\b/gi;

/**
 * The operation behind a call whose process ended after the call did; null for any other. If both
 * ended together, the log may have either order: then the call knew the code already.
 */
export function outlived(
  session: TraceSession,
  tool: ToolCall,
  exit: number,
): TerminalOperation | null {
  const { trace } = session;
  const operation = trace.terminal_operations.get(
    tool.terminal_operation_id ?? "",
  );
  if (operation === undefined) return null;
  if (!endedLater(operation.execution, tool.execution)) return null;
  const result = payloadObject(session, tool.raw_result_payload_id);
  const isKnown = containsCode(JSON.stringify(result), exit) ||
    tool.model_visible_output_item_ids.some((id) =>
      hasExitCode(trace.conversation_items.get(id), exit)
    );
  return isKnown ? null : operation;
}

function endedLater(one: ExecutionWindow, other: ExecutionWindow): boolean {
  return one.ended_seq !== null && other.ended_seq !== null &&
    one.ended_seq > other.ended_seq;
}

/** Items with the exit code: outputs of the call, or of others that used the process. */
export function itemsWithExitCode(
  { trace, names }: TraceSession,
  tool: ToolCall,
  exit: number,
): ObjectRef[] {
  const own = trace.terminal_operations.get(tool.terminal_operation_id ?? "");
  const process = trace.terminal_sessions.get(own?.terminal_id ?? "");
  const calls = (process?.operation_ids ?? []).flatMap((id) =>
    trace.tool_calls.get(
      trace.terminal_operations.get(id)?.tool_call_id ?? "",
    ) ?? []
  );
  const outputs = [tool, ...calls].flatMap((each) =>
    each.model_visible_output_item_ids
  );
  return [...new Set(outputs)].filter((id) =>
    hasExitCode(trace.conversation_items.get(id), exit)
  ).map((id) => names.ref("item", id));
}

function hasExitCode(
  item: ConversationItem | undefined,
  exit: number,
): boolean {
  return (item?.body.parts ?? []).some((part) => {
    const text = part.type === "text"
      ? part.text
      : part.type === "json"
      ? part.summary
      : "";
    return containsCode(text, exit);
  });
}

function containsCode(text: string, exit: number): boolean {
  return text.matchAll(EXIT_CODE).some(([, code]) => Number(code) === exit);
}

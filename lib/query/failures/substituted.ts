/**
 * Calls that ran as another tool than the model called, such as a patch in a shell command.
 *
 * Nothing failed, but the traces of the tool that was called are missed: a patch leaves no
 * process and no terminal operation.
 *
 * @module
 */

import type {
  PlainToolCallKind,
  ToolCallKind,
} from "../../format/vocabulary.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import type { Session } from "../session/session.ts";
import { type Failure, failure } from "./failure.ts";
import { payloadObject } from "./payload_text.ts";

/** Calls whose runtime was that of another tool. */
export function substitutions(session: Session): Failure[] {
  const { trace, names } = session;
  const found: Failure[] = [];
  for (const [id, tool] of trace.tool_calls) {
    const kinds = kindsOf(session, tool);
    if (kinds === null) continue;
    const { execution, started_by_codex_turn_id: turn } = tool;
    const [called, ran] = kinds;
    found.push(failure({
      severity: "warning",
      kind: "tool_mismatch",
      about: names.ref("tool_call", id),
      seq: execution.started_seq,
      at_unix_ms: execution.started_at_unix_ms,
      thread: names.ref("thread", tool.thread_id),
      turn: turn === null ? null : names.ref("turn", turn),
      text: `called as ${called}, ran as ${ran}: no command was run`,
      evidence: tool.raw_runtime_payload_ids.map((each) =>
        names.ref("payload", each)
      ),
      reported_in: tool.model_visible_output_item_ids.map((each) =>
        names.ref("item", each)
      ),
    }));
  }
  return found;
}

/** The tool that was called and the one that ran; null where they are one. */
function kindsOf(
  session: Session,
  tool: ToolCall,
): readonly [PlainToolCallKind, PlainToolCallKind] | null {
  if (tool.terminal_operation_id !== null) return null;
  let called: ToolCallKind | undefined;
  let ran: ToolCallKind | null | undefined;
  for (
    const { event } of session.log?.about("tool_call", tool.tool_call_id) ?? []
  ) {
    const { payload } = event;
    if (payload.type === "tool_call_started") called = payload.kind;
    if (payload.type === "tool_call_runtime_started") ran = payload.kind;
  }
  if (called?.type !== "exec_command" || ran === undefined) return null;
  return (ran === null ? isPatch(session, tool) : ran.type === "apply_patch")
    ? ["exec_command", "apply_patch"]
    : null;
}

/** Schema 1 does not name what ran; only a patch tells of changes. */
function isPatch(session: Session, tool: ToolCall): boolean {
  const [first] = tool.raw_runtime_payload_ids;
  return payloadObject(session, first)?.["changes"] !== undefined;
}

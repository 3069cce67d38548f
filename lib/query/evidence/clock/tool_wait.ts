/**
 * Tool calls that wait: for agents, for a code cell, for the output of a process.
 *
 * @module
 */

import { isJsonObject, type JsonValue } from "../../../format/payload.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import type { TraceSession } from "../../session/session.ts";
import { objectIn, payloadObject, textIn } from "../recorded/payload_fields.ts";
import type { WaitTargets } from "../recorded/wait_target.ts";
import { roundedDurationOf } from "./clock.ts";

/** What a call that waits asked for, and what became of it. */
export interface ToolWait {
  /** How long it asked to wait at most, in milliseconds; null for the default, or when unknown. */
  readonly asked_ms: Integer | null;
  /**
   * How long it was allowed to wait, in milliseconds: as the output states, or as long as it waited
   * until it timed out. Null when it ended earlier and the output states nothing.
   */
  readonly granted_ms: number | null;
  /** Whether it ended because the time was over; null when unknown. */
  readonly timed_out: boolean | null;
}

/** A wait that took so little longer than asked was granted what it asked. */
const MAX_OVERTIME_MS = 100;
const CLAMPED = /timeout of \d+ ?ms was clamped to the \w+ of (\d+) ?ms/;

/** Returns what a call waited for at most; null where it is no wait. */
export function toolWait(
  session: TraceSession,
  tool: ToolCall,
  targets: WaitTargets,
): ToolWait | null {
  const asked = askedOf(session, tool, targets);
  if (asked === undefined) return null;
  const result = payloadObject(session, tool.raw_result_payload_id);
  const answer = answerOf(result);
  const timed_out = hasTimedOut(session, tool, targets, answer);
  const clamped = CLAMPED.exec(textIn(answer.value, "message") ?? "")?.[1];
  return {
    asked_ms: asked,
    granted_ms: clamped !== undefined
      ? Number(clamped)
      : timed_out === true
      ? grantedBy(session, tool, asked, answer)
      : null,
    timed_out,
  };
}

/** What it asked for; undefined where it is no wait. */
function askedOf(
  session: TraceSession,
  tool: ToolCall,
  targets: WaitTargets,
): Integer | null | undefined {
  const { kind, summary } = tool;
  const operation = session.trace.terminal_operations.get(
    tool.terminal_operation_id ?? "",
  );
  if (kind.type === "write_stdin") {
    const request = operation?.request;
    return request?.type === "write_stdin" && request.stdin === ""
      ? request.yield_time_ms
      : undefined;
  }
  const isCell = kind.type === "other" && kind.name === "wait";
  if (kind.type !== "wait_agent" && !isCell) return undefined;
  const invocation = payloadObject(session, tool.raw_invocation_payload_id);
  const given = objectIn(textIn(invocation ?? {}, "payload", "arguments"));
  if (kind.type === "wait_agent") {
    const fromSummary = summary.type === "wait_agent"
      ? summary.timeout_ms
      : null;
    return numberIn(given, "timeout_ms") ?? fromSummary;
  }
  // A tool of a server may have the same name.
  const isOfCell = targets.of(tool) !== null ||
    typeof given["cell_id"] === "string";
  return isOfCell ? numberIn(given, "yield_time_ms") : undefined;
}

/** The output of a call: its text, and the object that it is or has. */
interface Answer {
  readonly text: string;
  readonly value: JsonValue;
}

function answerOf(result: JsonValue): Answer {
  if (!isJsonObject(result)) return { text: "", value: null };
  if (result["type"] === "code_mode_response") {
    return { text: "", value: result["value"] ?? null };
  }
  const item = result["response_item"];
  const output = isJsonObject(item) ? item["output"] : undefined;
  const first = Array.isArray(output) ? output[0] : output;
  const text = typeof first === "string" ? first : textIn(first, "text") ?? "";
  return { text, value: objectIn(text) };
}

function hasTimedOut(
  { trace }: TraceSession,
  tool: ToolCall,
  targets: WaitTargets,
  { text, value }: Answer,
): boolean | null {
  const { status, ended_seq: end } = tool.execution;
  if (status === "failed") return false;
  if (isJsonObject(value)) {
    if (typeof value["timed_out"] === "boolean") return value["timed_out"];
    if ("exit_code" in value) return false;
    if ("session_id" in value) return true;
  }
  const [head = ""] = text.split("\nOutput:", 1);
  if (/^(?:Script|Process) running with /m.test(head)) return true;
  if (/^Process exited with |^Script (?:completed|failed|term)/m.test(head)) {
    return false;
  }
  const cell = trace.code_cells.get(targets.of(tool)?.id ?? "");
  if (cell === undefined || end === null || status !== "completed") return null;
  const { ended_seq: ended } = cell.execution;
  return ended === null || ended > end;
}

/** How long a wait lasted that timed out. */
function grantedBy(
  session: TraceSession,
  tool: ToolCall,
  asked: Integer | null,
  { text, value }: Answer,
): number | null {
  const seconds = Number(/^Wall time: ([\d.]+) seconds/m.exec(text)?.[1]);
  const reported = isJsonObject(value) ? value["wall_time_seconds"] : undefined;
  const ms = Number.isFinite(seconds)
    ? Math.round(seconds * 1000)
    : typeof reported === "number"
    ? Math.round(reported * 1000)
    : roundedDurationOf(session, "tool_call", tool.execution);
  if (ms === null || asked === null) return ms;
  const overtime = ms - Number(asked);
  return overtime >= 0 && overtime <= MAX_OVERTIME_MS ? Number(asked) : ms;
}

function numberIn(value: JsonValue, key: string): number | null {
  const found = isJsonObject(value) ? value[key] : undefined;
  return typeof found === "number" ? found : null;
}

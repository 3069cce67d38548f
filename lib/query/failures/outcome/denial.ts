/**
 * Whether a tool call was denied: someone who was asked for approval declined.
 *
 * @module
 */

import type { JsonObject } from "../../../format/payload.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import type { RawPayloadId } from "../../../format/ids.ts";
import { lostPayloads } from "../../evidence/recorded/losses.ts";
import { payloadObject } from "../../evidence/recorded/payload_fields.ts";
import type { TraceSession } from "../../session/session.ts";

/** What Codex writes for it, in an output and in an error. */
const DENIED =
  /\brejected by user\b|\buser (?:rejected|cancelled) MCP tool call\b/i;
/** A longer text is the output of something that ran. */
const MAX_LENGTH = 4096;

/** Whether the last payload of a runtime, or the result of a call that failed, is a denial. */
export function isDenial(value: JsonObject | null): boolean {
  if (value?.["status"] === "declined") return true;
  const text = value === null ? "" : JSON.stringify(value);
  return text.length <= MAX_LENGTH && DENIED.test(text);
}

/** Whether a call that failed was denied: its runtime reports `declined`, or its output does. */
export function isDenied(session: TraceSession, tool: ToolCall): boolean {
  const { trace } = session;
  if (reportsOf(tool).some((id) => isDenial(payloadObject(session, id)))) {
    return true;
  }
  return tool.model_visible_output_item_ids.some((id) =>
    (trace.conversation_items.get(id)?.body.parts ?? []).some((part) =>
      part.type === "text" && part.text.length <= MAX_LENGTH &&
      DENIED.test(part.text)
    )
  );
}

/** Whether a payload that may report a denial was lost. */
export function isDenialLost(session: TraceSession, tool: ToolCall): boolean {
  const lost = lostPayloads(session);
  return reportsOf(tool).some((id) => lost.has(id));
}

/** The payloads that report a denial, if any does. */
function reportsOf(
  { raw_runtime_payload_ids: runtime, raw_result_payload_id: result }: ToolCall,
): RawPayloadId[] {
  return [...runtime.slice(-1), ...result === null ? [] : [result]];
}

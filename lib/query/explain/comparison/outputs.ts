/**
 * Finds outputs and shown texts, in payloads and in the graph.
 *
 * @module
 */

import { payloadObject } from "../../evidence/recorded/payload_fields.ts";
import type { RawPayloadId } from "../../../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import { captureOf, captureOfPart } from "../../evidence/recorded/captures.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { ExplainContext } from "../explain_context.ts";

/** A text with the objects it is in. */
export interface OutputText {
  readonly in: readonly ObjectRef[];
  /** The keys of the values with it; null for the text of items. */
  readonly key: string | null;
  /** The text; null where it cannot be read. */
  readonly text: string | null;
}

/**
 * The output of the runtime behind a tool call; where none was reported, the output of the
 * terminal or the result of the tool. Null where nothing of the kind was recorded.
 */
export function runtimeOutput(
  context: ExplainContext,
  tool: ToolCall,
): OutputText | null {
  return reportedOutput(context, tool) ?? terminalOutput(context, tool) ??
    returned(context, tool) ??
    unrecorded(context, [
      // The first is about the start.
      tool.raw_runtime_payload_ids.slice(1).at(-1),
      tool.raw_result_payload_id,
    ]);
}

/** The first of these payloads that was truncated or omitted: its content is unknown. */
function unrecorded(
  context: ExplainContext,
  ids: readonly (RawPayloadId | null | undefined)[],
): OutputText | null {
  const id = ids.find((each) => captureOf(context.trace, each) !== null);
  return id === null || id === undefined
    ? null
    : { in: [context.ref("payload", id)], key: null, text: null };
}

/** The output that the runtime behind a tool call reported when it ended. */
export function reportedOutput(
  context: ExplainContext,
  { raw_runtime_payload_ids: ids }: ToolCall,
): OutputText | null {
  for (const id of ids.toReversed()) {
    const report = payloadObject(context.session, id);
    const found = report === null ? null : outputInReport(report);
    if (found !== null) return { in: [context.ref("payload", id)], ...found };
  }
  return null;
}

/** The text in the report of a runtime at its end. */
function outputInReport(
  report: JsonObject,
): Pick<OutputText, "key" | "text"> | null {
  const { aggregated_output: all, stdout, stderr, result } = report;
  if (typeof all === "string") return { key: "aggregated_output", text: all };
  if (typeof stdout === "string" && typeof stderr === "string") {
    const one = stderr === "" ? "stdout" : stdout === "" ? "stderr" : null;
    return {
      key: one ?? "stdout, stderr",
      text: one === "stderr" ? stderr : stdout + (one === null ? stderr : ""),
    };
  }
  if (!isJsonObject(result)) return null;
  const { Ok: answer, Err: error } = result;
  if (typeof error === "string") return { key: "result.Err", text: error };
  if (!isJsonObject(answer)) return null;
  return { key: "result.Ok.content", text: textOf(answer["content"]) };
}

/** The output that the graph holds of a terminal operation. */
function terminalOutput(
  context: ExplainContext,
  tool: ToolCall,
): OutputText | null {
  const { terminal_operation_id: id } = tool;
  const result = id === null
    ? null
    : context.trace.terminal_operations.get(id)?.result ?? null;
  // Where the runtime reported nothing, the result is what the reader received.
  if (id === null || result === null || !hasRuntimeReport(tool)) return null;
  return {
    in: [context.ref("terminal_operation", id)],
    key: result.stderr === "" ? "result.stdout" : "result.stdout, stderr",
    text: result.stdout + result.stderr,
  };
}

function hasRuntimeReport({ raw_runtime_payload_ids: ids }: ToolCall): boolean {
  return ids.length > 0;
}

/** What the tool returned to its requester. */
function returned(context: ExplainContext, tool: ToolCall): OutputText | null {
  const { raw_result_payload_id: id } = tool;
  const result = payloadObject(context.session, id);
  if (id === null || result === null) return null;
  const where = [context.ref("payload", id)];
  switch (result["type"]) {
    case "direct_response": {
      const { response_item: item } = result;
      const output = isJsonObject(item) ? item["output"] : undefined;
      return { in: where, key: "response_item.output", text: textOf(output) };
    }
    case "error":
      return { in: where, key: "error", text: textOf(result["error"]) };
    default:
      return null;
  }
}

/** The value that a code cell received of a tool call that its code made; null where there is none. */
export function valueForCell(
  context: ExplainContext,
  { raw_result_payload_id: id }: ToolCall,
): OutputText | null {
  const { session } = context;
  const result = payloadObject(session, id);
  if (id === null || result === null) return unrecorded(context, [id]);
  const where = [session.names.ref("payload", id)];
  if (result["type"] === "error") {
    return { in: where, key: "error", text: textOf(result["error"]) };
  }
  if (result["type"] !== "code_mode_response") return null;
  const { value } = result;
  if (isJsonObject(value)) {
    for (const key of ["output", "content"]) {
      const text = textOf(value[key]);
      if (text !== null) return { in: where, key: `value.${key}`, text };
    }
  }
  return { in: where, key: "value", text: textOf(value) };
}

/** What a code cell handed out, or the error it ended with. */
export function cellAnswer(
  context: ExplainContext,
  id: RawPayloadId | null,
): OutputText | null {
  const { session } = context;
  const report = payloadObject(session, id);
  if (report === null) return unrecorded(context, [id]);
  const { response } = report;
  if (id === null || !isJsonObject(response)) return null;
  for (const name of ["Result", "Yielded", "Terminated"]) {
    const answer = response[name];
    if (!isJsonObject(answer)) continue;
    const where = [session.names.ref("payload", id)];
    const { content_items: items, error_text: error } = answer;
    const isEmpty = Array.isArray(items) && items.length === 0;
    if (isEmpty && typeof error === "string") {
      return { in: where, key: `response.${name}.error_text`, text: error };
    }
    const key = `response.${name}.content_items`;
    return { in: where, key, text: textOf(items) };
  }
  return null;
}

/** The texts of items that a model was shown, one after the other. */
export function shownInItems(
  context: ExplainContext,
  ids: readonly string[],
): OutputText {
  const texts: string[] = [];
  let isComplete = true;
  for (const id of ids) {
    const parts = context.trace.conversation_items.get(id)?.body.parts ?? [];
    for (const part of parts) {
      if (part.type === "text") texts.push(part.text);
      // Images are no part of the output's text, and are not in the report of a runtime.
      else if (part.type === "json") isComplete = false;
      else if (captureOfPart(context.trace, part) !== null) isComplete = false;
    }
  }
  return {
    in: ids.map((id) => context.ref("item", id)),
    key: null,
    text: isComplete ? texts.join("\n") : null,
  };
}

/** A text, or the texts of a list of items; null for anything else. */
function textOf(value: JsonValue | undefined): string | null {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return null;
  return value.flatMap((each) => {
    const text = isJsonObject(each) ? each["text"] : undefined;
    return typeof text === "string" ? [text] : [];
  }).join("\n");
}

/**
 * Finds what was put out and what was shown, in payloads and in the graph.
 *
 * @module
 */

import type { RawPayloadId } from "../../../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import { payloadObject } from "../../failures/error_text.ts";
import { captureOf, captureOfPart } from "../../evidence/recorded/captures.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { ExplainContext } from "../explain_context.ts";

/** A text with the place it stands in. */
export interface OutputText {
  /** Where it stands. */
  readonly in: readonly ObjectRef[];
  /** The keys under which it stands there; null for the text of items. */
  readonly key: string | null;
  /** The text; null where it cannot be read. */
  readonly text: string | null;
}

/**
 * What the runtime behind a tool call put out; where none told, what came back from the
 * terminal or what the tool returned. Null where nothing of the kind was recorded.
 */
export function runtimeOutput(
  scene: ExplainContext,
  tool: ToolCall,
): OutputText | null {
  return reportedOutput(scene, tool) ?? terminalOutput(scene, tool) ??
    returned(scene, tool) ??
    unrecorded(scene, [
      // The first is about the start.
      tool.raw_runtime_payload_ids.slice(1).at(-1),
      tool.raw_result_payload_id,
    ]);
}

/** The first of these payloads that was truncated or omitted: what it says is unknown. */
function unrecorded(
  scene: ExplainContext,
  ids: readonly (RawPayloadId | null | undefined)[],
): OutputText | null {
  const id = ids.find((each) => captureOf(scene.trace, each) !== null);
  return id === null || id === undefined
    ? null
    : { in: [scene.ref("payload", id)], key: null, text: null };
}

/** What the runtime behind a tool call told of its output when it ended. */
export function reportedOutput(
  scene: ExplainContext,
  { raw_runtime_payload_ids: ids }: ToolCall,
): OutputText | null {
  for (const id of ids.toReversed()) {
    const told = payloadObject(scene.session, id);
    const found = told === null ? null : toldOutput(told);
    if (found !== null) return { in: [scene.ref("payload", id)], ...found };
  }
  return null;
}

/** The text in what a runtime told at the end of its work. */
function toldOutput(
  told: JsonObject,
): Pick<OutputText, "key" | "text"> | null {
  const { aggregated_output: all, stdout, stderr, result } = told;
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
  scene: ExplainContext,
  tool: ToolCall,
): OutputText | null {
  const { terminal_operation_id: id } = tool;
  const result = id === null
    ? null
    : scene.trace.terminal_operations.get(id)?.result ?? null;
  // Where the runtime told nothing, the result is what the reader was shown.
  if (id === null || result === null || !wasTold(tool)) return null;
  return {
    in: [scene.ref("terminal_operation", id)],
    key: result.stderr === "" ? "result.stdout" : "result.stdout, stderr",
    text: result.stdout + result.stderr,
  };
}

function wasTold({ raw_runtime_payload_ids: ids }: ToolCall): boolean {
  return ids.length > 0;
}

/** What the tool returned to whoever asked for it. */
function returned(scene: ExplainContext, tool: ToolCall): OutputText | null {
  const { raw_result_payload_id: id } = tool;
  const result = payloadObject(scene.session, id);
  if (id === null || result === null) return null;
  const where = [scene.ref("payload", id)];
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

/** The value that a code cell got of a tool call that its code made; null where none came. */
export function valueForCell(
  scene: ExplainContext,
  { raw_result_payload_id: id }: ToolCall,
): OutputText | null {
  const { session } = scene;
  const result = payloadObject(session, id);
  if (id === null || result === null) return unrecorded(scene, [id]);
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
  scene: ExplainContext,
  id: RawPayloadId | null,
): OutputText | null {
  const { session } = scene;
  const told = payloadObject(session, id);
  if (told === null) return unrecorded(scene, [id]);
  const { response } = told;
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
  scene: ExplainContext,
  ids: readonly string[],
): OutputText {
  const texts: string[] = [];
  let isWhole = true;
  for (const id of ids) {
    const parts = scene.trace.conversation_items.get(id)?.body.parts ?? [];
    for (const part of parts) {
      if (part.type === "text") texts.push(part.text);
      // Images are no part of the output's text, and are not in what a runtime told as text.
      else if (part.type === "json") isWhole = false;
      else if (captureOfPart(scene.trace, part) !== null) isWhole = false;
    }
  }
  return {
    in: ids.map((id) => scene.ref("item", id)),
    key: null,
    text: isWhole ? texts.join("\n") : null,
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

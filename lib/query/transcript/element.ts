/**
 * Elements of requests and responses as they are in payloads.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RawElement,
} from "../../format/payload.ts";
import type { IsNoItem } from "../session/requests/no_items.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import { compactJson } from "../../format/json/json_print.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { TranscriptPart } from "./transcript_answer.ts";

/** An element that outlives the payload it was read from. */
export interface KeptElement {
  /** The element, parsed. */
  readonly value: JsonObject;
  /** The element as written, for those that are shown as JSON; else null. */
  readonly source: string | null;
}

function keep(element: RawElement): KeptElement {
  const value = isJsonObject(element.value) ? element.value : {};
  return { value, source: isShownAsJson(value) ? element.source() : null };
}

/** Keeps every element of a list. */
export function keepAll(list: readonly RawElement[]): KeptElement[] {
  return list.map(keep);
}

/** Keeps the elements of a list that are items. */
export function keepItems(
  list: readonly RawElement[],
  isNoItem: IsNoItem,
): KeptElement[] {
  return list.filter(({ value }) => !isNoItem(value)).map(keep);
}

/** Keeps a payload as a single element. */
export function keepComplete(
  { value, source }: RawElement,
): KeptElement {
  return keep({ value, source });
}

/** Elements with parts that keep the spelling of the source. */
function isShownAsJson(value: JsonObject): boolean {
  switch (value["type"]) {
    case "message":
    case "agent_message":
    case "reasoning":
    case "compaction":
    case "compaction_summary":
    case "context_compaction":
      return false;
    case "function_call":
      return typeof value["arguments"] !== "string";
    case "custom_tool_call":
      return typeof value["input"] !== "string";
    case "function_call_output":
    case "custom_tool_call_output":
      return isJsonObject(value["output"]);
    default:
      return true;
  }
}

/** The parts of an element; `payload` is the one that holds it. */
export function partsOfElement(
  element: KeptElement,
  payload: ObjectRef | null,
): TranscriptPart[] {
  const { value } = element;
  switch (value["type"]) {
    case "message":
    case "agent_message":
      return contentParts(value["content"], payload);
    case "reasoning":
      return reasoningParts(value);
    case "function_call":
      return jsonOrText(element, "arguments", payload);
    case "custom_tool_call":
      return inputParts(element, payload);
    case "function_call_output":
    case "custom_tool_call_output":
      return outputParts(element, payload);
    case "compaction":
    case "compaction_summary":
    case "context_compaction":
      return encodedPart(value);
    default:
      return [jsonPart(spelled(element), payload)];
  }
}

function contentParts(
  content: JsonValue | undefined,
  payload: ObjectRef | null,
): TranscriptPart[] {
  if (!Array.isArray(content)) {
    return [{ ...mediaOf("content", content), payload }];
  }
  return content.map((entry) => contentPart(entry, payload));
}

function contentPart(
  entry: JsonValue,
  payload: ObjectRef | null,
): TranscriptPart {
  // An entry of a message between agents may be a list of its type and its value.
  const fields = Array.isArray(entry)
    ? { type: entry[0] ?? null, text: entry[1] ?? null }
    : isJsonObject(entry)
    ? entry
    : {};
  const type = textOf(fields["type"]) ?? "content";
  const text = textOf(fields["text"]);
  const encrypted = textOf(fields["encrypted_content"]);
  switch (type) {
    case "input_text":
    case "output_text":
    case "text":
      return { type: "text", text: text ?? "" };
    case "encrypted_content":
      return {
        type: "encoded",
        label: type,
        value: encrypted ?? text ?? "",
      };
    default:
      return { ...mediaOf(type, entry), payload };
  }
}

function reasoningParts(value: JsonObject): TranscriptPart[] {
  const texts = (list: JsonValue | undefined, type: "text" | "summary") =>
    (Array.isArray(list) ? list : []).map((entry) => ({
      type,
      text: textOf(isJsonObject(entry) ? entry["text"] : undefined) ?? "",
    }));
  return [
    ...texts(value["content"], "text"),
    ...texts(value["summary"], "summary"),
    ...encodedPart(value),
  ];
}

function encodedPart({ encrypted_content: value }: JsonObject) {
  return typeof value === "string"
    ? [{ type: "encoded", label: "encrypted_content", value } as const]
    : [];
}

function inputParts(
  element: KeptElement,
  payload: ObjectRef | null,
): TranscriptPart[] {
  const { input, name } = element.value;
  if (typeof input !== "string") return [jsonPart(spelled(element), payload)];
  return name === "exec"
    ? [{ type: "code", language: "javascript", text: input }]
    : [{ type: "text", text: input }];
}

function outputParts(
  element: KeptElement,
  payload: ObjectRef | null,
): TranscriptPart[] {
  const { output } = element.value;
  if (typeof output === "string") return [{ type: "text", text: output }];
  if (isJsonObject(output)) {
    return [jsonPart(member(element, "output"), payload)];
  }
  return contentParts(output, payload);
}

/** A string of JSON is shown as JSON, any other as text. */
function jsonOrText(
  element: KeptElement,
  key: string,
  payload: ObjectRef | null,
): TranscriptPart[] {
  const value = element.value[key];
  if (value === undefined) return [{ ...mediaOf("payload", value), payload }];
  if (typeof value !== "string") {
    return [jsonPart(member(element, key), payload)];
  }
  return [
    isJson(value) ? jsonPart(value, payload) : { type: "text", text: value },
  ];
}

function isJson(text: string): boolean {
  try {
    parseExact(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function jsonPart(json: string, payload: ObjectRef | null): TranscriptPart {
  return { type: "json", json, is_truncated: false, payload };
}

function member(element: KeptElement, key: string): string {
  const node = parseExact(spelled(element));
  const value = node instanceof Map ? node.get(key) : undefined;
  return compactJson(value ?? null);
}

function spelled({ value, source }: KeptElement): string {
  return source ?? JSON.stringify(value);
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

const DATA_URL = /^data:([^;,]*)(?:;[^,]*)?(;base64)?,/;

/** Content that is no text: its label, media type and size. */
function mediaOf(label: string, entry: JsonValue | undefined) {
  const url = isJsonObject(entry)
    ? textOf(entry["image_url"]) ?? textOf(entry["file_data"])
    : undefined;
  const data = url?.slice(0, 200).match(DATA_URL);
  const common = {
    type: "payload_ref",
    label,
    content_sha256: null,
    capture: null,
  } as const;
  if (url === undefined || data === null || data === undefined) {
    return { ...common, media_type: null, bytes: null };
  }
  const [head, mediaType = ""] = data;
  const body = url.length - head.length;
  const isBase64 = head.endsWith(";base64,");
  const padding = url.endsWith("==") ? 2 : url.endsWith("=") ? 1 : 0;
  return {
    ...common,
    media_type: mediaType === "" ? null : mediaType,
    bytes: isBase64 ? Math.max(0, Math.floor(body * 3 / 4) - padding) : body,
  };
}

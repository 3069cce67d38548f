/**
 * One line of a session log: when it was written, its type, its payload.
 *
 * @module
 */

import { compactJson } from "../../../format/json/json_print.ts";
import { type JsonNode, parseExact } from "../../../format/json/json_parse.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";

/** A line of a session log. */
export interface LogLine {
  /** Its number, from 1. */
  readonly number: number;
  /** When it was written, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** What it is. */
  readonly type: string;
  /** What it has. */
  readonly payload: JsonObject;
  /** The payload with the spelling of its numbers; parsed once. */
  exactPayload(): JsonNode;
}

/** Returns the line of a value; the reason, where it is none. */
export function logLineOf(
  value: JsonValue,
  number: number,
  text: string,
): LogLine | string {
  if (!isJsonObject(value)) return "is no JSON object";
  const { timestamp, type, payload } = value;
  if (typeof type !== "string") return "has no type";
  if (!isJsonObject(payload)) return "has no payload";
  const at = momentIn(timestamp);
  if (at === null) return "has no timestamp";
  let exact: JsonNode | undefined;
  const exactPayload = () => {
    if (exact !== undefined) return exact;
    const node = parseExact(text);
    exact = node instanceof Map ? node.get("payload") ?? null : null;
    return exact;
  };
  return { number, at, type, payload, exactPayload };
}

/** Returns a moment that is written as ISO 8601; null for anything else. */
export function momentIn(value: JsonValue | undefined): number | null {
  const at = typeof value === "string" && ISO.test(value)
    ? Date.parse(value)
    : NaN;
  return Number.isNaN(at) ? null : at;
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Returns the text of a member of an object; null for anything else. */
export function textIn(
  value: JsonValue | undefined,
  key: string,
): string | null {
  const found = isJsonObject(value) ? value[key] : undefined;
  return typeof found === "string" ? found : null;
}

/** Returns a count of an object; null for anything else. */
export function countIn(
  value: JsonValue | undefined,
  key: string,
): number | null {
  const found = isJsonObject(value) ? value[key] : undefined;
  return Number.isSafeInteger(found) && Number(found) >= 0
    ? Number(found)
    : null;
}

/** Returns the JSON of a part of a line's payload, with the spelling of its numbers. */
export function spelledPart(
  line: LogLine,
  ...path: readonly (string | number)[]
): string {
  let node = line.exactPayload();
  for (const key of path) {
    const next = typeof key === "number"
      ? Array.isArray(node) ? node[key] : undefined
      : node instanceof Map
      ? node.get(key)
      : undefined;
    node = next ?? null;
  }
  return compactJson(node);
}

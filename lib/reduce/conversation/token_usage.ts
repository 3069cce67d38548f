/**
 * Token counts of a response.
 *
 * @module
 */

import { toInteger } from "../../format/json/integer.ts";
import { JsonNumber } from "../../format/json/json_node.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import {
  isJsonObject,
  type JsonObject,
  type PayloadDocument,
} from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TokenUsage } from "../../graph/runtime.ts";

/**
 * A usage whose numbers are all spelled as plain integers that a JavaScript number holds, as
 * every recorder writes it. Then the parsed value says everything.
 */
const PLAIN =
  /"token_usage"\s*:\s*\{\s*(?:"[a-z_]+"\s*:\s*(?:0|[1-9]\d{0,14})\s*(?:,\s*)?){0,32}\}/;

/** Gives the count under a key, `undefined` when there is none that can be relied on. */
type Counter = (key: string) => Integer | undefined;

/**
 * The usage a response tells, `null` when it tells none that can be relied on: each of the
 * four counts must be a 64-bit integer. Negative counts become 0.
 */
export function tokenUsageOf(document: PayloadDocument): TokenUsage | null {
  const count = counterOf(document);
  const input = count("input_tokens");
  const cached = count("cached_input_tokens");
  const output = count("output_tokens");
  const reasoning = count("reasoning_output_tokens");
  if (
    input === undefined || cached === undefined || output === undefined ||
    reasoning === undefined
  ) return null;
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: count("cache_write_input_tokens") ?? 0,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
  };
}

function counterOf(document: PayloadDocument): Counter {
  const root = document.value;
  const usage = isJsonObject(root) ? root["token_usage"] : undefined;
  if (!isJsonObject(usage)) return () => undefined;
  return isPlain(document.source())
    ? plainCounter(usage)
    : exactCounter(document);
}

/** Whether the only usage in the text is plain; of two, another might be the one that counts. */
function isPlain(text: string): boolean {
  const key = '"token_usage"';
  return text.indexOf(key) === text.lastIndexOf(key) && PLAIN.test(text);
}

function plainCounter(usage: JsonObject): Counter {
  return (key) => {
    const value = usage[key];
    return typeof value === "number" ? value : undefined;
  };
}

function exactCounter(document: PayloadDocument): Counter {
  const usage = parseExact(document.member("token_usage")?.source() ?? "null");
  return (key) => {
    const node = usage instanceof Map ? usage.get(key) : undefined;
    if (!(node instanceof JsonNumber)) return undefined;
    const value = toInteger(node.text, "i64");
    return value !== undefined && value < 0 ? 0 : value;
  };
}

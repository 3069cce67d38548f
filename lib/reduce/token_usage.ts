/**
 * Token counts of a response.
 *
 * @module
 */

import { toInteger } from "../format/integer.ts";
import { JsonNumber } from "../format/json_node.ts";
import { parseExact } from "../format/json_parse.ts";
import type { PayloadDocument } from "../format/payload.ts";
import type { Integer } from "../format/vocabulary.ts";
import type { TokenUsage } from "../graph/runtime.ts";

/**
 * The usage a response tells, `null` when it tells none that can be relied on: each of the
 * four counts must be a 64-bit integer. Negative counts become 0.
 */
export function tokenUsageOf(document: PayloadDocument): TokenUsage | null {
  const member = document.member("token_usage");
  if (typeof member?.value !== "object" || member.value === null) return null;
  const usage = parseExact(member.source());
  const count = (key: string): Integer | undefined => {
    const node = usage instanceof Map ? usage.get(key) : undefined;
    const value = node instanceof JsonNumber
      ? toInteger(node.text, "i64")
      : undefined;
    return value !== undefined && value < 0 ? 0 : value;
  };
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

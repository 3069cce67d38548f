/**
 * The measures of sessions in words and figures, for a terminal and for the page.
 *
 * @module
 */

import type { Integer } from "../format/vocabulary.ts";
import { type Count, countOf, durationOf, UNKNOWN } from "./figures.ts";

/** What the measures are called; a part of another is indented. */
export const MEASURE_TITLES = {
  duration_ms: "took",
  turns: "turns",
  calls: "LLM requests",
  failed_calls: "  failed",
  input_tokens: "tokens in",
  cached_input_tokens: "  of them cached",
  output_tokens: "tokens out",
  reasoning_output_tokens: "  of them reasoning",
  tool_calls: "tool calls",
  failed_tool_calls: "  failed in all",
  errors: "errors",
  code_cells: "code cells",
  compactions: "compactions",
  threads: "threads",
  items: "items",
} as const;

/** The value of a measure; null is unknown. */
export function measureText(
  measure: keyof typeof MEASURE_TITLES,
  value: Integer | string | null,
): string {
  if (value === null) return UNKNOWN;
  return measure === "duration_ms"
    ? durationOf(asInteger(value))
    : countOf(value);
}

/** Digits, where a number would round the value. */
function asInteger(value: Count): Integer {
  return typeof value === "string" ? BigInt(value) : value;
}

/**
 * The aligned steps of two turns in words, for a terminal and for the page.
 *
 * @module
 */

import { countOf } from "./figures.ts";

/** How many steps there are of each sort. */
export interface CountedSteps {
  readonly same: number;
  readonly similar: number;
  readonly unknown: number;
  readonly changed: number;
  readonly only_a: number;
  readonly only_b: number;
  readonly not_aligned_a: number;
  readonly not_aligned_b: number;
}

/** `1 changed, 2 only in A, 8 the same`. */
export function stepCountsText(counts: CountedSteps): string {
  const parts: readonly (readonly [number, string])[] = [
    [counts.changed, "changed"],
    [counts.only_a, "only in A"],
    [counts.only_b, "only in B"],
    [counts.not_aligned_a, "of A not aligned"],
    [counts.not_aligned_b, "of B not aligned"],
    [counts.unknown, "unknown"],
    [counts.same, "the same"],
    [counts.similar, "the same but for ids and times"],
  ];
  const texts = parts.filter(([count]) => count > 0)
    .map(([count, what]) => `${countOf(count)} ${what}`);
  return texts.length === 0 ? "no steps" : texts.join(", ");
}

/** What a step is: `user`, `calls exec_command`, `exec_command answers`. */
export function stepTitle(
  { step_kind: kind, role, tool }: {
    readonly step_kind: string;
    readonly role: string | null;
    readonly tool: string | null;
  },
): string {
  switch (kind) {
    case "message":
      return role ?? "message";
    case "function_call":
    case "custom_tool_call":
      return `calls ${tool ?? "a tool"}`;
    case "function_call_output":
    case "custom_tool_call_output":
      return `${tool ?? "a tool"} answers`;
    case "nested_tool_call":
      return `code calls ${tool ?? "a tool"}`;
    default:
      return kind.replaceAll("_", " ");
  }
}

/**
 * The tokens of an LLM request, or of several, in a few words.
 *
 * @module
 */

import { countOf } from "../../ui/figures.ts";
import type { UsageRow } from "../../../report_data.ts";

/** `1,200 tokens in (900 cached), 30 out`; what the provider did not report is unknown. */
export function usageText(
  { usage }: {
    readonly usage:
      | Pick<
        UsageRow,
        "input_tokens" | "cached_input_tokens" | "output_tokens"
      >
      | null;
  },
): string {
  return usage === null
    ? "tokens unknown"
    : `${countOf(usage.input_tokens)} tokens in (${
      countOf(usage.cached_input_tokens)
    } cached), ${countOf(usage.output_tokens)} out`;
}

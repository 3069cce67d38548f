/**
 * `--limit NAME=VALUE`, which may be given more than once.
 *
 * @module
 */

import { type Limits, parseLimit } from "../bundle/limits.ts";
import type { ParsedFlags } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/** The limits on the command line; of one that stands twice, the last. */
export function limitsOf(flags: ParsedFlags): Partial<Limits> {
  try {
    return Object.assign({}, ...flags.values("limit").map(parseLimit));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, "such as --limit payload=200M");
  }
}

/**
 * `--limit NAME=VALUE`, which may be repeated.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import { LIMIT_NAMES, type Limits, parseLimit } from "../../bundle/limits.ts";
import type { Flag } from "./flag.ts";
import type { ParsedFlags } from "./parse_args.ts";
import { UsageError } from "./usage_error.ts";

export const LIMIT_FLAG: Flag = {
  name: "limit",
  value: { type: "text", name: "NAME=VALUE" },
  repeatable: true,
  description: "raise or lower a limit",
  details: `NAME is ${
    LIMIT_NAMES.join(", ")
  }; sizes in bytes may end in K, M or G`,
};

/**
 * The limits on the command line; of a repeated one, the last.
 *
 * @throws {UsageError} If one is unknown or out of its range.
 */
export function limitsOf(flags: ParsedFlags): Partial<Limits> {
  const values = flags.values("limit");
  const wrong = values.find((each) => !each.includes("="));
  if (wrong !== undefined) {
    throw new UsageError(
      `invalid value ${quote(wrong)} for --limit: expected NAME=VALUE`,
      `NAME is ${LIMIT_NAMES.join(", ")}; for example --limit payload=200M`,
    );
  }
  try {
    return Object.fromEntries(
      values.flatMap((value) => Object.entries(parseLimit(value))),
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, "for example --limit payload=200M");
  }
}

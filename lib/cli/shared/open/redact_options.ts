/**
 * How flags and configuration determine a redaction.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import { quote } from "../../../errors.ts";
import { PatternError } from "../../../export/redact/detect/custom_patterns.ts";
import { Detectors } from "../../../export/redact/detect/detectors.ts";
import type { RedactOptions } from "../../../export/redact/redaction.ts";
import type { ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import type { Config } from "../../config/config.ts";

/**
 * Reads `--personal` and `--keep`, and the patterns of the configuration.
 *
 * @throws {UsageError} If a kind is unknown, or a pattern cannot be used.
 */
export function redactOptions(
  flags: ParsedFlags,
  { redact: { patterns, allow } }: Config,
  limits: Partial<Limits>,
): RedactOptions {
  const options = {
    personal: flags.on("personal"),
    keep: flags.values("keep"),
    patterns,
    allow,
    limits,
  };
  try {
    requireKinds(options);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new UsageError(
      `redact.${error.message}`,
      "correct it in the configuration",
    );
  }
  return options;
}

function requireKinds(options: RedactOptions): void {
  const { keep = [], patterns = [], allow = [] } = options;
  if (keep.length + patterns.length + allow.length === 0) return;
  const known = new Detectors({ ...options, personal: true }).kinds();
  for (const kind of keep) {
    if (known.includes(kind)) continue;
    throw new UsageError(
      `unknown kind ${quote(kind)} for --keep`,
      `kinds: ${known.join(", ")}`,
    );
  }
}

/**
 * `rollout-trace check`: validates a bundle without trusting it.
 *
 * @module
 */

import { checkBundle } from "../../../check/check.ts";
import type { FindingCode } from "../../../check/report.ts";
import type { CheckReport } from "../../../check/report.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import type { ParsedArgs } from "../../args/parse_args.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { checkJson } from "./check_json.ts";
import { checkText } from "../../../check/check_text.ts";

/** Runs `check`. */
export function runCheck(
  { operands: [bundle = ""], flags }: ParsedArgs,
  io: CommandIo,
): number {
  const limits = limitsOf(flags);
  io.limitOutput(limits);
  requireBundlePath(bundle, "bundle");
  const report = withBundleContext(
    bundle,
    () => checkBundle(bundle, { limits }),
  );
  // Both are escaped already; the JSON stays one document on a terminal, too.
  if (flags.on("json")) io.printTrusted(checkJson(report));
  else io.printTrusted(checkText(report, flags.on("local")).join("\n"));
  if (report.clean) return EXIT.ok;
  return isOnlyNewer(report) ? EXIT.partial : EXIT.noResult;
}

/** Findings that mean only that a later recorder wrote the bundle. */
const NEWER: ReadonlySet<FindingCode> = new Set([
  "manifest_schema",
  "unknown_event_type",
]);

/** Whether every finding is a note, or means that the bundle is newer than this program. */
function isOnlyNewer({ findings }: CheckReport): boolean {
  return findings.every(({ code, severity }) =>
    severity === "note" || NEWER.has(code)
  );
}

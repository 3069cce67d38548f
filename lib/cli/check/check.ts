/**
 * `rollout-trace check`: how a bundle is, without trusting it.
 *
 * @module
 */

import { checkBundle } from "../../check/check.ts";
import type { FindingCode } from "../../check/report.ts";
import type { CheckReport } from "../../check/report.ts";
import { about } from "../bundle_fault.ts";
import { checkJson } from "./check_json.ts";
import { checkText } from "./check_text.ts";
import { type Command, type CommandIo, EXIT } from "../command.ts";
import { type FlagSpec, parseFlags } from "../flags.ts";
import { limitsOf } from "../limit_flags.ts";
import { onlyBundle } from "../only_bundle.ts";
import { requireAccess } from "../permissions.ts";

const USAGE = `Usage: rollout-trace check BUNDLE [--json] [--limit NAME=VALUE]

Tells how a trace bundle is: manifest, every line of the log, order of events,
payloads missing or left over, what never ended or never started, and whether
it can be reduced. Trusts nothing, reads only inside the folder, writes nothing.

  BUNDLE                  folder with manifest.json, trace.jsonl and payloads/

Options:
      --json              print one JSON document instead of text
      --limit NAME=VALUE  raise or lower a limit: line, payload, shard, bundle
                          (bytes, such as 200M), events, payloads, edge_payloads,
                          depth; may be repeated
  -h, --help              show this help

Needs --allow-read=BUNDLE.

Exit codes: 0 clean (there may be notes), 1 errors or warnings were found,
2 the command line or a permission has to change, 3 nothing is wrong as far as
it could be examined: the bundle has a newer schema, or events of a newer one.`;

const FLAGS: FlagSpec = {
  switches: ["json", "help"],
  values: [],
  lists: ["limit"],
  short: { h: "help" },
};

/** The command `check`. */
export const checkCommand: Command = { usage: USAGE, flags: FLAGS, run };

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = await parseFlags(args, FLAGS);
  if (flags.on("help")) {
    io.text(USAGE);
    return EXIT.ok;
  }
  const bundle = onlyBundle(flags.positionals, "check");
  const limits = limitsOf(flags);
  requireAccess("read", bundle);
  const report = about(bundle, () => checkBundle(bundle, { limits }));
  // Harmless as it is, so that it stays one document at a terminal too.
  if (flags.on("json")) io.text(checkJson(report));
  else io.text(checkText(report).join("\n"));
  if (report.clean) return EXIT.ok;
  return isOnlyNewer(report) ? EXIT.partial : EXIT.bundle;
}

/** Findings that say no more than that a later recorder wrote the bundle. */
const NEWER: ReadonlySet<FindingCode> = new Set([
  "manifest_schema",
  "unknown_event_type",
]);

/** Whether nothing is wrong with the bundle but that this program does not know all of it. */
function isOnlyNewer({ findings }: CheckReport): boolean {
  return findings.every(({ code, severity }) =>
    severity === "note" || NEWER.has(code)
  );
}

/**
 * `rollout-trace report`: writes one page that explains a session.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import {
  OutputBudget,
  requireSpace,
} from "../../../bundle/output/output_budget.ts";
import { writeOutput } from "../../../bundle/output/output_file.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import {
  buildReport,
  type Report,
} from "../../../report/build/build_report.ts";
import type { PayloadChoice } from "../../../report/build/payload_plan.ts";
import { loadPage } from "../../../report/load_page.ts";
import { reportBlocks } from "../../../report/report_blocks.ts";
import {
  type ReportParts,
  reportParts,
  writeReport,
} from "../../../report/report_html.ts";
import { bytesOf, counted } from "../../../text/figures.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { PAYLOAD_CHOICES } from "../../catalog/choices.ts";
import type { CommandIo } from "../../command.ts";
import type { Config } from "../../config/config.ts";
import { configOf } from "../../config/read_config.ts";
import type { ParsedArgs } from "../../args/parse_args.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import { isStandardOutput, requireOutput } from "../../access/output_path.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { pathHint } from "../../access/path_hint.ts";
import { UsageError } from "../../args/usage_error.ts";
import { VERSION } from "../../about/version.ts";
import { reportLosses } from "../../shared/session_losses.ts";
import { builtPage } from "./built_page.ts";
import { placeOpener } from "../../shared/open/redacted_place.ts";

/** What the command line requests. */
interface ReportCommandOptions {
  readonly bundle: string;
  /** Where the page goes; `undefined` for standard output. */
  readonly output: string | undefined;
  readonly payloads: PayloadChoice;
  readonly maxPayloadBytes: number;
  readonly hasLocalTimes: boolean;
  readonly limits: Partial<Limits>;
  readonly forceRaw: boolean;
}

/** Runs `report`. */
export async function runReport(
  args: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const config = configOf(args.flags, (why) => io.stderrLine(`note: ${why}`));
  const options = optionsOf(args, config);
  const { bundle, output, limits } = options;
  requireBundlePath(bundle, "bundle_or_state");
  if (output !== undefined) requireOutput(bundle, output);
  const page = await builtPage(loadPage);
  const open = await placeOpener(args.flags, config, limits, io);
  const { session, requireClean } = withBundleContext(
    bundle,
    () => open(bundle),
    (error) => pathHint(bundle, error),
  );
  const report = buildReport(session, {
    ...options,
    version: VERSION,
    prices: config.prices,
  });
  requireClean?.(reportBlocks(report, session.payloads).values());
  const parts = reportParts(report, page);
  reportSizes(parts, report, io);
  await write(parts, report, session, options, io);
  return reportLosses(io, [session], false, true);
}

function optionsOf(
  { operands: [bundle = ""], flags }: ParsedArgs,
  config: Config,
): ReportCommandOptions {
  const output = flags.value("output");
  if (output === undefined) {
    throw new UsageError(
      "missing flag --output FILE",
      "name the page to write: -o report.html",
    );
  }
  const [payloads = "used"] = flags.choices("payloads", PAYLOAD_CHOICES) ?? [];
  return {
    bundle,
    output: isStandardOutput(output) ? undefined : output,
    payloads,
    maxPayloadBytes: flags.number("payload-limit") ?? 0,
    hasLocalTimes: flags.on("local"),
    limits: { ...config.limits, ...limitsOf(flags) },
    forceRaw: flags.on("force-raw"),
  };
}

/** Bytes of the page at least: characters that mean something in HTML take more in payloads. */
function minReportBytes(
  { bytes: { program, graph, texts } }: ReportParts,
  { plan }: Report,
): number {
  return program + graph + texts + plan.counts.embedded_bytes;
}

/** Reports what the page will contain and omit, before it is written. */
function reportSizes(
  parts: ReportParts,
  report: Report,
  io: CommandIo,
): void {
  const { bytes } = parts;
  const { counts } = report.plan;
  const { program, graph, texts } = bytes;
  io.stderrLine(
    `about ${bytesOf(minReportBytes(parts, report))}: program ${
      bytesOf(program)
    }, ` +
      `graph ${bytesOf(graph)}, texts ${bytesOf(texts)}, ` +
      `${counted(counts.embedded, "payload")} ${
        bytesOf(counts.embedded_bytes)
      }`,
  );
  if (!counts.available) {
    io.stderrLine("left out: all payloads; a state.json brings none");
  }
  if (counts.over_limit > 0) {
    io.stderrLine(
      `left out: ${counted(counts.over_limit, "payload")} of ${
        bytesOf(counts.over_limit_bytes)
      } beyond ${bytesOf(counts.max_bytes)}; --payload-limit takes more`,
    );
  }
  if (counts.omitted > 0) {
    io.stderrLine(
      `left out: ${
        counted(counts.omitted, "payload")
      } that the recorder omitted`,
    );
  }
  if (counts.unreadable > 0) {
    io.stderrLine(
      `left out: ${counted(counts.unreadable, "payload")} that cannot be read`,
    );
  }
}

async function write(
  parts: ReportParts,
  report: Report,
  { payloads: reader }: TraceSession,
  { output, limits, forceRaw }: ReportCommandOptions,
  io: CommandIo,
): Promise<void> {
  const minBytes = minReportBytes(parts, report);
  const budget = new OutputBudget(output ?? "standard output", limits);
  budget.check(minBytes);
  if (output === undefined) {
    io.limitOutput(limits);
    return writeReport(
      parts,
      report,
      reader,
      (chunk) => io.writeBytes(chunk, forceRaw),
    );
  }
  requireSpace(output, minBytes);
  await writeOutput(
    output,
    (chunk) => writeReport(parts, report, reader, chunk),
    limits,
  );
  io.printUntrustedLine(output);
}

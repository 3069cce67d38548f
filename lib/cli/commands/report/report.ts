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
import { quote } from "../../../errors.ts";
import {
  buildReport,
  type Report,
  type ReportOptions,
} from "../../../report/build/build_report.ts";
import { loadPage } from "../../../report/load_page.ts";
import type { PageAsset } from "../../../report/page_asset.d.ts";
import { reportBlocks } from "../../../report/report_blocks.ts";
import {
  type OtherSession,
  type ReportParts,
  reportParts,
  writeReport,
} from "../../../report/html/report_html.ts";
import { bytesOf, counted } from "../../../text/figures.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { PAYLOAD_CHOICES } from "../../catalog/choices.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import type { Config } from "../../config/config.ts";
import { configOf } from "../../config/read_config.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import { isStandardOutput, requireOutput } from "../../access/output_path.ts";
import {
  requireBundlePath,
  requireNoSessionLog,
} from "../../access/bundle_path.ts";
import { pathHint } from "../../access/path_hint.ts";
import { UsageError } from "../../args/usage_error.ts";
import { VERSION } from "../../about/version.ts";
import { logsNote } from "../../shared/bundle_losses.ts";
import { reportLosses } from "../../shared/session_losses.ts";
import { builtPage } from "./built_page.ts";
import { collectGarbage } from "./collect_garbage.ts";
import {
  type OpenedPlace,
  type OpenPlace,
  placeOpener,
} from "../../shared/open/redacted_place.ts";
import type { WatchOptions } from "./watch/watch_report.ts";

/** What the command line requests. */
interface ReportCommandOptions extends ReportOptions {
  readonly bundles: readonly string[];
  /** Where the page goes; `undefined` for standard output. */
  readonly output: string | undefined;
  readonly limits: Partial<Limits>;
  readonly forceRaw: boolean;
  /** Set to write the page again while the session is recorded. */
  readonly watch: WatchOptions | undefined;
}

/** A session with its report. */
interface ReportedSession extends OpenedPlace {
  readonly report: Report;
}

const COMPARES = "a page of several sessions compares LLM requests";
const LOG_HINT = "write a page of its own for each session log";

const WATCHES = "--watch needs the events of a bundle";
const WATCH_HINT = "write the page of a session log without --watch";

/** Runs `report`. */
export async function runReport(
  args: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const config = configOf(args.flags, (why) => io.stderrLine(`note: ${why}`));
  const options = optionsOf(args, config);
  const { bundles, output, limits, watch } = options;
  for (const bundle of bundles) {
    requireBundlePath(bundle, "session");
    if (watch !== undefined) {
      requireNoSessionLog(bundle, WATCHES, WATCH_HINT);
      requireBundlePath(bundle, "bundle");
    }
    if (bundles.length > 1) requireNoSessionLog(bundle, COMPARES, LOG_HINT);
    if (output !== undefined) requireOutput(bundle, output);
  }
  const page = await builtPage(loadPage);
  const open = await placeOpener(
    args.flags,
    config,
    { limits, measuresRequests: true, keepsRecords: true },
    io,
  );
  const finish = (onWritten: () => void) =>
    reportOnce(options, page, open, io, onWritten);
  if (watch !== undefined) {
    const { watchReport } = await import("./on_demand.ts");
    return await watchReport(watch, options, page, io, finish);
  }
  return await finish(() => {
    if (output !== undefined) io.printUntrustedLine(output);
  });
}

/** Writes the page of the sessions as they are, and returns the exit code. */
async function reportOnce(
  options: ReportCommandOptions,
  page: PageAsset,
  open: OpenPlace,
  io: CommandIo,
  onWritten: () => void,
): Promise<number> {
  const build = (bundle: string): ReportedSession => {
    const opened = withBundleContext(
      bundle,
      () => open(bundle),
      (error) => pathHint(bundle, error),
    );
    const { session, requireClean } = opened;
    collectGarbage();
    const report = buildReport(session, {
      ...options,
      onRows: collectGarbage,
    });
    collectGarbage();
    requireClean?.(reportBlocks(report, session.payloads).values());
    return { ...opened, report };
  };
  const [first, ...rest] = options.bundles.map(build);
  if (first === undefined) throw new UsageError("missing argument BUNDLE");
  const note = logsNote(first.session);
  if (note !== null) io.stderrLine(note);
  const others = rest.length === 0 ? [] : await compared(first, rest);
  const parts = reportParts(first.report, page, others);
  const reported = [first, ...rest];
  reportSizes(parts, reported, io);
  await write(parts, reported, others, options, io);
  onWritten();
  const sessions = reported.map(({ session }) => session);
  return reportLosses(io, sessions, false) ? EXIT.partial : EXIT.ok;
}

/** The other sessions, each beside the first; the code for it is loaded only where there are some. */
async function compared(
  first: ReportedSession,
  rest: readonly ReportedSession[],
): Promise<OtherSession[]> {
  const { pageComparison } = await import("./on_demand.ts");
  return rest.map(({ session, report, requireClean }) => {
    const comparison = pageComparison(first.session, session);
    requireClean?.([JSON.stringify(comparison)]);
    return { report, reader: session.payloads, comparison };
  });
}

function optionsOf(
  { operands, flags }: ParsedArgs,
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
    bundles: operands,
    output: isStandardOutput(output) ? undefined : output,
    watch: watchOf(operands, output, flags),
    version: VERSION,
    prices: config.prices,
    payloads,
    maxPayloadBytes: flags.number("payload-limit") ?? 0,
    hasLocalTimes: flags.on("local"),
    limits: { ...config.limits, ...limitsOf(flags) },
    forceRaw: flags.on("force-raw"),
  };
}

/** How the page is written again; `undefined` where it is written once. */
function watchOf(
  bundles: readonly string[],
  output: string,
  flags: ParsedFlags,
): WatchOptions | undefined {
  if (!flags.on("watch")) {
    if (!flags.on("verbose")) return undefined;
    throw new UsageError("--verbose is for --watch", "add --watch");
  }
  const [bundle = "", ...more] = bundles;
  if (more.length > 0) {
    throw new UsageError(
      `--watch takes one bundle, not ${bundles.length}`,
      "compare sessions when they have ended, without --watch",
    );
  }
  if (isStandardOutput(output)) {
    throw new UsageError(
      "--watch cannot write to standard output",
      "name the page to write again: -o report.html",
    );
  }
  if (flags.on("redact")) {
    throw new UsageError(
      "--watch cannot redact",
      "write the page with --redact when the session has ended, without --watch",
    );
  }
  const isVerbose = flags.on("verbose");
  return { bundle, output, seconds: flags.number("watch") ?? 0, isVerbose };
}

/** Bytes of the page at least: characters that mean something in HTML take more in payloads. */
function minReportBytes(
  { bytes: { program, graph, texts } }: ReportParts,
  reported: readonly ReportedSession[],
): number {
  return reported.reduce(
    (sum, { report }) => sum + report.plan.counts.embedded_bytes,
    program + graph + texts,
  );
}

/** Reports what the page will contain and omit, before it is written. */
function reportSizes(
  parts: ReportParts,
  reported: readonly ReportedSession[],
  io: CommandIo,
): void {
  const { program, graph, texts } = parts.bytes;
  const sum = (key: "embedded" | "embedded_bytes") =>
    reported.reduce((all, { report }) => all + report.plan.counts[key], 0);
  io.stderrLine(
    `about ${bytesOf(minReportBytes(parts, reported))}: program ${
      bytesOf(program)
    }, ` +
      `graph ${bytesOf(graph)}, texts ${bytesOf(texts)}, ` +
      `${counted(sum("embedded"), "payload")} ${
        bytesOf(sum("embedded_bytes"))
      }`,
  );
  for (const { session, report } of reported) {
    const place = reported.length > 1 ? `${quote(session.place)}: ` : "";
    reportOmitted(report, (line) => io.stderrLine(place + line));
  }
}

/** Reports which payloads of a session the page omits. */
function reportOmitted(
  { data: { show }, plan: { counts } }: Report,
  print: (line: string) => void,
): void {
  if (!counts.available) {
    const source = show.completeness.is_session_log
      ? "session log"
      : "state.json";
    print(`left out: all payloads; a ${source} brings none`);
  }
  if (counts.over_limit > 0) {
    print(
      `left out: ${counted(counts.over_limit, "payload")} of ${
        bytesOf(counts.over_limit_bytes)
      } beyond ${bytesOf(counts.max_bytes)}; --payload-limit takes more`,
    );
  }
  if (counts.omitted > 0) {
    print(
      `left out: ${
        counted(counts.omitted, "payload")
      } that the recorder omitted`,
    );
  }
  if (counts.unreadable > 0) {
    print(
      `left out: ${counted(counts.unreadable, "payload")} that cannot be read`,
    );
  }
}

async function write(
  parts: ReportParts,
  reported: readonly ReportedSession[],
  others: readonly OtherSession[],
  { output, limits, forceRaw }: ReportCommandOptions,
  io: CommandIo,
): Promise<void> {
  const [first] = reported;
  if (first === undefined) return;
  const { report, session: { payloads: reader } } = first;
  const minBytes = minReportBytes(parts, reported);
  const budget = new OutputBudget(output ?? "standard output", limits);
  budget.check(minBytes);
  if (output === undefined) {
    io.limitOutput(limits);
    return writeReport(
      parts,
      report,
      reader,
      (chunk) => io.writeBytes(chunk, forceRaw),
      others,
    );
  }
  requireSpace(output, minBytes);
  await writeOutput(
    output,
    (chunk) => writeReport(parts, report, reader, chunk, others),
    limits,
  );
}

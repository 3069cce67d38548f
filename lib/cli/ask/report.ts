/**
 * `rollout-trace report`: a bundle goes in, one page that explains the session comes out.
 *
 * @module
 */

import { type Limits, parseSize } from "../../bundle/limits.ts";
import {
  type OutputMethod,
  writeOutput,
} from "../../bundle/write/output_file.ts";
import type { Session } from "../../query/session/session.ts";
import { buildReport, type Report } from "../../report/build/build_report.ts";
import type { PayloadChoice } from "../../report/build/payload_plan.ts";
import { loadPage, PageNotBuiltError } from "../../report/load_page.ts";
import type { PageAsset } from "../../report/page_asset.d.ts";
import {
  type ReportParts,
  reportParts,
  writeReport,
} from "../../report/report_html.ts";
import { bytesOf, counted } from "../../text/figures.ts";
import { about } from "../bundle_fault.ts";
import { type Command, type CommandIo, EXIT } from "../command.ts";
import { type FlagSpec, type ParsedFlags, parseFlags } from "../flags.ts";
import { limitsOf } from "../limit_flags.ts";
import { onlyBundle } from "../only_bundle.ts";
import { isStandardOutput, keepEvidence } from "../output_place.ts";
import { requireAccess } from "../permissions.ts";
import { placeHint } from "../place_hint.ts";
import { SetupError, UsageError } from "../usage_error.ts";
import { VERSION } from "../version.ts";
import { tellLosses } from "./losses.ts";
import { openPlace } from "./open_place.ts";

const USAGE =
  `Usage: rollout-trace report BUNDLE -o FILE [--payloads all|used|none]

Writes one page that explains the session: overview, timeline, transcripts,
agents, search, and the evidence for each. The page works offline, opened
from disk, and loads nothing from anywhere. Prints the path.

  BUNDLE                   a bundle's folder, or a state.json made of one

Options:
  -o, --output FILE        the page to write; - stands for standard output
      --payloads WHICH     raw evidence that goes in: what objects name as
                           theirs (used, the default), all, or none
      --payload-limit SIZE most bytes of it, such as 64M; 8M unless given; the
                           largest are left out, which page and program tell
      --limit NAME=VALUE   raise or lower a limit, see help reduce
  -h, --help               show this help

The page holds what the bundle holds: prompts, outputs, perhaps secrets.
It is complete or absent: written beside its place and renamed.
Needs --allow-read=BUNDLE and --allow-write=FILE.

Exit codes: 0 written, 1 the bundle or the disk does not allow it, 2 the
command line or a permission has to change, 3 written, but part of the bundle
could not be reduced.`;

const CHOICES: readonly PayloadChoice[] = ["all", "used", "none"];

const FLAGS: FlagSpec = {
  switches: ["help"],
  values: ["output", "payloads", "payload-limit"],
  lists: ["limit"],
  short: { o: "output", h: "help" },
  choices: { payloads: CHOICES },
  paths: ["output"],
};

const MOST_PAYLOAD_BYTES = 8 * 1024 * 1024;

/** The command `report`. */
export const reportCommand: Command = { usage: USAGE, flags: FLAGS, run };

/** What is asked for. */
interface Order {
  readonly bundle: string;
  /** Where the page goes; `undefined` for standard output. */
  readonly output: string | undefined;
  readonly payloads: PayloadChoice;
  readonly maxPayloadBytes: number;
  readonly limits: Partial<Limits>;
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = await parseFlags(args, FLAGS);
  if (flags.on("help")) {
    io.text(USAGE);
    return EXIT.ok;
  }
  const order = orderOf(flags);
  const { bundle, output, limits } = order;
  requireAccess("read", bundle);
  if (output !== undefined) {
    requireAccess("write", output);
    keepEvidence(bundle, output);
  }
  const page = await builtPage();
  const session = about(
    bundle,
    () => openPlace(bundle, { limits }),
    (error) => placeHint(bundle, error),
  );
  const report = buildReport(session, { ...order, version: VERSION });
  const parts = reportParts(report, page);
  tellSizes(parts, report, io);
  write(parts, report, session, order, io);
  return tellLosses(io, [session], false, true);
}

async function builtPage(): Promise<PageAsset> {
  try {
    return await loadPage();
  } catch (error) {
    if (!(error instanceof PageNotBuiltError)) throw error;
    throw new SetupError(error.message, "run deno task build");
  }
}

function orderOf(flags: ParsedFlags): Order {
  const bundle = onlyBundle(flags.positionals, "report");
  const output = flags.value("output");
  if (output === undefined) {
    throw new UsageError("where to?", "name the page to write: -o report.html");
  }
  const asked = flags.value("payloads") ?? "used";
  const payloads = CHOICES.find((choice) => choice === asked);
  if (payloads === undefined) {
    throw new UsageError(`--payloads takes ${CHOICES.join(", ")}`);
  }
  return {
    bundle,
    output: isStandardOutput(output) ? undefined : output,
    payloads,
    maxPayloadBytes: sizeOf(flags.value("payload-limit")),
    limits: limitsOf(flags),
  };
}

function sizeOf(text: string | undefined): number {
  if (text === undefined) return MOST_PAYLOAD_BYTES;
  const bytes = parseSize(text);
  if (bytes === undefined) {
    throw new UsageError(
      "--payload-limit takes a number of bytes that may end in K, M or G",
    );
  }
  return bytes;
}

/** Tells what the page will hold, and what it will not, before it is written. */
function tellSizes(
  { bytes }: ReportParts,
  { plan: { counts } }: Report,
  io: CommandIo,
): void {
  const { program, graph, texts } = bytes;
  const total = program + graph + texts + counts.embedded_bytes;
  io.remark(
    `about ${bytesOf(total)}: program ${bytesOf(program)}, ` +
      `graph ${bytesOf(graph)}, texts ${bytesOf(texts)}, ` +
      `${counted(counts.embedded, "payload")} ${
        bytesOf(counts.embedded_bytes)
      }`,
  );
  if (!counts.available) {
    io.remark("left out: all payloads; a state.json brings none");
  }
  if (counts.over_limit > 0) {
    io.remark(
      `left out: ${counted(counts.over_limit, "payload")} of ${
        bytesOf(counts.over_limit_bytes)
      } beyond ${bytesOf(counts.max_bytes)}; --payload-limit takes more`,
    );
  }
  if (counts.omitted > 0) {
    io.remark(
      `left out: ${
        counted(counts.omitted, "payload")
      } that the recorder omitted`,
    );
  }
  if (counts.unreadable > 0) {
    io.remark(
      `left out: ${counted(counts.unreadable, "payload")} that cannot be read`,
    );
  }
}

function write(
  parts: ReportParts,
  report: Report,
  { payloads: reader }: Session,
  { output }: Order,
  io: CommandIo,
): void {
  if (output === undefined) {
    writeReport(parts, report, reader, io.data);
    return;
  }
  const method: OutputMethod = writeOutput(
    output,
    (chunk) => writeReport(parts, report, reader, chunk),
  );
  // What went down a pipe may be standard output under another name: do not add to it.
  if (method === "passed on") io.remark(output);
  else io.line(output);
}

/**
 * `stats BUNDLE… | ROOT`: calls, tokens, latencies, failures and time, by what the user wants.
 *
 * @module
 */

import type {
  StatsAnswer,
  StatsBy,
} from "../../../query/stats/stats_answer.ts";
import { StatsCollector } from "../../../query/stats/stats.ts";
import { about } from "../../bundle_fault.ts";
import { type Command, type CommandIo, EXIT } from "../../command.ts";
import { STATS_COLUMNS, type StatsColumn } from "../../config/config.ts";
import { type ParsedFlags, parseFlags } from "../../flags.ts";
import { jsonText } from "../../json_text.ts";
import { placeHint } from "../../place_hint.ts";
import { wrapped } from "../../text/fit.ts";
import { UsageError } from "../../usage_error.ts";
import { chosenColumns } from "../many/columns_flag.ts";
import { Losses } from "../many/losses.ts";
import { type Places, placesOf } from "../many/places.ts";
import { exitOf, visitBundles } from "../many/visit.ts";
import { openPlace } from "../open_place.ts";
import { printDocument, printLines } from "../print.ts";
import {
  COMMON_FLAGS_HELP,
  type Setting,
  settingOf,
  withCommonFlags,
} from "../question.ts";
import { statsCsv } from "./csv.ts";
import { statsLines } from "./stats_text.ts";

const GROUPS: readonly StatsBy[] = [
  "model",
  "turn",
  "tool",
  "thread",
  "bundle",
];

const USAGE = `Usage: rollout-trace stats BUNDLE... | ROOT [OPTION]...

Counts calls, tokens, latencies, failures, time and cost of one bundle, of
several, or of all bundles below a folder.

      --by WHAT           model, turn, tool, thread or bundle; by default model
                          for one bundle, and bundle for several
      --columns A,B       these columns, in this order; all of them with --csv:
${columnHelp()}
      --csv               print the rows as CSV; texts that a spreadsheet would
                          run as a formula begin with an apostrophe
      --jsonl             print the rows as JSON, one a line
${COMMON_FLAGS_HELP}

Cached tokens are part of the input, reasoning tokens of the output. Latencies
are of calls that ended; percentiles are by nearest rank. The time of turns is
parted: model while a request to one ran, tool while none did but a tool call
or a code cell, idle while neither did; what ran at once is counted once. Costs
are by the prices of your own configuration.

A bundle that cannot be read is told of, and the others go on.
Needs --allow-read=BUNDLE or --allow-read=ROOT.

Exit codes: 0 found, 1 no bundle, 2 the command line or a permission has to
change, 3 a bundle could not be read, or not be reduced in whole.

Examples:
  rollout-trace stats ~/traces/trace-2f0c --by turn
  rollout-trace stats ~/traces --csv > traces.csv`;

const FLAGS = withCommonFlags({
  switches: ["csv", "jsonl"],
  values: ["by", "columns"],
  short: {},
  choices: { by: GROUPS, columns: STATS_COLUMNS },
  several: ["columns"],
});

/** The command. */
export const statsCommand: Command = { usage: USAGE, flags: FLAGS, run };

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = await parseFlags(args, FLAGS);
  if (flags.on("help")) {
    io.text(USAGE);
    return EXIT.ok;
  }
  checkFormats(flags);
  const setting = settingOf(flags, io);
  const columns = chosenColumns(flags, STATS_COLUMNS);
  const places = placesOf(flags.positionals);
  const by = groupOf(flags, places);
  const { prices } = setting.config;
  const collector = new StatsCollector({ by, prices });
  const losses = new Losses();
  const visit = (bundle: string) => {
    const session = openPlace(bundle, { limits: setting.limits });
    losses.add(session);
    collector.add(session);
  };
  if (places.isOne) {
    for (const bundle of places.bundles) {
      about(bundle, () => visit(bundle), (error) => placeHint(bundle, error));
    }
  }
  const visited = places.isOne
    ? { read: 1, unread: 0 }
    : await visitBundles(places.bundles, io, {
      visit,
      skip: (bundle, message) => collector.skip(bundle, message),
    });
  if (places.bundles.length === 0) io.remark("there is no bundle below it");
  print(io, flags, collector.answer, columns, losses, setting);
  losses.tell(io);
  return exitOf(visited, losses.any);
}

function print(
  io: CommandIo,
  flags: ParsedFlags,
  answer: StatsAnswer,
  columns: readonly StatsColumn[] | null,
  losses: Losses,
  { paper, config }: Setting,
): void {
  if (flags.on("json")) {
    const [place = ""] = flags.positionals;
    printDocument(io, "stats", {
      bundle: place,
      source: losses.source,
      partial: losses.data,
      answer,
    });
  } else if (flags.on("jsonl")) {
    printLines(io, answer.rows.map((row) => jsonText(row)));
  } else if (flags.on("csv")) {
    const csv = statsCsv(answer, columns ?? csvColumns(answer));
    io.data(new TextEncoder().encode(csv));
  } else if (answer.bundles.length > 0) {
    const [folder, ...others] = flags.positionals;
    const below = others.length === 0 ? folder : undefined;
    const wanted = columns ?? config.statsColumns;
    printLines(io, statsLines(answer, { wanted, below }, paper));
  }
}

/** All columns but the one that says what each row is counted by once more. */
function csvColumns({ by }: StatsAnswer): StatsColumn[] {
  return STATS_COLUMNS.filter((name) => name !== by);
}

function groupOf(flags: ParsedFlags, { isOne }: Places): StatsBy {
  const given = flags.value("by");
  if (given === undefined) return isOne ? "model" : "bundle";
  const by = GROUPS.find((each) => each === given);
  if (by !== undefined) return by;
  throw new UsageError(`--by must be one of ${GROUPS.join(", ")}`);
}

function checkFormats(flags: ParsedFlags): void {
  const formats = ["json", "jsonl", "csv"].filter((each) => flags.on(each));
  if (formats.length > 1) {
    throw new UsageError(`--${formats.join(" and --")} exclude one another`);
  }
}

function columnHelp(): string {
  const indent = " ".repeat(26);
  return wrapped(STATS_COLUMNS.join(", "), 54)
    .map((line) => indent + line.trim()).join("\n");
}

/**
 * `stats BUNDLE… | ROOT`: calls, tokens, latencies, failures and time, by what the user wants.
 *
 * @module
 */

import { newestStarts } from "../../../query/list/list_bundles.ts";
import { comparableBy } from "../../../query/stats/compare.ts";
import type {
  StatsCompare,
  StatsFigure,
} from "../../../query/stats/comparison.ts";
import {
  isStatsFigure,
  STATS_FIGURES,
} from "../../../query/stats/row_figures.ts";
import type {
  StatsAnswer,
  StatsBy,
} from "../../../query/stats/stats_answer.ts";
import { sessionCounter } from "../../../query/stats/stats.ts";
import { counted } from "../../../text/figures.ts";
import { comparedPeriods, PREVIOUS } from "../../args/compared_periods.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { STATS_GROUPS } from "../../catalog/choices.ts";
import type { CommandIo } from "../../command.ts";
import { STATS_COLUMNS, type StatsColumn } from "../../config/config.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { jsonText } from "../../text/json_document.ts";
import { pathHint } from "../../access/path_hint.ts";
import { UsageError } from "../../args/usage_error.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import {
  onceEach,
  type Places,
  placesOf,
  startedIn,
} from "../../shared/bundle_arguments.ts";
import { exitOf, visitBundles } from "../../shared/jobs/visit_bundles.ts";
import { jobOptions } from "../../shared/jobs/job_options.ts";
import { printDocument, printLines } from "../../shared/print.ts";
import {
  type RenderSettings,
  renderSettings,
} from "../../shared/query_command.ts";
import { comparedLines } from "./compare_text.ts";
import { comparedFigures } from "./compared_figures.ts";
import { comparedCsv, statsCsv } from "./csv_text.ts";
import { DEFAULT_COLUMNS } from "./stats_columns.ts";
import {
  type CountedSession,
  countSession,
  STATS_JOB,
  type StatsSettings,
} from "./stats_job.ts";
import { statsLines } from "./stats_text.ts";

/** What of the answer is wanted. */
interface Wanted {
  /** The columns, or of a comparison the figures; null for the usual ones. */
  readonly columns: readonly StatsColumn[] | null;
  /** Whether programs read it. */
  readonly isForPrograms: boolean;
}

/** Runs `stats`. */
export async function runStats(
  { operands, flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const isForPrograms = checkFormats(flags);
  const settings = renderSettings(flags, io);
  const columns = flags.choices("columns", STATS_COLUMNS) ?? null;
  const compareWith = flags.value("compare");
  if (compareWith !== undefined) checkFigures(columns);
  const places = startedIn(
    onceEach(placesOf(operands, io, "session"), io),
    flags,
    io,
  );
  const by = groupOf(flags, places);
  const compare = compareWith === undefined
    ? null
    : compareOf(compareWith, by, Date.now());
  const { prices } = settings.config;
  const collector = sessionCounter({ by, prices, compare });
  const losses = new Losses();
  const counting: StatsSettings = {
    by,
    limits: settings.limits,
    isOneOfMany: !places.isOne,
  };
  const take = ({ figures, losses: lost, note }: CountedSession) => {
    if (note !== null) io.stderrLine(note);
    losses.add(lost);
    collector.add(figures);
    return false;
  };
  if (places.isOne) {
    for (const bundle of places.bundles) {
      take(withBundleContext(
        bundle,
        () => countSession(bundle, counting),
        (error) => pathHint(bundle, error),
      ));
    }
  }
  const bundles = compare?.type === "periods"
    ? beganIn(compare, places.bundles)
    : places.bundles;
  const job = { name: "stats", kind: STATS_JOB, settings: counting } as const;
  const visited = places.isOne
    ? { read: 1, unread: 0 }
    : await visitBundles(bundles, io, job, jobOptions(flags, io), {
      take,
      skip: (bundle, message) => collector.skip(bundle, message),
    });
  for (const folder of places.unread) collector.addUnread(folder);
  if (bundles.length === 0 && places.bundles.length > 0) {
    io.stderrLine(
      `none of ${
        counted(places.bundles.length, "session")
      } began in a compared period`,
    );
  }
  await print(
    io,
    { operands, flags },
    collector.answer,
    { columns, isForPrograms },
    losses,
    settings,
  );
  losses.report(io);
  return exitOf(visited, losses.any || places.hasUnread);
}

/** The bundles that began in either period, and those whose start is not in a manifest. */
function beganIn(
  { period, before }: Extract<StatsCompare, { type: "periods" }>,
  bundles: readonly string[],
): string[] {
  return newestStarts(bundles, { since: before.since, until: period.until });
}

/** What rows are compared with. */
function compareOf(text: string, by: StatsBy, now: number): StatsCompare {
  switch (comparableBy(by)) {
    case "previous":
      if (text === PREVIOUS) return { type: "previous" };
      throw new UsageError(
        `--compare with --by ${by} compares each ${by} with the one before`,
        `write --compare ${PREVIOUS}, or compare two periods with --by model, tool or project`,
      );
    case "periods":
      if (text !== PREVIOUS) return comparedPeriods(text, now);
      throw new UsageError(
        `--compare ${PREVIOUS} needs --by day, week or month`,
      );
    case null:
      throw new UsageError(
        `--compare cannot be combined with --by ${by}: each is in one period only`,
        "use --by model, effort, tool, agent, session, project, day, week or month",
      );
  }
}

/** Refuses columns that have no figures. */
function checkFigures(columns: readonly StatsColumn[] | null): void {
  const [text] = columns?.filter((name) => !isStatsFigure(name)) ?? [];
  if (text === undefined) return;
  throw new UsageError(
    `column ${JSON.stringify(text)} has no figures to compare`,
    `figures are ${STATS_FIGURES.join(", ")}`,
  );
}

async function print(
  io: CommandIo,
  { operands, flags }: ParsedArgs,
  answer: StatsAnswer,
  wanted: Wanted,
  losses: Losses,
  { render, config }: RenderSettings,
): Promise<void> {
  const { comparison } = answer;
  const { columns } = wanted;
  const figures = figuresOf(answer, wanted, config.statsColumns);
  if (flags.on("json")) {
    const [place = ""] = operands;
    printDocument(io, "stats", {
      bundle: place,
      source: losses.source,
      partial: losses.data,
      answer,
    });
  } else if (flags.on("jsonl")) {
    const rows = comparison === null
      ? answer.rows
      : comparedFigures(comparison.rows, figures);
    await printLines(io, () => rows.map((row) => jsonText(row)));
  } else if (flags.on("csv")) {
    const csv = comparison === null
      ? statsCsv(answer, columns ?? csvColumns(answer))
      : comparedCsv(comparison, figures);
    io.writeBytes(new TextEncoder().encode(csv));
  } else if (comparison !== null) {
    await printLines(
      io,
      () => comparedLines(answer.by, comparison, figures, render),
    );
  } else if (answer.bundles.length > 0) {
    const [folder, ...others] = operands;
    const below = others.length === 0 ? folder : undefined;
    const look = {
      wanted: columns ?? config.statsColumns,
      below,
      hasLostEvents: losses.hasLostEvents,
      noun: losses.noun,
    };
    await printLines(io, () => statsLines(answer, look, render));
  }
}

/** Which figures are compared: those that the user wants, or for other programs all. */
function figuresOf(
  { by }: StatsAnswer,
  { columns, isForPrograms }: Wanted,
  configured: readonly StatsColumn[] | null,
): StatsFigure[] {
  const all = isForPrograms
    ? STATS_FIGURES
    : configured ?? ["bundles", ...DEFAULT_COLUMNS[by]];
  return [...new Set<string>(columns ?? all)].filter(isStatsFigure);
}

/** All columns but the one that repeats the group of each row. */
function csvColumns({ by }: StatsAnswer): StatsColumn[] {
  return STATS_COLUMNS.filter((name) => name !== by);
}

function groupOf(flags: ParsedFlags, { isOne }: Places): StatsBy {
  const isEachBundle = !isOne && !flags.on("compare");
  const [by = isEachBundle ? "bundle" : "model"] =
    flags.choices("by", STATS_GROUPS) ?? [];
  return by;
}

/** Whether rows are for programs; throws if there are several formats. */
function checkFormats(flags: ParsedFlags): boolean {
  const formats = ["json", "jsonl", "csv"].filter((each) => flags.on(each));
  if (formats.length > 1) {
    throw new UsageError(`--${formats.join(" and --")} cannot be combined`);
  }
  return formats.length > 0;
}

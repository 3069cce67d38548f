/**
 * `stats BUNDLE… | ROOT`: calls, tokens, latencies, failures and time, by what the user wants.
 *
 * @module
 */

import type {
  StatsAnswer,
  StatsBy,
} from "../../../query/stats/stats_answer.ts";
import { FigureCounter } from "../../../query/stats/stats.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { STATS_GROUPS } from "../../catalog/choices.ts";
import type { CommandIo } from "../../command.ts";
import { STATS_COLUMNS, type StatsColumn } from "../../config/config.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { jsonText } from "../../text/json_document.ts";
import { pathHint } from "../../access/path_hint.ts";
import { UsageError } from "../../args/usage_error.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import { type Places, placesOf } from "../../shared/bundle_arguments.ts";
import { exitOf, visitBundles } from "../../shared/jobs/visit_bundles.ts";
import { jobOptions } from "../../shared/jobs/job_options.ts";
import { printDocument, printLines } from "../../shared/print.ts";
import {
  type RenderSettings,
  renderSettings,
} from "../../shared/query_command.ts";
import { statsCsv } from "./csv_text.ts";
import {
  type CountedSession,
  countSession,
  STATS_JOB,
  type StatsSettings,
} from "./stats_job.ts";
import { statsLines } from "./stats_text.ts";

/** Runs `stats`. */
export async function runStats(
  { operands, flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  checkFormats(flags);
  const settings = renderSettings(flags, io);
  const columns = flags.choices("columns", STATS_COLUMNS) ?? null;
  const places = placesOf(operands, io);
  const by = groupOf(flags, places);
  const { prices } = settings.config;
  const collector = new FigureCounter({ by, prices });
  const losses = new Losses();
  const counted: StatsSettings = { by, limits: settings.limits };
  const take = ({ figures, losses: lost }: CountedSession) => {
    losses.add(lost);
    collector.add(figures);
    return false;
  };
  if (places.isOne) {
    for (const bundle of places.bundles) {
      take(withBundleContext(
        bundle,
        () => countSession(bundle, counted),
        (error) => pathHint(bundle, error),
      ));
    }
  }
  const job = { name: "stats", kind: STATS_JOB, settings: counted } as const;
  const visited = places.isOne
    ? { read: 1, unread: 0 }
    : await visitBundles(places.bundles, io, job, jobOptions(flags, io), {
      take,
      skip: (bundle, message) => collector.skip(bundle, message),
    });
  for (const folder of places.unread) collector.addUnread(folder);
  await print(
    io,
    { operands, flags },
    collector.answer,
    columns,
    losses,
    settings,
  );
  losses.report(io);
  return exitOf(visited, losses.any || places.hasUnread);
}

async function print(
  io: CommandIo,
  { operands, flags }: ParsedArgs,
  answer: StatsAnswer,
  columns: readonly StatsColumn[] | null,
  losses: Losses,
  { render, config }: RenderSettings,
): Promise<void> {
  if (flags.on("json")) {
    const [place = ""] = operands;
    printDocument(io, "stats", {
      bundle: place,
      source: losses.source,
      partial: losses.data,
      answer,
    });
  } else if (flags.on("jsonl")) {
    await printLines(io, () => answer.rows.map((row) => jsonText(row)));
  } else if (flags.on("csv")) {
    const csv = statsCsv(answer, columns ?? csvColumns(answer));
    io.writeBytes(new TextEncoder().encode(csv));
  } else if (answer.bundles.length > 0) {
    const [folder, ...others] = operands;
    const below = others.length === 0 ? folder : undefined;
    const wanted = columns ?? config.statsColumns;
    const { hasLostEvents } = losses;
    const look = { wanted, below, hasLostEvents };
    await printLines(io, () => statsLines(answer, look, render));
  }
}

/** All columns but the one that repeats the group of each row. */
function csvColumns({ by }: StatsAnswer): StatsColumn[] {
  return STATS_COLUMNS.filter((name) => name !== by);
}

function groupOf(flags: ParsedFlags, { isOne }: Places): StatsBy {
  const [by = isOne ? "model" : "bundle"] = flags.choices("by", STATS_GROUPS) ??
    [];
  return by;
}

function checkFormats(flags: ParsedFlags): void {
  const formats = ["json", "jsonl", "csv"].filter((each) => flags.on(each));
  if (formats.length > 1) {
    throw new UsageError(`--${formats.join(" and --")} cannot be combined`);
  }
}

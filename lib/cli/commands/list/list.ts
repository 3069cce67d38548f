/**
 * `list ROOT`: the bundles and session logs below a folder.
 *
 * @module
 */

import { foundSessions } from "../../../bundle/storage/find_bundles.ts";
import { quote } from "../../../errors.ts";
import type {
  ListAnswer,
  ListedBundle,
} from "../../../query/list/list_answer.ts";
import type { UnreadFolder } from "../../../query/session/answer_document.ts";
import {
  type ListOptions,
  newestStarts,
  withContinuations,
} from "../../../query/list/list_bundles.ts";
import {
  type ListFilter,
  type ListOrder,
  matchesFilter,
  sortedBy,
} from "../../../query/list/list_filter.ts";
import { filterOf } from "../../args/filter_flags.ts";
import { UsageError } from "../../args/usage_error.ts";
import { LIST_ORDERS } from "../../catalog/choices.ts";
import { jsonText } from "../../text/json_document.ts";
import { tabbedLines } from "./list_rows.ts";
import { isNewerSchema, NEWEST_SCHEMA } from "../../../schema/registry.ts";
import { counted } from "../../../text/figures.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { LIST_COLUMNS, type ListColumn } from "../../config/config.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { Progress } from "../../text/progress.ts";
import { NO_SESSION } from "../../shared/bundle_arguments.ts";
import { jobOptions } from "../../shared/jobs/job_options.ts";
import { type JobOptions, runJob } from "../../shared/jobs/run_job.ts";
import { printDocument, printLines } from "../../shared/print.ts";
import {
  type RenderSettings,
  renderSettings,
} from "../../shared/query_command.ts";
import { LIST_JOB } from "./list_job.ts";
import { listLines } from "./list_text.ts";

/** What the command line requests. */
interface ListRequest {
  readonly root: string;
  readonly columns: readonly ListColumn[] | null;
  readonly filter: ListFilter;
  readonly order: ListOrder;
  readonly max: number;
  readonly format: "json" | "jsonl" | "tabs" | "table";
  readonly options: ListOptions;
  readonly jobs: JobOptions;
}

/** Runs `list`. */
export async function runList(
  args: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const settings = renderSettings(args.flags, io);
  const request = requestOf(args, settings, io);
  const { root } = request;
  requireBundlePath(root, "root");
  const unread: UnreadFolder[] = [];
  const { bundles: below, logs } = foundSessions(
    root,
    (path, reason) => unread.push({ path, reason }),
  );
  const folders = [...below, ...logs];
  const { bundles, read } = await listed(folders, request, io);
  await print({ root, bundles, unread }, request, settings, io);
  if (folders.length === 0) {
    io.stderrLine(`error: ${NO_SESSION} below ${quote(root)}`);
  } else if (bundles.length === 0) {
    io.stderrLine(`none of ${counted(folders.length, "session")} match`);
    reportErrors(read, request, io);
  }
  for (const { path, reason } of unread) {
    io.stderrLine(`error: ${JSON.stringify(path)}: ${reason}`);
  }
  const exit = exitOf(read, bundles.length, io);
  return unread.length > 0 && exit === EXIT.ok ? EXIT.partial : exit;
}

/** Reports sessions with errors where none failed: agents and tools may, and a session be ok. */
function reportErrors(
  read: readonly ListedBundle[],
  { filter }: ListRequest,
  io: CommandIo,
): void {
  if (filter.failed !== true) return;
  const others = { ...filter, failed: false };
  const count =
    read.filter((each) =>
      (each.counts?.errors ?? 0) > 0 && matchesFilter(each, others)
    ).length;
  if (count === 0) return;
  io.stderrLine(
    `note: ${
      counted(count, "session")
    } with errors did not fail: --sort errors without --failed lists the most first`,
  );
}

function requestOf(
  { operands: [root = ""], flags }: ParsedArgs,
  { config, limits }: RenderSettings,
  io: CommandIo,
): ListRequest {
  const columns = flags.choices("columns", LIST_COLUMNS) ?? config.listColumns;
  const [order = "started"] = flags.choices("sort", LIST_ORDERS) ?? [];
  const format = formatOf(flags, io);
  const { prices } = config;
  const shows = (name: ListColumn) => columns?.includes(name) ?? false;
  const tokens = format !== "table" || order === "tokens" || order === "cost" ||
    shows("tokens") || shows("cost");
  // Of the usual columns, only those of a table have the size.
  const sizes = format === "json" || format === "jsonl" || order === "size" ||
    shows("size") || format === "table" && columns === null;
  return {
    root,
    columns,
    filter: filterOf(flags),
    order,
    max: flags.number("max-count") ?? Infinity,
    format,
    options: { limits, prices, tokens, sizes },
    jobs: jobOptions(flags, io),
  };
}

function formatOf(flags: ParsedFlags, io: CommandIo): ListRequest["format"] {
  if (flags.on("json") && flags.on("jsonl")) {
    throw new UsageError("--json and --jsonl cannot be combined");
  }
  if (flags.on("json")) return "json";
  if (flags.on("jsonl")) return "jsonl";
  const isForPeople = io.terminal().isTerminal || flags.on("width") ||
    flags.value("color") === "always";
  return isForPeople ? "table" : "tabs";
}

async function print(
  answer: ListAnswer,
  { root, columns, order, format }: ListRequest,
  { render }: RenderSettings,
  io: CommandIo,
): Promise<void> {
  const now = Date.now();
  switch (format) {
    case "json":
      return printDocument(io, "list", {
        bundle: root,
        source: "bundle",
        partial: null,
        answer,
      });
    case "jsonl":
      return await printLines(
        io,
        () => answer.bundles.map((each) => jsonText(each)),
      );
    case "tabs":
      return await printLines(
        io,
        () => tabbedLines(answer.bundles, columns, render.isLocal),
      );
    case "table":
      return await printLines(
        io,
        () => listLines(answer, { columns, order }, now, render),
      );
  }
}

/** The wanted bundles in their order, and every one that was read for them. */
async function listed(
  folders: readonly string[],
  { filter, order, max, options, jobs }: ListRequest,
  io: CommandIo,
): Promise<{ bundles: ListedBundle[]; read: ListedBundle[] }> {
  // By start, no more is read than will be printed.
  const isByStart = order === "started" && max < Infinity;
  const starts = isByStart || filter.since !== undefined ||
      filter.until !== undefined
    ? newestStarts(folders, filter)
    : folders;
  const progress = new Progress(io, starts.length, "bundles read");
  const read: ListedBundle[] = [];
  const found: ListedBundle[] = [];
  const job = { name: "list", kind: LIST_JOB, settings: options } as const;
  for await (const bundle of runJob(job, starts, jobs)) {
    read.push(bundle);
    if (matchesFilter(bundle, filter)) found.push(bundle);
    await progress.step();
    if (isByStart && found.length >= max) break;
  }
  progress.end();
  const known = new Map(
    withContinuations(read).map((each) => [each.bundle, each]),
  );
  const bundles = sortedBy(found, order).slice(0, max)
    .map((each) => known.get(each.bundle) ?? each);
  return { bundles, read };
}

function exitOf(
  read: readonly ListedBundle[],
  found: number,
  io: CommandIo,
): number {
  const unread = read.filter(({ error }) => error !== null);
  for (const { bundle, error } of unread) {
    io.stderrLine(`error: ${JSON.stringify(bundle)}: ${error}`);
  }
  const newer = read.filter(({ schema_version: schema }) =>
    schema !== null && isNewerSchema(schema)
  );
  if (newer.length > 0) {
    io.stderrLine(
      `partial: ${counted(newer.length, "bundle")} of a schema newer than ` +
        `this program (newest known: ${NEWEST_SCHEMA.version})`,
    );
  }
  if (read.length > 0 && read.length === unread.length) return EXIT.failed;
  if (found === 0) return EXIT.noResult;
  return unread.length + newer.length > 0 ? EXIT.partial : EXIT.ok;
}

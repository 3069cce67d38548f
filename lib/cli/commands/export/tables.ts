/**
 * `tables ROOT -o DIR`: all sessions below a directory as files of tables.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import { onDisk } from "../../../bundle/output/output_error.ts";
import {
  foundSessions,
  isFolder,
} from "../../../bundle/storage/find_bundles.ts";
import { TableDatabase } from "../../../export/tables/table_database.ts";
import {
  removeEmptyFolders,
  TableFolder,
  TableFolderError,
  type TableFolderOptions,
} from "../../../export/tables/table_folder.ts";
import {
  pricesPrint,
  type Shard,
  type TableBundle,
  tableBundle,
} from "../../../export/tables/table_part.ts";
import {
  CONTENT_LEVELS,
  TABLE_FORMATS,
} from "../../../export/tables/table_files.ts";
import { quote } from "../../../errors.ts";
import { logsWithoutBundle } from "../../../query/session/session_log/recorded_logs.ts";
import { counted } from "../../../text/figures.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { requireOutputFolder } from "../../access/output_path.ts";
import { requireAccess } from "../../access/permissions.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { configOf } from "../../config/read_config.ts";
import { reportRecorded } from "../../shared/bundle_arguments.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import { attempt } from "../../shared/jobs/attempt.ts";
import { jobOptions } from "../../shared/jobs/job_options.ts";
import { runJob } from "../../shared/jobs/run_job.ts";
import { Progress } from "../../text/progress.ts";
import { TABLES_JOB } from "./tables_job.ts";

/** Fewer sessions are read before workers have started. */
const MIN_SHARED_SESSIONS = 100;

/** Runs `tables`. Where it fails, no empty directory is left that was not there before. */
export async function runTables(
  args: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const output = outputOf(args.flags);
  const wasThere = isFolder(output);
  try {
    return await writeTables(args, output, io);
  } catch (error) {
    removeEmptyFolders(output, wasThere);
    throw error;
  }
}

function outputOf(flags: ParsedFlags): string {
  const output = flags.value("output");
  if (output === undefined) {
    throw new UsageError(
      "missing flag --output DIR",
      "name the directory of the tables: -o tables",
    );
  }
  requireAccess("read", output);
  return output;
}

async function writeTables(
  { operands: [root = ""], flags }: ParsedArgs,
  output: string,
  io: CommandIo,
): Promise<number> {
  const config = configOf(flags, (why) => io.stderrLine(`note: ${why}`));
  const { prices } = config;
  const options = optionsOf(flags);
  requireBundlePath(root, "root");
  requireAccess("write", output);
  requireOutputFolder(root, output);
  const limits = { ...config.limits, ...limitsOf(flags) };
  using tables = await openTables(output, options, limits);
  const print = pricesPrint(prices);
  const faults: string[] = [];
  const { bundles: folders, logs } = foundSessions(
    root,
    (path, reason) => faults.push(`${quote(path)}: ${reason}`),
  );
  const kept = logsWithoutBundle(folders, logs);
  reportRecorded(logs.length - kept.length, io);
  const paths = [...folders, ...kept];
  const bundles = described(
    paths,
    (path) => tableBundle(path, options.shard, print),
    faults,
  );
  const losses = new Losses();
  const failed = new Set<string>();
  const progress = new Progress(io, bundles.length, "bundles read");
  const job = {
    name: "tables",
    kind: TABLES_JOB,
    settings: {
      options: { ...options, prices },
      limits,
    },
  } as const;
  const jobs = jobOptions(flags, io);
  const run = await tables.update(
    bundles,
    async function* (parts) {
      const sessions = parts.reduce((sum, { length }) => sum + length, 0);
      const hasLongTasks = sessions > MIN_SHARED_SESSIONS;
      for await (const made of runJob(job, parts, { ...jobs, hasLongTasks })) {
        for (const fault of made.faults) faults.push(fault);
        for (const path of made.part.unreadable) failed.add(path);
        for (const each of made.losses) losses.add(each);
        yield made.part;
      }
    },
    (sessions) => progress.step(sessions),
  );
  progress.end();
  for (const fault of faults) io.stderrLine(`error: ${fault}`);
  const before = run.unreadable.filter((path) => !failed.has(path));
  for (const path of before) {
    io.stderrLine(`error: ${quote(path)}: could not be read before, unchanged`);
  }
  losses.report(io);
  io.stderrLine(
    `${counted(run.bundles, "session")}: ${run.read} read, ${
      counted(run.days, "day")
    } written`,
  );
  io.printUntrustedLine(output);
  if (paths.length === 0) return EXIT.noResult;
  return faults.length + before.length > 0 || losses.any
    ? EXIT.partial
    : EXIT.ok;
}

function optionsOf(flags: ParsedFlags): TableFolderOptions {
  const [format = "parquet"] = flags.choices("format", TABLE_FORMATS) ?? [];
  const [content = "none"] = flags.choices("content", CONTENT_LEVELS) ?? [];
  return { format, content, shard: shardOf(flags.value("shard")) };
}

function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, index = "", count = ""] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new UsageError(
    `invalid value ${quote(text)} for --shard`,
    "I/N is the number of this part, from 1, and how many there are: 2/8",
  );
}

async function openTables(
  output: string,
  options: TableFolderOptions,
  limits: Partial<Limits>,
): Promise<TableFolder | TableDatabase> {
  try {
    if (options.format !== "sqlite") {
      return new TableFolder(output, options, limits);
    }
    onDisk(output, () => Deno.mkdirSync(output, { recursive: true }));
    return await TableDatabase.open(output, options, limits);
  } catch (error) {
    if (!(error instanceof TableFolderError)) throw error;
    throw new UsageError(error.message, "name another directory with -o");
  }
}

function described(
  paths: readonly string[],
  describe: (path: string) => TableBundle | null,
  faults: string[],
): TableBundle[] {
  return paths.flatMap((path) => {
    const found = attempt(path, () => describe(path));
    if (found.type === "read") return found.value ?? [];
    faults.push(found.message);
    return [];
  });
}

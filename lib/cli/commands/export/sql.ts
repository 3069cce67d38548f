/**
 * `sql BUNDLE|ROOT STATEMENT`: any question about sessions, in SQL.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import { neededBy } from "../../../export/tables/catalog.ts";
import {
  namesOf,
  SqlError,
  SqlMemoryError,
  TraceDatabase,
} from "../../../export/tables/database.ts";
import { requireAccess } from "../../access/permissions.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { suggestion } from "../../args/closest_word.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import {
  onceEach,
  placesOf,
  startedIn,
} from "../../shared/bundle_arguments.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import { jobOptions } from "../../shared/jobs/job_options.ts";
import type { JobOptions } from "../../shared/jobs/run_job.ts";
import { printLines } from "../../shared/print.ts";
import {
  type RenderSettings,
  renderSettings,
} from "../../shared/query_command.ts";
import { withUnicode } from "../../text/wrap/unicode.ts";
import { exitOf, visitBundles } from "../../shared/jobs/visit_bundles.ts";
import { schemaLines, TABLE_NAMES, tableLines } from "./catalog_text.ts";
import { printRows, ROW_FORMATS, type RowFormat } from "./row_formats.ts";
import { SQL_JOB } from "./sql_job.ts";

/** The longest statement that is read from a file or from standard input. */
const MAX_STATEMENT_BYTES = 1024 * 1024;

/** Runs `sql`. */
export async function runSql(
  { operands, flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const settings = renderSettings(flags, io);
  const format = formatOf(flags);
  if (flags.on("tables")) {
    await printLines(io, () => tableLines(settings.render));
    return EXIT.ok;
  }
  const table = flags.value("schema");
  if (table !== undefined) return await printSchema(table, settings, io);
  const [place] = operands;
  if (place === undefined) {
    throw new UsageError(
      "missing BUNDLE or ROOT",
      "--tables lists the tables without a bundle",
    );
  }
  const sql = await statementOf(operands, flags, io);
  const options = jobOptions(flags, io);
  return await answer({ place, sql, format, settings, options, flags }, io);
}

/** What is asked, and of which bundles. */
interface SqlRequest {
  readonly place: string;
  readonly sql: string;
  readonly format: RowFormat;
  readonly settings: RenderSettings;
  readonly options: JobOptions;
  readonly flags: ParsedFlags;
}

async function answer(
  { place, sql, format, settings, options, flags }: SqlRequest,
  io: CommandIo,
): Promise<number> {
  const { limits, render, config: { prices } } = settings;
  const { bundles, isOne, hasUnread } = startedIn(
    onceEach(placesOf([place], io, "session"), io),
    flags,
    io,
  );
  if (bundles.length === 0) return EXIT.noResult;
  const needed = neededBy(sql);
  using database = await TraceDatabase.open(needed);
  // A statement that cannot be run is refused before the bundles are read.
  await checked(() => database.check(sql));
  const losses = new Losses();
  const needs = namesOf(needed);
  const job = {
    name: "sql",
    kind: SQL_JOB,
    settings: { needs, limits, prices, isOneOfMany: !isOne },
  } as const;
  const visited = await visitBundles(bundles, io, job, options, {
    take: ({ rows, losses: lost, note }) => {
      if (note !== null) io.stderrLine(note);
      losses.add(lost);
      database.loadRows(rows);
      return false;
    },
  });
  const exit = exitOf(visited, losses.any || hasUnread);
  if (exit === EXIT.failed) return exit;
  const result = await checked(() => database.query(sql));
  await printRows(result, format, render, io);
  losses.report(io);
  return exit === EXIT.ok && result.rows.length === 0 ? EXIT.noResult : exit;
}

function formatOf(flags: ParsedFlags): RowFormat {
  const formats = ROW_FORMATS.filter((each) => flags.on(each));
  if (formats.length > 1) {
    throw new UsageError(`--${formats.join(" and --")} cannot be combined`);
  }
  return formats[0] ?? "table";
}

async function printSchema(
  name: string,
  { render }: RenderSettings,
  io: CommandIo,
): Promise<number> {
  const lines = await withUnicode(() => schemaLines(name, render));
  if (lines === null) throw await unknownTable(name);
  await printLines(io, () => lines);
  return EXIT.ok;
}

async function unknownTable(name: string): Promise<UsageError> {
  return new UsageError(
    `no such table: ${name}${await suggestion(name, TABLE_NAMES)}`,
    "rollout-trace sql --tables lists the tables",
  );
}

/** The statement on the command line, in the file, or on standard input. */
async function statementOf(
  [, statement]: readonly string[],
  flags: ParsedFlags,
  io: CommandIo,
): Promise<string> {
  const file = flags.value("file");
  if (statement !== undefined && file !== undefined) {
    throw new UsageError("STATEMENT and --file cannot be combined");
  }
  if (statement !== undefined) return statement;
  if (file !== undefined) return readFile(file);
  const input = io.stdin();
  if (input === undefined) {
    throw new UsageError(
      "missing STATEMENT",
      "name it, name a file with --file, or write it to standard input",
    );
  }
  return await readInput(input);
}

function readFile(path: string): string {
  requireAccess("read", path);
  let bytes: Uint8Array;
  try {
    const info = Deno.statSync(path);
    if (!info.isFile) throw new UsageError(`${quote(path)} is no file`);
    if (info.size > MAX_STATEMENT_BYTES) throw tooLong();
    bytes = Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    throw new UsageError(`cannot read ${quote(path)}: ${error.message}`);
  }
  return textOf(bytes);
}

async function readInput(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.length;
    if (size > MAX_STATEMENT_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return textOf(bytes);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError("the statement is not UTF-8");
  }
}

function tooLong(): UsageError {
  return new UsageError(
    `the statement is longer than ${MAX_STATEMENT_BYTES} bytes`,
  );
}

/** Reports what SQLite refuses as an error of the command line. */
async function checked<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const missing = /^no such table: (\w+)$/.exec(error.message)?.[1];
    if (missing !== undefined) throw await unknownTable(missing);
    throw new UsageError(
      `SQL: ${error.message}`,
      error instanceof SqlMemoryError
        ? "ask for less with WHERE, LIMIT or substr(), or of fewer sessions"
        : "rollout-trace sql --schema TABLE describes the columns of a table",
    );
  }
}

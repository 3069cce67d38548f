/**
 * The tables of commands about several bundles, or all below a directory.
 *
 * @module
 */

import {
  FILTER_FLAGS,
  MAX_COUNT_FLAG,
  PERIOD_FLAGS,
} from "../args/filter_flags.ts";
import { LIMIT_FLAG } from "../args/limit_flag.ts";
import type { Flag, Operand } from "../args/flag.ts";
import type { Command } from "../command.ts";
import { LAZY_COMMANDS } from "../lazy_commands.ts";
import { LIST_COLUMNS, STATS_COLUMNS } from "../config/config.ts";
import {
  CONFIG_FLAG,
  HELP_FLAG,
  JOB_FLAGS,
  LATEST_FLAG,
  LOCAL_FLAG,
  OUTPUT_NOTE,
  QUERY_FLAGS,
  REDACT_FLAGS,
  SESSION_FLAGS,
} from "./common_flags.ts";
import {
  CONTENT_LEVELS,
  EXPORT_FORMATS,
  LIST_ORDERS,
  STATS_GROUPS,
  TABLE_FORMATS,
} from "./choices.ts";

/** Bundles, directories above them, or session logs. */
const BUNDLES: Operand = {
  name: "BUNDLE",
  description:
    "the directory of a bundle, a directory above bundles, or a session log",
  repeatable: true,
  selects: "session",
};

const ROOT: Operand = {
  name: "ROOT",
  description:
    "a directory above the bundles; by default that of $CODEX_ROLLOUT_TRACE_ROOT",
  selects: "root",
};

/** Formats of rows for other programs. */
const ROW_FLAGS: readonly Flag[] = [
  {
    name: "csv",
    description: "print the rows as CSV",
    details:
      "texts that a spreadsheet would run as a formula begin with an apostrophe",
  },
  { name: "jsonl", description: "print the rows as JSON, one a line" },
];

/** `stats`. */
export const STATS: Command = {
  name: "stats",
  summary: "Count requests, tokens, latencies, failures, time and cost",
  description: [
    "Counts LLM requests, tool calls, tokens, latencies, failures, time and cost of one bundle, of several, or of all bundles below a directory.",
  ],
  operands: [BUNDLES],
  examples: [
    { args: "~/traces/trace-2f0c --by turn" },
    { args: "~/traces --csv > traces.csv" },
    {
      args: "~/traces --compare 7d --by project",
      description: "the last week and the one before it",
    },
  ],
  flags: [
    {
      name: "by",
      value: { type: "choice", name: "WHAT", choices: STATS_GROUPS },
      description: "what each row counts",
      details: "by default model for one bundle, and bundle for several",
    },
    {
      name: "columns",
      value: { type: "choices", name: "A,B", choices: STATS_COLUMNS },
      description: "these columns, in this order",
      details: "by default all of them with --csv",
    },
    {
      name: "compare",
      value: { type: "text", name: "PERIODS" },
      description: "compare sessions that began in two periods",
      details:
        "7d is the last 7 days and the 7 before; also FROM..TO,FROM..TO, or previous with --by day, week or month",
    },
    ...PERIOD_FLAGS,
    ...ROW_FLAGS,
    ...JOB_FLAGS,
    ...SESSION_FLAGS,
  ],
  notes: [
    "Cached tokens are part of the input, reasoning tokens of the output. Latencies are of requests that ended; percentiles are by nearest rank. The time of turns is divided: model while an LLM request ran, tool while none did but a tool call or a code cell, idle while neither did; what ran in parallel is counted once. Costs use the prices of your config file.",
    "A bundle that cannot be read is reported, and the others are counted.",
  ],
  permissions: "--allow-read=BUNDLE",
  exits: {
    1: "no bundle",
    3: "partial result: a bundle could not be read or not be reduced completely",
    4: "no bundle could be read",
  },
  load: LAZY_COMMANDS.stats,
};

/** `list`. */
export const LIST: Command = {
  name: "list",
  summary: "List the bundles below a directory, the newest first",
  description: [
    "Lists the bundles below a directory, the newest first: how each ended, its age and size, the first prompt of the user, and the result. Nothing is reduced, so that hundreds of bundles take a moment. Symbolic links are not followed.",
  ],
  operands: [ROOT],
  examples: [
    { args: "~/traces --since 2d --failed" },
    { args: "~/traces -n 20 --sort tokens" },
    { args: "~/traces --json", description: "everything that is known" },
  ],
  flags: [
    {
      name: "columns",
      value: { type: "choices", name: "A,B", choices: LIST_COLUMNS },
      description: "these columns, in this order",
    },
    MAX_COUNT_FLAG,
    {
      name: "sort",
      value: { type: "choice", name: "WHAT", choices: LIST_ORDERS },
      default: "started",
      description: "the largest, or newest, first",
    },
    ...FILTER_FLAGS,
    { name: "jsonl", description: "print a JSON object a line" },
    ...JOB_FLAGS,
    LOCAL_FLAG,
    ...QUERY_FLAGS,
  ],
  notes: [
    "In a pipe, a bundle is a line of values with tabs between: times are ISO 8601, durations milliseconds, unknown values empty. --width or --color always prints the table.",
    "Errors are LLM requests, compactions, tool calls and code cells that were recorded as failed. A command that ended with another exit code than 0 is none: that is in payloads, which are not read for it; sql and stats have it.",
  ],
  permissions: "--allow-read=ROOT",
  exits: {
    1: "no bundle, or none that matches",
    3: "a bundle could not be read, or has a newer schema",
    4: "no bundle could be read",
  },
  load: LAZY_COMMANDS.list,
};

/** `export`. */
export const EXPORT: Command = {
  name: "export",
  summary: "Write sessions in the formats of other tools",
  description: [
    `  chrome    spans as Trace Event JSON: opens in ui.perfetto.dev and in Chrome DevTools
  otlp      spans as OpenTelemetry traces, one JSON document a session: for collectors
  atif      messages, calls and results, in the Agent Trajectory Interchange Format 1.7:
            one JSON document a session, in which its agents are embedded
  markdown  the session turn by turn, for an issue or a review
  messages  one request, as the API of the provider takes it: with --at and --content`,
    "Spans are what ran, when, and inside what: threads, turns, LLM requests, tool calls, code cells, terminal operations and compactions, with outcomes and tokens, and interactions between agents as links. No text of a session is written without --content: no prompt, output, error, command or path.",
    "Of a session log, which has no LLM requests and no times of tool calls, only markdown and atif can be written.",
    "A request that continues a response, which only the provider has, gets its complete input: that of the request before it, the items of the response, and its own. Where a piece was not recorded, nothing is written.",
  ],
  operands: [BUNDLES],
  examples: [
    { args: "BUNDLE -o trace.json --format chrome" },
    { args: "~/traces -o traces.jsonl --format otlp" },
    {
      args: "BUNDLE --at call:3 -o request.json --format messages --content",
    },
  ],
  flags: [
    {
      name: "output",
      alias: "o",
      value: { type: "path", name: "FILE" },
      description: "the file to write, required",
      details: "- is standard output",
    },
    {
      name: "format",
      value: { type: "choice", name: "FORMAT", choices: EXPORT_FORMATS },
      description: "the format, required",
    },
    {
      name: "content",
      description: "write texts of the session as well",
      details:
        "chrome has no place for them; with otlp each request has its complete input",
    },
    {
      name: "openinference",
      description: "add the attributes of OpenInference",
      details: "only with otlp",
    },
    {
      name: "at",
      value: { type: "text", name: "REQUEST" },
      description: "the request to write, such as call:3",
      details: "only with messages",
    },
    ...REDACT_FLAGS,
    LATEST_FLAG,
    LIMIT_FLAG,
    CONFIG_FLAG,
    HELP_FLAG,
  ],
  notes: [
    "Ids of spans are made of those of the session: a second import adds nothing. A span whose end was not recorded ends at the last event, and its attribute end_recorded is false; one during which the clock jumped has no attribute duration_ms.",
    OUTPUT_NOTE,
  ],
  permissions: "--allow-read=BUNDLE and --allow-write=FILE",
  exits: {
    1: "no bundle",
    3: "partial result: a bundle could not be read or not be reduced completely; with --redact also: the scan of the output found values, and nothing was written",
    4: "no bundle could be read, or unwritable output",
  },
  load: LAZY_COMMANDS.export,
};

/** `sql`. */
export const SQL: Command = {
  name: "sql",
  summary: "Query the sessions of a bundle, or of many, in SQL",
  forms: ["BUNDLE|ROOT STATEMENT", "--tables", "--schema TABLE"],
  description: [
    "Runs one statement of SQLite over tables of sessions, threads, turns, requests, items, tool calls and more. The tables are made in memory and can only be read. Only tables and columns that the statement names are loaded, * is every column, and with --since only sessions that began then or later.",
  ],
  operands: [
    {
      name: "BUNDLE",
      description:
        "the directory of a bundle, a directory above bundles, or a session log",
      optional: true,
      selects: "session",
    },
    {
      name: "STATEMENT",
      description: "the statement; by default it is read from standard input",
      optional: true,
    },
  ],
  examples: [
    {
      args:
        'BUNDLE "SELECT tool, count(*), avg(duration_ms) FROM tool_calls GROUP BY tool"',
    },
    {
      args:
        '~/traces --since yesterday "SELECT path, first_error FROM sessions WHERE first_error IS NOT NULL"',
    },
    { args: "--schema llm_requests" },
  ],
  flags: [
    {
      name: "file",
      alias: "f",
      value: { type: "path", name: "FILE" },
      description: "read the statement from FILE",
    },
    { name: "tables", description: "list the tables" },
    {
      name: "schema",
      value: { type: "text", name: "TABLE" },
      description: "describe the columns of a table",
    },
    ...PERIOD_FLAGS,
    ...ROW_FLAGS,
    { name: "markdown", description: "print the rows as a Markdown table" },
    ...JOB_FLAGS,
    ...SESSION_FLAGS,
  ],
  notes: [
    "Times are ISO 8601 in UTC, durations milliseconds, costs by the prices of your config file; what was not recorded is NULL. --json prints an array of objects.",
    "A bundle that cannot be read is reported, and the others are queried.",
  ],
  permissions: "--allow-read=BUNDLE (and --allow-read=FILE)",
  exits: {
    1: "no bundle, or no row",
    3: "partial result: a bundle could not be read or not be reduced completely",
    4: "no bundle could be read",
  },
  load: LAZY_COMMANDS.sql,
};

/** `tables`. */
export const TABLES: Command = {
  name: "tables",
  summary: "Write all sessions below a directory as tables",
  description: [
    "Writes the tables of sql as files that any engine reads: one file for each table and day, such as DIR/turns/date=2026-11-29/part.parquet, and more of a day with many sessions. With --format sqlite they are one database, DIR/tables.sqlite. A later run reads only the days with new or changed sessions; however often it runs, or is killed, each session is in the tables once.",
  ],
  operands: [ROOT],
  examples: [
    { args: "~/traces -o tables" },
    { args: "~/traces -o tables-3 --shard 3/8", description: "one of 8 parts" },
  ],
  flags: [
    {
      name: "output",
      alias: "o",
      value: { type: "path", name: "DIR" },
      description: "the directory of the tables, required",
    },
    {
      name: "format",
      value: { type: "choice", name: "FORMAT", choices: TABLE_FORMATS },
      default: "parquet",
      description: "the format of the tables",
    },
    {
      name: "content",
      value: { type: "choice", name: "LEVEL", choices: CONTENT_LEVELS },
      default: "none",
      description: "how much free text of sessions is written",
      details:
        "prompts, code, output, paths, errors; short is 200 characters of each",
    },
    {
      name: "shard",
      value: { type: "text", name: "I/N" },
      description: "only part I of N, the same sessions on every machine",
    },
    ...JOB_FLAGS,
    LIMIT_FLAG,
    CONFIG_FLAG,
    HELP_FLAG,
  ],
  notes: [
    "DIR/tables.json lists the sessions of each day. The sessions of a day are in the order of their ids, so that equal sessions are equal bytes. Costs use the prices of your config file; where those change, all sessions are read again.",
  ],
  permissions: "--allow-read=ROOT,DIR and --allow-write=DIR",
  exits: {
    1: "no bundle",
    3: "partial result: a bundle could not be read or not be reduced completely",
    4: "unwritable output",
  },
  load: LAZY_COMMANDS.tables,
};

/**
 * The tables of commands about bundles as such, and about several of them.
 *
 * @module
 */

import { LIMIT_FLAG } from "../args/limit_flag.ts";
import type { Command } from "../command.ts";
import { runReduce } from "../commands/reduce/reduce.ts";
import { LIST_COLUMNS, STATS_COLUMNS } from "../config/config.ts";
import {
  BUNDLE,
  BUNDLE_DIRECTORY,
  FORCE_RAW_FLAG,
  HELP_FLAG,
  JSON_FLAG,
  LATEST_FLAG,
  OUTPUT_NOTE,
  QUERY_FLAGS,
  SESSION_FLAGS,
} from "./common_flags.ts";
import {
  EXPORT_FORMATS,
  PAYLOAD_CHOICES,
  SHELLS,
  STATS_GROUPS,
} from "./choices.ts";

const lazy = () => import("../lazy_commands.ts");

/** `reduce`, whose code is loaded with the program. */
export const REDUCE: Command = {
  name: "reduce",
  summary: "Reduce a trace bundle to state.json",
  description: [
    "Replays a trace bundle of Codex and writes the resulting graph to BUNDLE/state.json, byte for byte as Codex itself writes it. Prints the path.",
  ],
  operands: [BUNDLE_DIRECTORY],
  examples: [
    { args: "BUNDLE" },
    { args: "BUNDLE --tolerant -o graph.json" },
  ],
  flags: [
    {
      name: "output",
      alias: "o",
      value: { type: "path", name: "FILE" },
      description: "write to FILE",
      details: "- is standard output",
    },
    FORCE_RAW_FLAG,
    {
      name: "tolerant",
      alias: "t",
      description: "skip what cannot be reduced",
      details:
        "each skip is reported; without this flag the first contradiction is an error",
    },
    {
      name: "diagnostics",
      value: { type: "path", name: "FILE" },
      description: "write diagnostics to FILE",
      details: "one JSON object a line; by default standard error",
    },
    LATEST_FLAG,
    LIMIT_FLAG,
    { name: "verbose", description: "print on standard error what was read" },
    HELP_FLAG,
  ],
  notes: [OUTPUT_NOTE],
  permissions:
    "--allow-read=BUNDLE and --allow-write=BUNDLE/state.json (or the FILEs)",
  exits: {
    1: null,
    3: "partial success: some events were skipped",
    4: "unreadable bundle or unwritable output",
  },
  load: () => Promise.resolve(runReduce),
};

/** `check`. */
export const CHECK: Command = {
  name: "check",
  summary: "Validate a trace bundle",
  description: [
    "Validates the manifest, every line of the log, the order of events, and the payloads: what is missing or unused, what never ended or never started, and whether the bundle can be reduced. Reads only inside the directory and writes nothing.",
  ],
  operands: [BUNDLE_DIRECTORY],
  examples: [{ args: "BUNDLE" }, { args: "BUNDLE --json" }],
  flags: [JSON_FLAG, LATEST_FLAG, LIMIT_FLAG, HELP_FLAG],
  permissions: "--allow-read=BUNDLE",
  exits: {
    0: "valid (there may be notes)",
    1: "errors or warnings were found",
    3: "nothing is wrong as far as it could be examined, because the bundle has a newer schema or events of one",
    4: "unreadable directory",
  },
  load: async () => (await lazy()).runCheck,
};

/** `stats`. */
export const STATS: Command = {
  name: "stats",
  summary: "Count requests, tokens, latencies, failures, time and cost",
  description: [
    "Counts LLM requests, tool calls, tokens, latencies, failures, time and cost of one bundle, of several, or of all bundles below a directory.",
  ],
  operands: [{
    name: "BUNDLE",
    description: "the directory of a bundle, or a directory above bundles",
    repeatable: true,
    selects: "bundle",
  }],
  examples: [
    { args: "~/traces/trace-2f0c --by turn" },
    { args: "~/traces --csv > traces.csv" },
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
      name: "csv",
      description: "print the rows as CSV",
      details:
        "texts that a spreadsheet would run as a formula begin with an apostrophe",
    },
    { name: "jsonl", description: "print the rows as JSON, one a line" },
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
  load: async () => (await lazy()).runStats,
};

/** `export`. */
export const EXPORT: Command = {
  name: "export",
  summary: "Write sessions as spans for other tools",
  description: [
    "Writes what ran, when, and inside what: threads, turns, LLM requests, tool calls, code cells, terminal operations and compactions as spans, with outcomes and tokens, and interactions between agents as links. No text of the session is written: no prompt, output, error, command or path.",
    `  chrome  Trace Event JSON: opens in ui.perfetto.dev and in Chrome DevTools
  otlp    OpenTelemetry traces, one JSON document a session: for collectors`,
  ],
  operands: [{
    name: "BUNDLE",
    description: "the directory of a bundle, or a directory above bundles",
    repeatable: true,
    selects: "bundle",
  }],
  examples: [
    { args: "BUNDLE -o trace.json --format chrome" },
    { args: "~/traces -o traces.jsonl --format otlp" },
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
    LATEST_FLAG,
    LIMIT_FLAG,
    HELP_FLAG,
  ],
  notes: [
    "Ids of spans are made of those of the session: a second import adds nothing. A span whose end was not recorded ends at its start, or at the last event if it never ended, and its attribute end_recorded is false.",
    OUTPUT_NOTE,
  ],
  permissions: "--allow-read=BUNDLE and --allow-write=FILE",
  exits: {
    1: "no bundle",
    3: "partial result: a bundle could not be read or not be reduced completely",
    4: "no bundle could be read, or unwritable output",
  },
  load: async () => (await lazy()).runExport,
};

/** `sql`. */
export const SQL: Command = {
  name: "sql",
  summary: "Query the sessions of a bundle, or of many, in SQL",
  forms: ["BUNDLE|ROOT STATEMENT", "--tables", "--schema TABLE"],
  description: [
    "Runs one statement of SQLite over tables of sessions, threads, turns, requests, items, tool calls and more. The tables are made in memory and can only be read. Only tables that the statement names are loaded.",
  ],
  operands: [
    {
      name: "BUNDLE",
      description: "the directory of a bundle, or a directory above bundles",
      optional: true,
      selects: "bundle",
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
    {
      name: "csv",
      description: "print the rows as CSV",
      details:
        "texts that a spreadsheet would run as a formula begin with an apostrophe",
    },
    { name: "jsonl", description: "print the rows as JSON, one a line" },
    { name: "markdown", description: "print the rows as a Markdown table" },
    ...SESSION_FLAGS,
  ],
  notes: [
    "Times are ISO 8601 in UTC, durations milliseconds; what was not recorded is NULL. --json prints an array of objects.",
    "A bundle that cannot be read is reported, and the others are queried.",
  ],
  permissions: "--allow-read=BUNDLE (and --allow-read=FILE)",
  exits: {
    1: "no bundle, or no row",
    3: "partial result: a bundle could not be read or not be reduced completely",
    4: "no bundle could be read",
  },
  load: async () => (await lazy()).runSql,
};

/** `list`. */
export const LIST: Command = {
  name: "list",
  summary: "List the bundles below a directory, the newest first",
  description: [
    "Lists the bundles below a directory, the newest first: how each ended, its age and size, the first prompt of the user, and the result. Nothing is reduced, so that hundreds of bundles take a moment. Symbolic links are not followed.",
  ],
  operands: [{
    name: "ROOT",
    description:
      "a directory above the bundles; by default that of $CODEX_ROLLOUT_TRACE_ROOT",
    selects: "root",
  }],
  examples: [{ args: "~/traces" }],
  flags: [
    {
      name: "columns",
      value: { type: "choices", name: "A,B", choices: LIST_COLUMNS },
      description: "these columns, in this order",
    },
    ...QUERY_FLAGS,
  ],
  permissions: "--allow-read=ROOT",
  exits: {
    1: "no bundle",
    3: "a bundle could not be read, or has a newer schema",
    4: "no bundle could be read",
  },
  load: async () => (await lazy()).runList,
};

/** `report`. */
export const REPORT: Command = {
  name: "report",
  summary: "Write one HTML page that explains a session",
  description: [
    "Writes one page that explains the session: overview, timeline, transcripts, agents, search, and the evidence for each. The page works offline, opened from disk, and loads nothing. Prints the path.",
  ],
  operands: [BUNDLE],
  examples: [
    { args: "BUNDLE -o report.html" },
    { args: "BUNDLE -o report.html --payloads all" },
  ],
  flags: [
    {
      name: "output",
      alias: "o",
      value: { type: "path", name: "FILE" },
      description: "the page to write, required",
      details: "- is standard output",
    },
    FORCE_RAW_FLAG,
    {
      name: "payloads",
      value: { type: "choice", name: "WHICH", choices: PAYLOAD_CHOICES },
      default: "used",
      description: "payloads to embed",
      details: "used are those that objects reference",
    },
    {
      name: "payload-limit",
      value: { type: "size", name: "SIZE" },
      default: "8M",
      description: "maximum bytes of embedded payloads",
      details: "the largest are omitted, which page and program report",
    },
    LATEST_FLAG,
    LIMIT_FLAG,
    HELP_FLAG,
  ],
  notes: [
    "The page holds what the bundle holds: prompts, outputs, perhaps secrets.",
    OUTPUT_NOTE,
  ],
  permissions: "--allow-read=BUNDLE and --allow-write=FILE",
  exits: {
    1: null,
    4: "unreadable bundle or unwritable output",
    3: "partial result: part of the bundle could not be reduced",
  },
  load: async () => (await lazy()).runReport,
};

/** `completions`, for the commands that it completes. */
export function completionsEntry(commands: () => readonly Command[]): Command {
  return {
    name: "completions",
    summary: "Print a script that completes command lines in a shell",
    description: [
      "Prints a script by which a shell completes commands, flags, their values, and paths of bundles.",
      `  bash  in ~/.bashrc:  eval "$(rollout-trace completions bash)"
  zsh   in a directory of $fpath, before compinit runs:
        rollout-trace completions zsh > ~/.zsh/completions/_rollout-trace
  fish  rollout-trace completions fish \\
          > ~/.config/fish/completions/rollout-trace.fish`,
    ],
    operands: [{
      name: "SHELL",
      description: "bash, zsh or fish",
      choices: SHELLS,
    }],
    examples: [],
    flags: [HELP_FLAG],
    exits: { 1: null, 2: "usage error", 3: null, 4: null },
    load: async () => (await lazy()).runCompletions(commands()),
  };
}

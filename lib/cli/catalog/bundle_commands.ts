/**
 * The tables of commands about bundles as such.
 *
 * @module
 */

import type { Flag } from "../args/flag.ts";
import { LIMIT_FLAG } from "../args/limit_flag.ts";
import type { Command } from "../command.ts";
import { LAZY_COMMANDS } from "../lazy_commands.ts";
import {
  BUNDLE_DIRECTORY,
  CONFIG_FLAG,
  FORCE_RAW_FLAG,
  HELP_FLAG,
  JSON_FLAG,
  KEEP_FLAG,
  LATEST_FLAG,
  LOCAL_FLAG,
  OUTPUT_NOTE,
  PERSONAL_FLAG,
  REDACT_FLAGS,
  SESSION,
} from "./common_flags.ts";
import { PAYLOAD_CHOICES, REDACT_CONTENT, SHELLS } from "./choices.ts";

const PAGE_OUTPUT_FLAG: Flag = {
  name: "output",
  alias: "o",
  value: { type: "path", name: "FILE" },
  description: "the page to write, required",
  details: "- is standard output",
};

/** `reduce`. */
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
  load: LAZY_COMMANDS.reduce,
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
  flags: [JSON_FLAG, LOCAL_FLAG, LATEST_FLAG, LIMIT_FLAG, HELP_FLAG],
  permissions: "--allow-read=BUNDLE",
  exits: {
    0: "valid (there may be notes)",
    1: "errors or warnings were found",
    3: "nothing is wrong as far as it could be examined, because the bundle has a newer schema or events of one",
    4: "unreadable directory",
  },
  load: LAZY_COMMANDS.check,
};

/** The shortest time from one page of `report --watch` to the next. */
const MIN_WATCH_SECONDS = 1;
/** The longest time. */
const MAX_WATCH_SECONDS = 3600;
/** The time where none is given. */
const DEFAULT_WATCH_SECONDS = 5;

/** `report`. */
export const REPORT: Command = {
  name: "report",
  summary: "Write one HTML page that explains a session",
  description: [
    "Writes one page that explains the session: overview, timeline, transcripts, agents, search, and the evidence for each. The page works offline, opened from disk, and loads nothing. Prints the path.",
    "The page of a session log has no evidence, and what only a bundle has is unknown. Of several bundles, the page has each session, and compares the first with the others side by side: turns with the same prompt, what differs in them, and where they part.",
    "With --watch, the page is written again while the session is recorded, whenever there is something new, and it offers to reload itself. The program ends when the recording ends, or 2 seconds after the end of the session without any event; the last page is the one that is written without --watch.",
  ],
  operands: [SESSION, {
    name: "BUNDLE",
    description: "more bundles, which are compared with the first",
    optional: true,
    repeatable: true,
    selects: "bundle",
  }],
  examples: [
    { args: "BUNDLE -o report.html" },
    { args: "bundles/yesterday bundles/today -o both.html" },
    { args: "BUNDLE -o report.html --payloads all" },
    { args: "BUNDLE -o report.html --watch" },
  ],
  flags: [
    PAGE_OUTPUT_FLAG,
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
    {
      name: "watch",
      value: {
        type: "integer",
        name: "SECONDS",
        min: MIN_WATCH_SECONDS,
        max: MAX_WATCH_SECONDS,
        implied: `${DEFAULT_WATCH_SECONDS}`,
      },
      description: "write the page again while the session is recorded",
      details:
        `at most every SECONDS, ${MIN_WATCH_SECONDS} to ${MAX_WATCH_SECONDS}, or ${DEFAULT_WATCH_SECONDS} without a number; not for several bundles, --redact, or standard output`,
    },
    {
      name: "verbose",
      description: "with --watch: report each page on standard error",
      details: "on a terminal, it is reported in any case",
    },
    ...REDACT_FLAGS,
    LOCAL_FLAG,
    LATEST_FLAG,
    LIMIT_FLAG,
    CONFIG_FLAG,
    HELP_FLAG,
  ],
  notes: [
    "At SIGINT or SIGTERM, --watch writes the last page before it ends with exit code 130 or 143. A log that is replaced, truncated or removed is an error.",
    "The page holds what the bundle holds: prompts, outputs, perhaps secrets; with --redact, what detectors find in it is replaced.",
    OUTPUT_NOTE,
  ],
  permissions: "--allow-read=BUNDLE and --allow-write=FILE",
  exits: {
    1: "with --watch, the session failed, or was interrupted, or its end was not recorded",
    4: "unreadable bundle or unwritable output",
    3: "partial result: part of the bundle could not be reduced; with --watch also: the outcome is unknown; with --redact also: the scan of the output found values, and nothing was written",
  },
  load: LAZY_COMMANDS.report,
};

/** `redact`. */
export const REDACT: Command = {
  name: "redact",
  summary: "Copy a bundle without secrets and personal data",
  description: [
    "Writes a copy that is a bundle of the same schema with the same graph, ids and times. Each value is replaced by a placeholder such as [secret:github-token:1], the same everywhere: in keys, in JSON inside a string, in base64, in chunks of a stream. The copy is then scanned; if anything is found, there is no copy. Prints the path.",
    "What it did not look into is printed: encrypted content, images, audio, compressed and binary data. Read the copy before you share it: a detector finds what looks like a secret, and nothing else.",
  ],
  operands: [BUNDLE_DIRECTORY],
  examples: [
    { args: "BUNDLE -o copy --personal --report receipt.json" },
    { args: "BUNDLE --dry-run --personal" },
    { args: "BUNDLE -o copy --only-threads /root/reviewer" },
  ],
  flags: [
    {
      name: "output",
      alias: "o",
      value: { type: "path", name: "DIR" },
      description: "the directory to write, which must not exist",
    },
    {
      name: "secrets",
      description: "replace secrets",
      details: "keys, tokens, passwords, credentials in URLs; always on",
    },
    PERSONAL_FLAG,
    KEEP_FLAG,
    {
      name: "content",
      value: { type: "choice", name: "LEVEL", choices: REDACT_CONTENT },
      default: "all",
      description: "which texts the copy has",
      details: "none replaces every text by its length; names and figures stay",
    },
    {
      name: "only-threads",
      value: { type: "text", name: "THREADS" },
      repeatable: true,
      description: "keep the texts of these threads only",
      details:
        "thread:2, /root/reviewer or an id, with commas between; other texts become placeholders, as with --content none, unless these threads have them, too",
    },
    {
      name: "dry-run",
      description: "list the values, masked, and write no copy",
    },
    {
      name: "report",
      value: { type: "path", name: "FILE" },
      description: "write a receipt as JSON",
      details:
        "rules and their versions, counts by kind and place, what was not looked into, the second scan; - is standard output",
    },
    CONFIG_FLAG,
    LATEST_FLAG,
    LIMIT_FLAG,
    HELP_FLAG,
  ],
  notes: [
    "rollout-trace.jsonc may have patterns of RE2 and values to keep: redact.patterns and redact.allow.",
    "The copy is written beside its place under a temporary name, and renamed when the scan is through. A payload that was truncated by the recorder keeps its length.",
  ],
  permissions:
    "--allow-read and --allow-write for BUNDLE and the parent of DIR",
  exits: {
    1: "no such thread",
    3: "payloads could not be read, and are not in the copy; or the second scan found values: there is no copy",
    4: "unreadable bundle or unwritable output",
  },
  load: LAZY_COMMANDS.redact,
};

/** `viewer`. */
export const VIEWER: Command = {
  name: "viewer",
  summary: "Write an HTML page that opens any session in a browser",
  description: [
    "Writes one page that reads bundles itself: drop a directory, a .tar, .tar.gz or .zip on it, or several, and the page becomes the report of the bundle. It also checks the bundle and makes its state.json. A session log that is dropped becomes its report as well. The page works offline, opened from disk: it sends nothing, and stores nothing. Prints the path.",
  ],
  operands: [],
  examples: [{ args: "-o viewer.html" }],
  flags: [
    PAGE_OUTPUT_FLAG,
    FORCE_RAW_FLAG,
    HELP_FLAG,
  ],
  notes: [OUTPUT_NOTE],
  permissions: "--allow-write=FILE",
  exits: { 1: null, 3: null, 4: "unwritable output" },
  load: LAZY_COMMANDS.viewer,
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
          > ~/.config/fish/completions/rollout-trace.fish
  powershell  in $PROFILE:
        rollout-trace completions powershell | Out-String | Invoke-Expression`,
    ],
    operands: [{
      name: "SHELL",
      description: "bash, zsh, fish or powershell",
      choices: SHELLS,
    }],
    examples: [],
    flags: [HELP_FLAG],
    exits: { 1: null, 2: "usage error", 3: null, 4: null },
    load: async () => (await LAZY_COMMANDS.completions())(commands()),
  };
}

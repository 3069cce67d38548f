/**
 * Flags and operands that several commands take.
 *
 * @module
 */

import type { Flag, Operand } from "../args/flag.ts";
import { LIMIT_FLAG } from "../args/limit_flag.ts";

const COMMON = "Common flags";

/** The narrowest output, in columns. */
export const MIN_WIDTH = 40;
/** The widest output, in columns. */
export const MAX_WIDTH = 1000;

/** Shows the help of a command; every command has it. */
export const HELP_FLAG: Flag = {
  name: "help",
  alias: "h",
  description: "show this help",
};

export const JSON_FLAG: Flag = {
  name: "json",
  description: "print one JSON document instead of text",
};

/** Chooses the newest bundle below a root. */
export const LATEST_FLAG: Flag = {
  name: "latest",
  description: "the newest bundle below BUNDLE, or below the default root",
  details: "as BUNDLE@latest; also BUNDLE@-2, or BUNDLE@ID",
};

/** A single bundle, or what was reduced from one. */
export const BUNDLE: Operand = {
  name: "BUNDLE",
  description: "the directory of a bundle, or a state.json made from one",
  selects: "bundle",
};

/** As {@linkcode BUNDLE}, of a command that also reads session logs. */
export const SESSION: Operand = {
  ...BUNDLE,
  description:
    "the directory of a bundle, a state.json made from one, or a session log",
  selects: "session",
};

/** Chooses a thread. */
export const THREAD_FLAG: Flag = {
  name: "thread",
  value: { type: "text", name: "THREAD" },
  description: "only this thread",
  details: "thread:2, /root/reviewer or an id",
};

/** What happens to the file at the path of an output. */
export const OUTPUT_NOTE =
  "A file is complete or absent: it is written beside its place and then renamed. With --allow-write=FILE alone this is not possible: then the old file is removed when the new one is complete in memory, and a full disk can lose both. A link is replaced and not followed; pipes and devices are refused.";

export const BUNDLE_DIRECTORY: Operand = {
  name: "BUNDLE",
  description: "the directory with manifest.json, trace.jsonl and payloads/",
  selects: "bundle",
};

/** Writes raw output to a terminal. */
export const FORCE_RAW_FLAG: Flag = {
  name: "force-raw",
  description: "do not escape control characters on a terminal",
  details: "a file or a pipe gets every byte unchanged in any case",
};

/** Prints local times; every command that prints times has it. */
export const LOCAL_FLAG: Flag = {
  name: "local",
  description: "print times in the local time zone, with its offset",
  details:
    "by default in UTC; times in JSON are milliseconds since 1970; on a page, the zone is that of its reader",
};

/** Names the configuration. */
export const CONFIG_FLAG: Flag = {
  name: "config",
  value: { type: "path", name: "FILE" },
  description: "config file for columns, limits and prices",
  details:
    "by default ./rollout-trace.jsonc, if it is yours and in no bundle; that one cannot raise limits",
};

/** Redacts personal data as well. */
export const PERSONAL_FLAG: Flag = {
  name: "personal",
  description: "replace personal data, too",
  details:
    "emails, names of users and hosts, addresses of networks, git remotes",
};

/** Kinds of values that are not redacted. */
export const KEEP_FLAG: Flag = {
  name: "keep",
  value: { type: "text", name: "KIND" },
  repeatable: true,
  description: "keep values of a kind",
  details: "the word in the middle of a placeholder, such as email",
};

/** Flags of every command that writes what is to be shared. */
export const REDACT_FLAGS: readonly Flag[] = [
  {
    name: "redact",
    description: "replace secrets, as the command redact does",
    details:
      "the output is scanned before it is written; if anything is found, nothing is written",
  },
  ...[PERSONAL_FLAG, KEEP_FLAG].map((flag) => ({
    ...flag,
    description: `with --redact: ${flag.description}`,
  })),
].map((flag) => ({ ...flag, group: "Redaction" }));

const UNGROUPED: readonly Flag[] = [
  JSON_FLAG,
  {
    name: "width",
    value: { type: "integer", name: "N", min: MIN_WIDTH, max: MAX_WIDTH },
    description: "columns of a line",
    details: "by default those of the terminal, or 80",
  },
  {
    name: "color",
    value: {
      type: "choice",
      name: "WHEN",
      choices: ["auto", "always", "never"],
    },
    default: "auto",
    description: "when to use color",
    details: "honors NO_COLOR",
  },
  LIMIT_FLAG,
  CONFIG_FLAG,
  HELP_FLAG,
];

/** Flags of every command that answers a question. */
export const QUERY_FLAGS: readonly Flag[] = UNGROUPED
  .map((flag) => ({ ...flag, group: COMMON }));

/** Flags of every command that reads many sessions. */
export const JOB_FLAGS: readonly Flag[] = [
  {
    name: "jobs",
    alias: "j",
    value: { type: "integer", name: "N", min: 1, max: 64 },
    description: "at most N threads",
    details: "by default one for each core, and one alone for short work",
  },
  { name: "verbose", description: "report why there is only one thread" },
];

/** Flags of every command that answers a question about one session. */
export const SESSION_FLAGS: readonly Flag[] = [LATEST_FLAG, ...QUERY_FLAGS];

/** The permission of every command that answers a question about one session. */
export const READS_BUNDLE = "--allow-read=BUNDLE";

/**
 * The manual page, from the tables of the catalogue.
 *
 * @module
 */

import remarkMan from "remark-man";
import remarkParse from "remark-parse";
import { unified } from "unified";
import type { Command } from "../../../../lib/cli/command.ts";
import { commandSection } from "./command_reference.ts";

/** Returns `rollout-trace.1` of a version and its date. */
export function manPage(
  commands: readonly Command[],
  version: string,
  date: Date,
): string {
  const text = manText(commands);
  const page = unified().use(remarkParse).use(remarkMan, {
    name: "rollout-trace",
    section: 1,
    description: "record, reduce and explain rollout traces of Codex",
    manual: "User Commands",
    version,
    date,
  }).processSync(text);
  return String(page);
}

function manText(commands: readonly Command[]): string {
  return [
    "## SYNOPSIS",
    "`rollout-trace` *COMMAND* \\[*ARGUMENTS*\\]",
    "`rollout-trace` `help` *COMMAND*",
    "## DESCRIPTION",
    "Codex, a coding agent, records a session as a trace bundle. rollout-trace reduces a bundle to its graph, and answers questions about it: what the model received, what ran, and what failed first. It uses no network, and reads no file that is not named.",
    "`-h, --help` prints the commands, `-V, --version` the version, `--licenses` the licenses of all that the program contains.",
    "## COMMANDS",
    ...commands.map((command) => commandSection(command, 3)),
    "## EXIT STATUS",
    "0 success, 1 no result, 2 usage or permission error, 3 partial result, 4 unreadable bundle or unwritable output. A command lists what differs. 141 if the reader of a pipe closed it, 130 or 143 if a signal ended the program while it wrote a file.",
    "## ENVIRONMENT",
    "- `CODEX_ROLLOUT_TRACE_ROOT`: the directory where Codex records; the default where a command takes a directory of bundles.",
    "- `TERM`: on a terminal that is `dumb`, text has no color.",
    "- `NO_COLOR`: text has no color.",
    "## FILES",
    "- `rollout-trace.jsonc`: configuration of columns, limits and prices, in the working directory.",
  ].join("\n\n");
}

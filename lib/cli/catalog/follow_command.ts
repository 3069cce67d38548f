/**
 * The table of the command `follow`.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { LAZY_COMMANDS } from "../lazy_commands.ts";
import {
  LOCAL_FLAG,
  READS_BUNDLE,
  SESSION_FLAGS,
  THREAD_FLAG,
} from "./common_flags.ts";

/** `follow`. */
export const FOLLOW: Command = {
  name: "follow",
  summary: "Print what happens in a session while it is recorded",
  description: [
    "Prints a line for each event as soon as the recorder writes it: sessions, agents and turns that start and end; LLM requests, tool calls and code cells when they end, with duration, tokens and exit code; messages of the user, compactions, errors and warnings; and what passes between agents: tasks, messages, results, when they are sent. Only events from now on are printed, without --from-start. A line that is written only in part is printed when it is complete.",
    "Of a directory above bundles, the newest session is followed, and each that begins after it, which is printed from its start.",
    "Of a session log, LLM requests and durations of tool calls are unknown, and it has no end: --until-end follows bundles only.",
    "On a terminal, the last line shows what the session does at the moment: the turn, what runs in it and for how long, the input tokens of the last request, the output tokens of all, and the last error.",
    `  ● happened   ✗ failed   ■ interrupted   ! warning`,
  ],
  operands: [{
    name: "BUNDLE",
    description:
      "the directory of a bundle, a directory above bundles, or a session log",
    selects: "session",
  }],
  examples: [
    { args: "~/traces" },
    { args: "BUNDLE --from-start --until-end --failed" },
  ],
  flags: [
    THREAD_FLAG,
    { name: "failed", description: "only what failed or was interrupted" },
    {
      name: "from-start",
      description: "also what was recorded before now",
    },
    {
      name: "until-end",
      description: "end when the recording ends",
      details:
        "at its completion, or 2 seconds after the end of the session without any event",
    },
    LOCAL_FLAG,
    ...SESSION_FLAGS.map((flag) =>
      flag.name === "json"
        ? {
          ...flag,
          description: "print each event as a JSON object on a line",
        }
        : flag
    ),
  ],
  notes: [
    "Handles such as call:3 are those of the other commands, if every event can be reduced. SIGINT ends the program with exit code 130. A log that is replaced, truncated or removed is an error; of a directory, without --until-end, the next session is waited for.",
  ],
  permissions: READS_BUNDLE,
  exits: {
    0: "with --until-end, the session is ok",
    1: "it failed, or was interrupted, or its end was not recorded",
    3: "part of the log could not be read, or the outcome is unknown",
  },
  load: LAZY_COMMANDS.follow,
};

/**
 * The table of `search`, about one session or many.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { LAZY_COMMANDS } from "../lazy_commands.ts";
import {
  LOCAL_FLAG,
  SESSION,
  SESSION_FLAGS,
  THREAD_FLAG,
} from "./common_flags.ts";
import { SEARCH_SCOPES } from "./choices.ts";
import { MANY_FLAGS } from "./many_flags.ts";

/** `search`. */
export const SEARCH: Command = {
  name: "search",
  summary: "Find a text in a session, or in all below a directory",
  forms: ["BUNDLE|ROOT TEXT", "BUNDLE|ROOT -e REGEX"],
  description: [
    "Finds a text, and prints the objects that contain it, in the order in which it first appeared. TEXT is searched for literally, and is also found where it is quoted, as JSON inside JSON. Case is ignored with -i, and where a TEXT has no capitals. With -e, a REGEX has the syntax of RE2 and takes linear time on any text. Encrypted content is also found by its ends, as errors name it: gAAA...CwHs.",
    'What a request repeats of the previous one is not searched again: an item is printed once, however often it was sent. A prompt that Codex only prepared is not searched where the request itself was recorded. A payload that repeats the text of an item, a tool call or a terminal is counted with it ("also in payload:9").',
    "Of a directory above bundles, every session is searched, the newest first, and printed as soon as it is. -l prints only the paths of sessions with hits, -c how many each has.",
  ],
  operands: [
    {
      ...SESSION,
      description:
        "the directory of a bundle, a directory above bundles, a state.json made from one, or a session log",
    },
    {
      name: "TEXT",
      description: "what to find; with -e, a regular expression",
    },
  ],
  examples: [
    { args: "BUNDLE 'connection reset'" },
    { args: "BUNDLE -e 'exit code [1-9]' --in outputs" },
    { args: "BUNDLE 'stream disconnected' --in errors" },
    { args: "~/traces 'connection reset' --since 2d -c" },
  ],
  flags: [
    {
      name: "in",
      value: { type: "choices", name: "PLACES", choices: SEARCH_SCOPES },
      description: "where to search",
      details: "by default everywhere",
    },
    THREAD_FLAG,
    {
      name: "hits",
      value: {
        type: "integer",
        name: "N",
        min: 1,
        max: 999_999_999,
        words: ["all"],
      },
      default: "3",
      description: "maximum hits of one object, or all",
    },
    {
      name: "copies",
      description: "list payloads that repeat an object of the list",
      details: "--in payloads lists them, too",
    },
    {
      name: "regex",
      alias: "e",
      description: "search for a regular expression",
      details: "of RE2; (?s) lets a dot match line breaks",
    },
    {
      name: "fixed-strings",
      alias: "F",
      description: "search for TEXT literally, as without -e",
    },
    {
      name: "ignore-case",
      alias: "i",
      description: "ignore the difference of upper and lower case",
    },
    ...MANY_FLAGS,
    LOCAL_FLAG,
    ...SESSION_FLAGS,
  ],
  notes: [
    "In a pipe, -c prints the count, a tab, and the path. A bundle that cannot be read is reported, and the others are searched.",
    `Places:
  items      messages, reasoning and other items of the conversation
  arguments  arguments of tool calls
  outputs    outputs of tool calls
  sources    source code of code cells
  errors     recorded errors, warnings and reasons
  events     other texts of the log: results of agents, models, request ids
  payloads   raw payloads`,
  ],
  permissions: "--allow-read=BUNDLE",
  exits: {
    1: "no hit",
    3: "partial result: a bundle could not be read, or not be reduced or searched completely",
    4: "no bundle could be read",
  },
  load: LAZY_COMMANDS.search,
};

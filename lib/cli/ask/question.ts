/**
 * What all questions have in common: a bundle is opened, an answer is made, and it is told to a
 * person or to a program.
 *
 * @module
 */

import type { Session } from "../../query/session/session.ts";
import type { Config } from "../config/config.ts";
import { configOf } from "../config/config_flag.ts";
import type { Limits } from "../../bundle/limits.ts";
import { about, BundleFault } from "../bundle_fault.ts";
import { type Command, type CommandIo, EXIT } from "../command.ts";
import { type FlagSpec, type ParsedFlags, parseFlags } from "../flags.ts";
import type { JsonData } from "../json_text.ts";
import { limitsOf } from "../limit_flags.ts";
import { placeHint } from "../place_hint.ts";
import { MissingPermissionError, requireAccess } from "../permissions.ts";
import { type Paper, paperFor } from "../text/paper.ts";
import { UsageError } from "../usage_error.ts";
import { openPlace } from "./open_place.ts";
import { tellLosses } from "./losses.ts";
import { printJson, printLines } from "./print.ts";

/** A question, answered. */
export interface Reply {
  /** Whether there is anything of what was asked for. */
  readonly found: boolean;
  /** The answer for a program; `null` where nothing was found. */
  readonly data: JsonData;
  /** The answer for a person, line by line; each is harmless already. */
  lines(paper: Paper): Iterable<string>;
  /** What is worth knowing besides; goes to standard error. */
  readonly remarks?: readonly string[];
  /** Bytes to be written exactly as they are, and nothing else. */
  readonly bytes?: Uint8Array;
}

/** What a question is asked with. */
export interface Asked {
  /** The session that was opened. */
  readonly session: Session;
  /** What stands after the bundle on the command line. */
  readonly words: readonly string[];
  /** The flags. */
  readonly flags: ParsedFlags;
  /** What the user wants by default. */
  readonly config: Config;
  /** Opens one more bundle, as the first was opened; what it lacks is told as well. */
  open(place: string): Session;
}

/** A question that one bundle answers. */
export interface Question {
  /** The word on the command line; also names the format of the JSON. */
  readonly name: string;
  /** Help. */
  readonly usage: string;
  /** Flags of its own; those that all questions have are added. */
  readonly flags: FlagSpec;
  /** Words it takes after the bundle, for the message when there are too few or too many. */
  readonly words: readonly WordSpec[];
  /** Answers. Throws a {@linkcode UsageError} for words that mean nothing or too much. */
  answer(asked: Asked): Reply | Promise<Reply>;
}

/** A word that a question takes. */
export interface WordSpec {
  /** As the help spells it. */
  readonly name: string;
  /** Whether it may be missing. */
  readonly optional?: boolean;
}

/** Flags that every question takes, as its help tells them. */
export const COMMON_FLAGS_HELP =
  `      --json              print one JSON document instead of text
      --width N           columns of a line; else those of the terminal, or 80
      --color WHEN        auto, always or never; NO_COLOR is heeded
      --limit NAME=VALUE  raise or lower a limit, see help reduce
      --config FILE       take columns, limits and prices from FILE; else from
                          rollout-trace.jsonc here, if that may be read
  -h, --help              show this help`;

/** Exit codes of every question, as its help tells them. */
export const COMMON_EXITS_HELP =
  `BUNDLE is a bundle's folder, or a state.json that reduce made of one.
Needs --allow-read=BUNDLE.

Exit codes: 0 found, 1 nothing found or no bundle, 2 the command line or a
permission has to change, 3 found, but part of the bundle could not be reduced.`;

/** What every question is asked with, beside its own words and flags. */
export interface Setting {
  /** What an answer for a person is written on. */
  readonly paper: Paper;
  /** What the user wants by default. */
  readonly config: Config;
  /** How much of a bundle is taken at most. */
  readonly limits: Partial<Limits>;
}

/** What the flags that all questions have, and the configuration, say. */
export function settingOf(flags: ParsedFlags, io: CommandIo): Setting {
  const paper = paperFor(flags, io.screen());
  const config = configOf(flags);
  const limits = { ...config.limits, ...limitsOf(flags) };
  return { paper, config, limits };
}

const COMMON: FlagSpec = {
  switches: ["json", "help"],
  values: ["width", "color", "config"],
  lists: ["limit"],
  short: { h: "help" },
  choices: { color: ["auto", "always", "never"] },
  paths: ["config"],
};

/** The command that asks a question. */
export function questionCommand(question: Question): Command {
  const flags = withCommonFlags(question.flags);
  return {
    usage: question.usage,
    flags,
    run: (args, io) => run({ ...question, flags }, args, io),
  };
}

/** The flags of a command together with those that all questions have. */
export function withCommonFlags(own: FlagSpec): FlagSpec {
  return {
    switches: [...own.switches, ...COMMON.switches],
    values: [...own.values, ...COMMON.values],
    lists: [...own.lists ?? [], ...COMMON.lists ?? []],
    short: { ...own.short, ...COMMON.short },
    choices: { ...own.choices, ...COMMON.choices },
    several: own.several ?? [],
    paths: [...own.paths ?? [], ...COMMON.paths ?? []],
  };
}

async function run(
  question: Question,
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const flags = await parseFlags(args, question.flags);
  if (flags.on("help")) {
    io.text(question.usage);
    return EXIT.ok;
  }
  const [place, ...words] = flags.positionals;
  if (place === undefined || place === "") {
    throw new UsageError(
      "which bundle?",
      "name the folder that holds manifest.json",
    );
  }
  checkWords(question, words);
  const { paper, config, limits } = settingOf(flags, io);
  const sessions: Session[] = [];
  const open = (each: string) => {
    requireAccess("read", each);
    const opened = about(
      each,
      () => openPlace(each, { limits }),
      (error) => placeHint(each, error),
    );
    sessions.push(opened);
    return opened;
  };
  const session = open(place);
  const reply = await aboutAsync(
    place,
    () => question.answer({ session, words, flags, config, open }),
  );
  for (const remark of reply.remarks ?? []) io.remark(remark);
  if (reply.bytes !== undefined) io.data(reply.bytes);
  else if (flags.on("json")) printJson(io, question.name, session, reply);
  else if (reply.found) printLines(io, reply.lines(paper));
  else for (const line of reply.lines(paper)) io.remark(line);
  return tellLosses(io, sessions, flags.on("json"), reply.found);
}

/** As `about`, for work that may take a while. */
async function aboutAsync<T>(
  place: string,
  work: () => T | Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (isToldAlready(error)) throw error;
    return about(place, () => {
      throw error;
    });
  }
  return result;
}

/** Whether an error says itself what it is about. */
function isToldAlready(error: unknown): boolean {
  return error instanceof UsageError || error instanceof BundleFault ||
    error instanceof MissingPermissionError;
}

function checkWords(
  { name, words: specs }: Question,
  words: readonly string[],
) {
  const missing = specs.slice(words.length).find(({ optional }) => !optional);
  if (missing !== undefined) {
    throw new UsageError(`${name} needs ${missing.name} after the bundle`);
  }
  const extra = words[specs.length];
  if (extra !== undefined) {
    throw new UsageError(
      `${name} takes ${specs.length === 0 ? "a bundle" : "no more"}, not ${
        JSON.stringify(extra)
      }`,
      "quote what contains spaces",
    );
  }
}

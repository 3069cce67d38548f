/**
 * What all queries have in common: a bundle is opened, a query is run, and its result is printed
 * as text or as JSON.
 *
 * @module
 */

import type { TraceSession } from "../../query/session/session.ts";
import { escapeControls } from "../../text/escape.ts";
import type { Config } from "../config/config.ts";
import { configOf } from "../config/read_config.ts";
import type { Limits } from "../../bundle/limits.ts";
import { BundleError, withBundleContext } from "../errors/bundle_error.ts";
import { type CommandIo, EXIT, type RunCommand } from "../command.ts";
import type { ParsedArgs, ParsedFlags } from "../args/parse_args.ts";
import type { JsonData } from "../text/json_document.ts";
import { limitsOf } from "../args/limit_flag.ts";
import { pathHint } from "../access/path_hint.ts";
import { requireBundlePath } from "../access/bundle_path.ts";
import { MissingPermissionError } from "../access/permissions.ts";
import {
  type RenderOptions,
  renderOptionsFor,
} from "../text/render_options.ts";
import { UsageError } from "../args/usage_error.ts";
import { withUnicode } from "../text/wrap/unicode.ts";
import { HeldOutput } from "./open/held_output.ts";
import { type OpenedPlace, placeOpener } from "./open/redacted_place.ts";
import { logsNote } from "./bundle_losses.ts";
import { reportLosses } from "./session_losses.ts";
import { printJson, printLines } from "./print.ts";

/** The result of a query. */
export interface QueryResult {
  /** Whether there is a result. */
  readonly found: boolean;
  /** The answer as JSON; `null` where nothing was found. */
  readonly data: JsonData;
  /** The answer as lines of text, with control characters escaped. */
  lines(render: RenderOptions): Iterable<string>;
  /** Whether that there is no result is an answer, as of a search, and not an error. */
  readonly isAnswer?: boolean;
  /** Whether the query itself could not read a part of what it is about. */
  readonly isPartial?: boolean;
  /** Set where the exit code reports whether two things are the same; null where that is unknown. */
  readonly isSame?: boolean | null;
  /** Notes for standard error. */
  readonly messages?: readonly string[];
  /** The page that shows the answer, with the address; null without one. */
  readonly page?: string | null;
  /** Bytes to be written instead of all else, unchanged but for a terminal. */
  readonly bytes?: Uint8Array;
}

/** The arguments of a query. */
export interface QueryArgs {
  /** The session of the bundle. */
  readonly session: TraceSession;
  /** What follows the bundle on the command line. */
  readonly operands: readonly string[];
  /** The flags. */
  readonly flags: ParsedFlags;
  /** The configuration of the user. */
  readonly config: Config;
  /** Opens another bundle as the first was opened; its losses are reported as well. */
  open(path: string): TraceSession;
}

/** Answers a question about a session. Throws a {@linkcode UsageError} for invalid arguments. */
export type AnswerQuery = (
  args: QueryArgs,
) => QueryResult | Promise<QueryResult>;

/** What the common flags and the configuration determine. */
export interface RenderSettings {
  /** How text is rendered. */
  readonly render: RenderOptions;
  /** The configuration of the user. */
  readonly config: Config;
  /** The limits of a bundle. */
  readonly limits: Partial<Limits>;
}

/** Reads the common flags and the configuration. */
export function renderSettings(
  flags: ParsedFlags,
  io: CommandIo,
): RenderSettings {
  const render = renderOptionsFor(flags, io.terminal());
  const config = configOf(flags, (why) => io.stderrLine(`note: ${why}`));
  const limits = { ...config.limits, ...limitsOf(flags) };
  io.limitOutput(limits);
  return { render, config, limits };
}

/** Queries that a session log can answer: it has no LLM requests and no payloads. */
const OF_SESSION_LOGS: ReadonlySet<string> = new Set([
  "show",
  "timeline",
  "transcript",
  "search",
]);

/** Queries about prompts, or about how a provider's cache served them. */
const OF_PROMPTS: ReadonlySet<string> = new Set([
  "context",
  "show",
  "explain",
  "diff",
]);

/** Queries that read what tools received and returned, of many calls. */
const OF_RECORDS: ReadonlySet<string> = new Set(["transcript", "search"]);

/** Returns what runs a query about one bundle; `name` is also the format of its JSON. */
export function queryCommand(name: string, answer: AnswerQuery): RunCommand {
  return (args, io) => run(name, answer, args, io);
}

async function run(
  name: string,
  answer: AnswerQuery,
  { operands: [target = "", ...operands], flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const { render, config, limits } = renderSettings(flags, io);
  const sessions: TraceSession[] = [];
  const opener = await placeOpener(flags, config, {
    limits,
    measuresRequests: OF_PROMPTS.has(name),
    keepsRecords: OF_RECORDS.has(name),
  }, io);
  let requireClean: OpenedPlace["requireClean"];
  const open = (path: string) => {
    requireBundlePath(
      path,
      OF_SESSION_LOGS.has(name) ? "session" : "bundle_or_state",
    );
    const opened = withBundleContext(
      path,
      () => opener(path),
      (error) => pathHint(path, error),
    );
    sessions.push(opened.session);
    ({ requireClean } = opened);
    return opened.session;
  };
  const session = open(target);
  const result = await withBundleContextAsync(
    target,
    () => answer({ session, operands, flags, config, open }),
  );
  // The first screen of a session has this line itself.
  const note = name === "show" ? null : logsNote(session);
  if (note !== null) io.stderrLine(note);
  for (const message of result.messages ?? []) io.stderrLine(message);
  const held = requireClean === undefined ? undefined : new HeldOutput(io);
  const out = held?.io ?? io;
  if (result.bytes !== undefined) {
    io.writeBytes(result.bytes, flags.on("force-raw"));
  } else if (flags.on("json")) {
    printJson(out, name, session, result.data, result.page);
  } else if (result.found) {
    await printLines(out, () => answerLines(result, render));
  } else await printMissing(io, result, render);
  if (requireClean !== undefined) held?.release(requireClean);
  return exitOf(result, reportLosses(io, sessions, flags.on("json")));
}

function exitOf(
  { found, isAnswer, isSame, isPartial }: QueryResult,
  hasLosses: boolean,
): number {
  if (isSame === null) return EXIT.partial;
  if (isSame === false) return EXIT.noResult;
  const isIncomplete = isPartial === true || hasLosses;
  // That there is nothing is only an answer where everything was read.
  if (!found && !(isAnswer === true && isIncomplete)) return EXIT.noResult;
  return isIncomplete ? EXIT.partial : EXIT.ok;
}

/** The lines of an answer, and the page that shows it. */
function* answerLines(
  result: QueryResult,
  render: RenderOptions,
): Iterable<string> {
  yield* result.lines(render);
  const { page = null } = result;
  if (page === null) return;
  yield "";
  yield `${render.style.heading("page")}  ${escapeControls(page)}`;
}

/** Prints why there is no result; where it is an error, its first line begins as every error. */
async function printMissing(
  io: CommandIo,
  { isAnswer = false, lines }: QueryResult,
  render: RenderOptions,
): Promise<void> {
  let prefix = isAnswer ? "" : "error: ";
  for (const line of await withUnicode(() => [...lines(render)])) {
    io.stderrLine(prefix + line);
    prefix = "";
  }
}

/** As `withBundleContext`, for asynchronous work. */
async function withBundleContextAsync<T>(
  place: string,
  work: () => T | Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (hasUserMessage(error)) throw error;
    return withBundleContext(place, () => {
      throw error;
    });
  }
  return result;
}

/** Whether the message of an error is complete without the name of the bundle. */
function hasUserMessage(error: unknown): boolean {
  return error instanceof UsageError || error instanceof BundleError ||
    error instanceof MissingPermissionError;
}

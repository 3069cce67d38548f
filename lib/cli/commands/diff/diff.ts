/**
 * `rollout-trace diff`: two requests of a bundle, or two bundles.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import type {
  DiffAnswer,
  SessionDiffOptions,
} from "../../../query/diff/diff_answer.ts";
import { diffPrepared } from "../../../query/diff/prepared_diff.ts";
import {
  diffRequests,
  diffRequestsOfSessions,
  getPreviousRequest,
  type RequestOfSession,
} from "../../../query/diff/request_diff.ts";
import { diffSessions } from "../../../query/diff/session_diff.ts";
import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { cutEach } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { UsageError } from "../../args/usage_error.ts";
import { preparedDiffLines } from "./prepared_diff_text.ts";
import { requestDiffLines } from "./request_diff_text.ts";
import { sessionDiffLines } from "./session_diff_text.ts";
import type { TextDiffOptions } from "./string_diff_text.ts";
import { namedObject } from "../../shared/object_argument.ts";
import {
  type QueryArgs,
  queryCommand,
  type QueryResult,
} from "../../shared/query_command.ts";
import { unknownName } from "../../shared/unknown_object.ts";

/** Runs `diff`. */
export const runDiff = queryCommand("diff", async (args) => {
  const answer = await answerOf(args);
  if ("found" in answer) return answer;
  const options = { full: args.flags.on("full") };
  return {
    found: true,
    data: answer,
    lines: (render) => cutEach(linesOf(answer, render, options), render.width),
    ...args.flags.on("exit-code") && { isSame: answer.same },
  };
});

function linesOf(
  answer: DiffAnswer,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  switch (answer.type) {
    case "requests":
      return requestDiffLines(answer, render, options);
    case "prepared":
      return preparedDiffLines(answer, render, options);
    case "sessions":
      return sessionDiffLines(answer, render, options);
  }
}

/** The differences, or a result with the reason why nothing can be compared. */
async function answerOf(
  { session, operands: [first = "", second, third], open, flags }: QueryArgs,
): Promise<DiffAnswer | QueryResult> {
  if (third !== undefined) {
    const exact = flags.on("exact");
    return await acrossBundles(
      { session, word: first },
      { session: open(second ?? ""), word: third },
      { exact },
    );
  }
  if (flags.on("prepared")) return await preparedOf(session, first, second);
  if (second === undefined && isPlace(session, first)) {
    const exact = flags.on("exact");
    return diffSessions(session, open(first), { exact });
  }
  const named = [first, ...second === undefined ? [] : [second]];
  const calls: string[] = [];
  for (const word of named) {
    const call = callOf(session, word);
    if (call === undefined) return await notFound(session, word, second);
    calls.push(call.id);
  }
  const [one = "", other = one] = calls;
  const before = second === undefined ? getPreviousRequest(session, one) : one;
  if (before === undefined) {
    return nothing(`${first} is the first request of its thread: name two`);
  }
  return diffRequests(session, before, other) ??
    nothing(`${first} and ${second} cannot be compared`);
}

/** A request as the command line names it. */
interface NamedRequest {
  readonly session: TraceSession;
  readonly word: string;
}

/** Two requests of two bundles. */
async function acrossBundles(
  one: NamedRequest,
  other: NamedRequest,
  options: SessionDiffOptions,
): Promise<DiffAnswer | QueryResult> {
  const calls: RequestOfSession[] = [];
  for (const { session, word } of [one, other]) {
    const call = callOf(session, word);
    if (call === undefined) {
      return await unknownName(session, word, ["inference_call"]);
    }
    calls.push({ session, call: call.id });
  }
  const [a, b] = calls;
  const diff = a && b && diffRequestsOfSessions(a, b, options);
  return diff ?? nothing(`${one.word} and ${other.word} cannot be compared`);
}

/**
 * What was sent against what was prepared.
 *
 * @throws {UsageError} If two requests are named.
 */
async function preparedOf(
  session: TraceSession,
  word: string,
  second: string | undefined,
): Promise<DiffAnswer | QueryResult> {
  if (second !== undefined) {
    throw new UsageError(
      "--prepared takes one request",
      "it is compared with the prompt that was prepared for it",
    );
  }
  const call = callOf(session, word);
  if (call === undefined) {
    return await unknownName(session, word, ["inference_call"]);
  }
  if (session.payloads === null) {
    return nothing("prompts are in the payloads: ask the bundle's folder");
  }
  return diffPrepared(session, call.id) ?? nothing(
    `${call.handle} has no prepared prompt: schema ${session.trace.schema_version} does not record one`,
  );
}

function nothing(...why: readonly string[]): QueryResult {
  return { found: false, data: null, lines: () => why };
}

/** A single word that looks like a path was meant for a bundle. */
async function notFound(
  session: TraceSession,
  word: string,
  second: string | undefined,
): Promise<QueryResult> {
  return second === undefined && /[/\\]/.test(word)
    ? nothing(`no bundle and no request is called ${quote(word)}`)
    : await unknownName(session, word, ["inference_call"]);
}

/**
 * Whether a word names a second bundle.
 *
 * @throws {UsageError} If it may as well be a request.
 */
function isPlace(session: TraceSession, word: string): boolean {
  if (!exists(word)) return false;
  const isPath = /[/\\]/.test(word);
  if (isPath || callOf(session, word) === undefined) return true;
  throw new UsageError(
    `${quote(word)} is a path and a request`,
    `write ./${word} for the path, or the request's complete id`,
  );
}

/** Without the permission to look, a path is one that looks like one. */
function exists(path: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return /[/\\]/.test(path);
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function callOf(session: TraceSession, word: string): ObjectRef | undefined {
  return namedObject(session, word, ["inference_call"]);
}

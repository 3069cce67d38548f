/**
 * `rollout-trace diff`: two requests of a bundle, or two bundles.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import type { DiffAnswer } from "../../query/diff/diff_answer.ts";
import { diffPrepared } from "../../query/diff/prepared_diff.ts";
import {
  diffRequests,
  getPreviousRequest,
} from "../../query/diff/request_diff.ts";
import { diffSessions } from "../../query/diff/session_diff.ts";
import type { ObjectRef } from "../../query/session/names/object_kind.ts";
import type { Session } from "../../query/session/session.ts";
import type { Command } from "../command.ts";
import { cutEach } from "../text/fit.ts";
import type { Paper } from "../text/paper.ts";
import { UsageError } from "../usage_error.ts";
import { preparedDiffLines } from "./diff/prepared_page.ts";
import { requestDiffLines } from "./diff/request_page.ts";
import { sessionDiffLines } from "./diff/session_page.ts";
import type { TextDiffOptions } from "./diff/text_diff.ts";
import { namedObject } from "./named_object.ts";
import {
  type Asked,
  COMMON_EXITS_HELP,
  COMMON_FLAGS_HELP,
  questionCommand,
  type Reply,
} from "./question.ts";
import { unknownName } from "./unknown_name.ts";

const USAGE = `Usage: rollout-trace diff BUNDLE CALL CALL [OPTIONS]
       rollout-trace diff BUNDLE CALL [OPTIONS]
       rollout-trace diff BUNDLE CALL --prepared [OPTIONS]
       rollout-trace diff BUNDLE BUNDLE [OPTIONS]

What differs between two requests to a model: items of the input that both
have, that were added, removed or rewritten, and every other value that was
sent. One request alone is compared with the one before it in its thread; with
--prepared, with the prompt that Codex prepared for it.

Or what differs between two sessions: outcome, counts and tools side by side,
and, thread by thread, where the conversations part. Items are the same where
they say the same; ids and times do not count, nor those that Codex writes above
the output of a tool; everything else does. Of what is encrypted it counts only
that it is there.

  rollout-trace diff BUNDLE call:3 call:4
  rollout-trace diff BUNDLE call:4
  rollout-trace diff BUNDLE call:4 --prepared
  rollout-trace diff bundles/yesterday bundles/today

A second word that is the path of something is a bundle, and anything else the
name of a request: write ./NAME for a path that is both.

CALL is a handle, an id, or the number of an event: the request that the event
is about, or else the latest of its thread by then.

  = the same   + added   - removed   ~ rewritten: [-before-]{+after+}

Options:
      --prepared          what was sent, against what was prepared; schema 3
      --full              every difference, whole; of two texts over 20,000
                          characters, where they part
      --exact             of two sessions, ids and times in texts, too
${COMMON_FLAGS_HELP}

${COMMON_EXITS_HELP}
Whatever can be compared is found: two that are the same end with 0, too.`;

/** The command. */
export const diffCommand: Command = questionCommand({
  name: "diff",
  usage: USAGE,
  flags: { switches: ["full", "exact", "prepared"], values: [], short: {} },
  words: [
    { name: "CALL or BUNDLE" },
    { name: "CALL", optional: true },
  ],
  answer: async (asked): Promise<Reply> => {
    const answer = await answerOf(asked);
    if ("found" in answer) return answer;
    const options = { full: asked.flags.on("full") };
    return {
      found: true,
      data: answer,
      lines: (paper) => cutEach(linesOf(answer, paper, options), paper.width),
    };
  },
});

function linesOf(
  answer: DiffAnswer,
  paper: Paper,
  options: TextDiffOptions,
): Iterable<string> {
  switch (answer.type) {
    case "requests":
      return requestDiffLines(answer, paper, options);
    case "prepared":
      return preparedDiffLines(answer, paper, options);
    case "sessions":
      return sessionDiffLines(answer, paper, options);
  }
}

/** What differs, or the answer that says why nothing can be compared. */
async function answerOf(
  { session, words, open, flags }: Asked,
): Promise<DiffAnswer | Reply> {
  const [first = "", second] = words;
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

/**
 * What was sent against what was prepared.
 *
 * @throws {UsageError} If two requests are named.
 */
async function preparedOf(
  session: Session,
  word: string,
  second: string | undefined,
): Promise<DiffAnswer | Reply> {
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

function nothing(...why: readonly string[]): Reply {
  return { found: false, data: null, lines: () => why };
}

/** A single word that looks like a path was meant for a bundle. */
async function notFound(
  session: Session,
  word: string,
  second: string | undefined,
): Promise<Reply> {
  return second === undefined && /[/\\]/.test(word)
    ? nothing(`no bundle and no request is called ${quote(word)}`)
    : await unknownName(session, word, ["inference_call"]);
}

/**
 * Whether a word names a second bundle.
 *
 * @throws {UsageError} If it may as well be a request.
 */
function isPlace(session: Session, word: string): boolean {
  if (!exists(word)) return false;
  const isPath = /[/\\]/.test(word);
  if (isPath || callOf(session, word) === undefined) return true;
  throw new UsageError(
    `${quote(word)} is a path and a request`,
    `write ./${word} for the path, or the request's whole id`,
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

function callOf(session: Session, word: string): ObjectRef | undefined {
  return namedObject(session, word, ["inference_call"]);
}

/**
 * The command `context`: the prompt of a request by source, and how prompts grew.
 *
 * @module
 */

import type { ContextReport } from "../../query/context/context_answer.ts";
import { callsOfThread } from "../../query/session/thread_calls.ts";
import { getContextGrowth } from "../../query/context/context_growth.ts";
import { getContext } from "../../query/context/context.ts";
import type { ObjectRef } from "../../query/session/names/object_kind.ts";
import type { Session } from "../../query/session/session.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../usage_error.ts";
import { contextLines } from "./context/context_text.ts";
import { objectOf } from "./flag_object.ts";
import { unknownName } from "./unknown_name.ts";
import {
  type Asked,
  COMMON_EXITS_HELP,
  COMMON_FLAGS_HELP,
  questionCommand,
  type Reply,
} from "./question.ts";

const USAGE = `Usage: rollout-trace context BUNDLE [OPTIONS]

What a request was made of: its prompt by source, in items and bytes, what is
new in it, its largest pieces, and how the prompts of the thread grew. Without
--at it is the last request of the thread, which shows where the session got.

Bytes are those of the JSON that was sent, without the indentation that payload
files have. Tokens are what the provider told; none are estimated.

  rollout-trace context BUNDLE
  rollout-trace context BUNDLE --at call:3

Options:
      --at CALL           the request of call:3, its id, or an event's number: the
                          request that it is about, else the latest by then
      --thread T          thread:2, /root/reviewer or an id; else the root's
      --full              every request of the thread, every piece by tool
${COMMON_FLAGS_HELP}

${COMMON_EXITS_HELP}`;

/** Asks what a prompt was made of. */
export const contextCommand: Command = questionCommand({
  name: "context",
  usage: USAGE,
  flags: { switches: ["full"], values: ["at", "thread"], short: {} },
  words: [],
  answer,
});

async function answer({ session, flags }: Asked): Promise<Reply> {
  const [threadWord, callWord] = [flags.value("thread"), flags.value("at")];
  const thread = objectOf(session, threadWord, "thread");
  const call = objectOf(session, callWord, "inference_call");
  if (thread === null) {
    return await unknownName(session, threadWord ?? "", ["thread"]);
  }
  if (call === null) {
    return await unknownName(session, callWord ?? "", ["inference_call"]);
  }
  const chosen = call?.id ?? lastCall(session, thread);
  if (chosen === undefined) return nothing("no request was sent in the thread");
  const context = getContext(session, chosen);
  const growth = context && getContextGrowth(session, context.thread.id);
  if (context === null || growth === null) {
    return nothing("prompts stand in the payloads: ask the bundle's folder");
  }
  if (thread !== undefined && context.thread.id !== thread.id) {
    throw new UsageError(
      `${context.call.handle} is no call of ${thread.handle}`,
      "leave out --thread: a call tells its thread",
    );
  }
  const report: ContextReport = { context, growth };
  return {
    found: true,
    data: report,
    lines: (paper) => contextLines(report, paper, flags.on("full")),
  };
}

function lastCall(
  { trace }: Session,
  thread: ObjectRef | undefined,
): string | undefined {
  const calls = callsOfThread(trace, thread?.id ?? trace.root_thread_id);
  return calls.at(-1)?.inference_call_id;
}

function nothing(why: string): Reply {
  return { found: false, data: null, lines: () => [why] };
}

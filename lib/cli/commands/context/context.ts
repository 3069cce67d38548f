/**
 * The command `context`: the prompt of a request by source, and how prompts grew.
 *
 * @module
 */

import type { ContextReport } from "../../../query/context/context_answer.ts";
import { callsOfThread } from "../../../query/session/thread_calls.ts";
import { getContextGrowth } from "../../../query/context/context_growth.ts";
import { getContext } from "../../../query/context/context.ts";
import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { UsageError } from "../../args/usage_error.ts";
import { toolDefinitionLines } from "./tool_definition_text.ts";
import { contextLines } from "./context_text.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { unknownName } from "../../shared/unknown_object.ts";
import {
  type QueryArgs,
  queryCommand,
  type QueryResult,
} from "../../shared/query_command.ts";

/** Runs `context`. */
export const runContext = queryCommand("context", answer);

async function answer({ session, flags }: QueryArgs): Promise<QueryResult> {
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
    return nothing("prompts are in the payloads: name the bundle's directory");
  }
  if (thread !== undefined && context.thread.id !== thread.id) {
    throw new UsageError(
      `${context.call.handle} is not a request of ${thread.handle}`,
      "omit --thread: a request belongs to one thread",
    );
  }
  const report: ContextReport = { context, growth };
  return {
    found: true,
    data: report,
    lines: (render) =>
      flags.on("tools")
        ? toolDefinitionLines(context, render)
        : contextLines(report, render, flags.on("full")),
  };
}

function lastCall(
  { trace }: TraceSession,
  thread: ObjectRef | undefined,
): string | undefined {
  const calls = callsOfThread(trace, thread?.id ?? trace.root_thread_id);
  return calls.at(-1)?.inference_call_id;
}

function nothing(why: string): QueryResult {
  return { found: false, data: null, lines: () => [why] };
}

/**
 * The command `transcript`: what the model saw.
 *
 * @module
 */

import { callsOfThread } from "../../../query/session/thread_calls.ts";
import { responseCapture } from "../../../query/evidence/recorded/captures.ts";
import { effectiveRequest } from "../../../query/evidence/recorded/effective_request.ts";
import { mayLackItems } from "../../../query/evidence/recorded/listed_items.ts";
import {
  isRequestLost,
  lossesOf,
} from "../../../query/evidence/recorded/losses.ts";
import { lossText } from "../../shared/loss_text.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import type { TranscriptHead } from "../../../query/transcript/transcript_answer.ts";
import { openTranscript } from "../../../query/transcript/transcript.ts";
import { UsageError } from "../../args/usage_error.ts";
import {
  type QueryArgs,
  queryCommand,
  type QueryResult,
} from "../../shared/query_command.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { unknownName } from "../../shared/unknown_object.ts";
import { transcriptMarkdown } from "./transcript_markdown.ts";
import { transcriptLines } from "./transcript_text.ts";

const MAX_OTHERS = 8;

/** Runs `transcript`. */
export const runTranscript = queryCommand("transcript", answer);

async function answer({ session, flags }: QueryArgs): Promise<QueryResult> {
  if (flags.on("markdown") && flags.on("json")) {
    throw new UsageError("--markdown and --json cannot be combined");
  }
  const [threadWord, callWord] = [flags.value("thread"), flags.value("at")];
  const thread = objectOf(session, threadWord, "thread");
  const call = objectOf(session, callWord, "inference_call");
  if (thread === null) {
    return await unknownName(session, threadWord ?? "", ["thread"]);
  }
  if (call === null) {
    return await unknownName(session, callWord ?? "", ["inference_call"]);
  }
  const opened = openTranscript(session, {
    ...thread && { thread: thread.id },
    ...call && { call: call.id },
  });
  if (opened === null && (call === undefined || thread === undefined)) {
    return NO_THREAD;
  }
  if (opened === null) {
    throw new UsageError(
      `${call?.handle} is not a request of ${thread?.handle}`,
      "omit --thread: a request belongs to one thread",
    );
  }
  const { head } = opened;
  const isUnasked = thread === undefined && call === undefined;
  const hasAny = head.items > 0 || hasUnrecorded(session, head);
  return {
    found: hasAny,
    get data() {
      return { ...head, entries: [...opened.entries()] };
    },
    lines: (render) => {
      if (!hasAny) return [withoutItems(session)];
      return flags.on("markdown")
        ? transcriptMarkdown(opened)
        : transcriptLines(opened, render, flags.on("full"));
    },
    messages: isUnasked ? othersOf(session, head) : [],
  };
}

/** A log of which little more than its first event was kept. */
const NO_THREAD: QueryResult = {
  found: false,
  data: null,
  lines: () => ["no thread was recorded"],
};

/** What a thread without items is; where events were lost, they may have had some. */
function withoutItems(session: TraceSession): string {
  const lost = lossText({
    ...lossesOf(session),
    events: session.extent?.events ?? null,
    skipped_events: session.extent?.skipped_events ?? null,
  });
  return lost === null
    ? "this thread has no items"
    : `items of this thread are unknown: ${lost}`;
}

/** Whether there were items that were not recorded, or are lost. */
function hasUnrecorded(
  session: TraceSession,
  { thread, request }: TranscriptHead,
): boolean {
  if (request !== null) {
    return request.capture !== null || request.error !== null;
  }
  return callsOfThread(session.trace, thread.id).some((call) =>
    isRequestLost(session, call) ||
    mayLackItems(effectiveRequest(session, call).ref) ||
    responseCapture(session, call) !== null
  );
}

/** The threads that a reader may not know of. */
function othersOf(
  { trace }: TraceSession,
  { other_threads: others }: TranscriptHead,
): string[] {
  if (others.length === 0) return [];
  const named = others.slice(0, MAX_OTHERS).map(({ id, handle }) =>
    `${handle} ${trace.threads.get(id)?.agent_path ?? ""}`.trim()
  );
  const more = others.length > MAX_OTHERS
    ? ` and ${others.length - MAX_OTHERS} more`
    : "";
  return [`--thread shows other threads: ${named.join(", ")}${more}`];
}

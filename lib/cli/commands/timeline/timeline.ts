/**
 * `rollout-trace timeline`: what happened, in order.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import {
  getTimeline,
  type TimelineOptions,
} from "../../../query/timeline/timeline.ts";
import { eventNumber } from "../../../query/session/resolve_object.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import type { ParsedFlags } from "../../args/parse_args.ts";
import { cutEach } from "../../text/fit.ts";
import { UsageError } from "../../args/usage_error.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { namedObject } from "../../shared/object_argument.ts";
import { reportPageOf } from "../../shared/open/report_page.ts";
import { queryCommand, type QueryResult } from "../../shared/query_command.ts";
import { kindsOf, TIMELINE_KINDS } from "../../catalog/choices.ts";
import { type PageOptions, timelineLines } from "./timeline_text.ts";
import { unknownName } from "../../shared/unknown_object.ts";

/** Runs `timeline`. */
export const runTimeline = queryCommand(
  "timeline",
  async ({ session, flags }): Promise<QueryResult> => {
    const options = await optionsOf(session, flags);
    if ("found" in options) return options;
    const answer = getTimeline(session, options);
    const view: PageOptions = {
      clock: flags.on("local") ? "local" : flags.on("clock") ? "utc" : null,
      failed: flags.on("failed"),
      place: session.place,
    };
    if (answer.entries.length > 0) {
      return {
        found: true,
        data: answer,
        page: reportPageOf(session, "timeline"),
        lines: (render) =>
          cutEach(timelineLines(answer, view, render), render.width),
      };
    }
    return {
      found: false,
      isAnswer: true,
      data: answer,
      page: reportPageOf(session, "timeline"),
      lines: () => [view.failed ? "no errors or warnings" : "no such entries"],
    };
  },
);

/** What the flags ask for; the answer where they name what there is not. */
async function optionsOf(
  session: TraceSession,
  flags: ParsedFlags,
): Promise<TimelineOptions | QueryResult> {
  const kinds = kindsOf(
    flags.values("kind").flatMap((words) => words.split(",")),
  );
  const word = flags.value("thread");
  const thread = objectOf(session, word, "thread");
  if (thread === null) {
    return await unknownName(session, word ?? "", ["thread"]);
  }
  const since = seqOf(session, flags.value("since"));
  const until = seqOf(session, flags.value("until"));
  for (const [flag, seq] of [["since", since], ["until", until]] as const) {
    if (seq === null) {
      return await unknownName(session, flags.value(flag) ?? "");
    }
  }
  const gapMs = flags.number("gap");
  return {
    failed: flags.on("failed"),
    ...kinds.length === 0 ? {} : { kinds },
    ...thread === undefined ? {} : { thread: thread.id },
    ...since == null ? {} : { since },
    ...until == null ? {} : { until },
    ...gapMs === undefined ? {} : { gapMs },
  };
}

/**
 * The event that a word means: by its number, or as the one that began an object; `null` where
 * it means nothing.
 */
function seqOf(
  session: TraceSession,
  word: string | undefined,
): Integer | undefined | null {
  if (word === undefined) return undefined;
  const seq = eventNumber(word);
  if (seq !== undefined) {
    return seq <= Number.MAX_SAFE_INTEGER ? Number(seq) : seq;
  }
  const ref = namedObject(session, word);
  if (ref === undefined) return null;
  const entry = getTimeline(session, {
    kinds: TIMELINE_KINDS.map(({ kind }) => kind),
  }).entries.find(
    ({ object }) => object?.id === ref.id && object.kind === ref.kind,
  );
  if (entry !== undefined && entry.started_seq !== null) {
    return entry.started_seq;
  }
  throw new UsageError(
    `no event records the start of ${ref.handle}`,
    "give the number of an event",
  );
}

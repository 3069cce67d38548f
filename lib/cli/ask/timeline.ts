/**
 * `rollout-trace timeline`: what happened, in order.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import {
  getTimeline,
  type TimelineOptions,
} from "../../query/timeline/timeline.ts";
import { eventNumber } from "../../query/session/resolve_object.ts";
import type { Session } from "../../query/session/session.ts";
import type { Command } from "../command.ts";
import type { ParsedFlags } from "../flags.ts";
import { cutEach } from "../text/fit.ts";
import { UsageError } from "../usage_error.ts";
import { objectOf } from "./flag_object.ts";
import { namedObject } from "./named_object.ts";
import {
  COMMON_EXITS_HELP,
  COMMON_FLAGS_HELP,
  questionCommand,
  type Reply,
} from "./question.ts";
import { EVERY_KIND, KIND_WORDS, kindsOf } from "./timeline/kinds.ts";
import { timelineLines } from "./timeline/page.ts";
import { unknownName } from "./unknown_name.ts";

const USAGE = `Usage: rollout-trace timeline BUNDLE [OPTIONS]

What happened, in order: a line for each thing, where it began, with how long
it took and, as a tree, what it happened in. Threads have lanes at the left.
What still ran while a request began elsewhere has a second line at its end.

  ● it happened   ✗ failed   ■ stopped   ◌ never ended   ! worth a look
  ┴ the end of something   ○ here only because of what happened in it

  rollout-trace timeline BUNDLE --failed
  rollout-trace timeline BUNDLE --kind call,tool --thread /root/reviewer

Options:
      --thread THREAD     only this thread: a handle, an id, an agent's path
      --kind KIND         only these kinds, with commas between, or given again:
                          thread resumed turn message item call tool cell op
                          summary compaction edge undelivered protocol loss
      --failed            only what failed, was stopped, never ended or is worth
                          a look, with everything it happened in
      --since SEQ         only what began with this event or later: 9, seq:9, or
                          the name of an object for its beginning
      --until SEQ         only what began with this event or earlier
      --gap MS            milliseconds without anything that are told as a gap;
                          1000 if not given
      --clock             the time of day (UTC), not the time since the start
${COMMON_FLAGS_HELP}

Without --kind, items that no user wrote, and protocol events that are neither
errors nor warnings, are left out.

${COMMON_EXITS_HELP}`;

/** The command. */
export const timelineCommand: Command = questionCommand({
  name: "timeline",
  usage: USAGE,
  flags: {
    switches: ["failed", "clock"],
    values: ["thread", "since", "until", "gap"],
    lists: ["kind"],
    short: {},
    choices: { kind: KIND_WORDS },
    several: ["kind"],
  },
  words: [],
  answer: async ({ session, flags }): Promise<Reply> => {
    const options = await optionsOf(session, flags);
    if ("found" in options) return options;
    const answer = getTimeline(session, options);
    const told = {
      clock: flags.on("clock"),
      failed: flags.on("failed"),
      place: session.place,
    };
    if (answer.entries.length > 0) {
      return {
        found: true,
        data: answer,
        lines: (paper) =>
          cutEach(timelineLines(answer, told, paper), paper.width),
      };
    }
    return {
      found: false,
      data: answer,
      lines: () => [
        told.failed ? "nothing went wrong" : "nothing of that happened",
      ],
    };
  },
});

/** What the flags ask for; the answer where they name what there is not. */
async function optionsOf(
  session: Session,
  flags: ParsedFlags,
): Promise<TimelineOptions | Reply> {
  const kinds = await kindsOf(flags.values("kind"));
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
  const gapMs = gapOf(flags.value("gap"));
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
  session: Session,
  word: string | undefined,
): Integer | undefined | null {
  if (word === undefined) return undefined;
  const seq = eventNumber(word);
  if (seq !== undefined) {
    return seq <= Number.MAX_SAFE_INTEGER ? Number(seq) : seq;
  }
  const ref = namedObject(session, word);
  if (ref === undefined) return null;
  const entry = getTimeline(session, { kinds: EVERY_KIND }).entries.find(
    ({ object }) => object?.id === ref.id && object.kind === ref.kind,
  );
  if (entry !== undefined && entry.started_seq !== null) {
    return entry.started_seq;
  }
  throw new UsageError(
    `no event tells when ${ref.handle} began`,
    "give the number of an event",
  );
}

function gapOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new UsageError("--gap must be a number of milliseconds");
}

/**
 * `rollout-trace search`: where a text stands in a session.
 *
 * @module
 */

import {
  SEARCH_SCOPES,
  type SearchScope,
} from "../../query/search/search_answer.ts";
import { search } from "../../query/search/search.ts";
import type { Session } from "../../query/session/session.ts";
import type { FlagSpec, ParsedFlags } from "../flags.ts";
import { UsageError } from "../usage_error.ts";
import { objectOf } from "./flag_object.ts";
import { unknownName } from "./unknown_name.ts";
import {
  type Asked,
  COMMON_EXITS_HELP,
  COMMON_FLAGS_HELP,
  questionCommand,
  type Reply,
} from "./question.ts";
import { searchPattern } from "./search_pattern_word.ts";
import { searchLines } from "./search/search_text.ts";

const USAGE =
  `Usage: rollout-trace search BUNDLE TEXT [--in PLACES] [--thread T] [--hits N]
       rollout-trace search BUNDLE /REGEX/[ims]

Finds a text, and tells what holds it, in the order in which it first appeared.
A TEXT finds upper and lower case alike unless it has capitals itself, and is
found also where it stands quoted, as JSON inside JSON. A REGEX has the syntax
of RE2 and takes no longer for a hostile text than for any other.

What a request repeats of the one before it is not searched again: an item is
told once, however often it was sent. Nor is a prompt searched that Codex only
prepared, where the request itself was recorded. What a payload says that an item, a tool
or a terminal says already is counted there ("also in payload:9").

  BUNDLE                  folder of a bundle, or a state.json
  TEXT                    what to find; /…/ is taken for an expression

Options:
      --in PLACES         where, several with commas between; else everywhere:
                            items      all that models saw and said
                            arguments  what tools were asked
                            outputs    what tools answered
                            sources    the code of code cells
                            payloads   the evidence, as recorded
      --thread T          search one thread only
      --hits N            list up to N hits of one object, or all; else 3
      --copies            list payloads also where they say what an object in the
                          list says; so does --in payloads
      --text              take TEXT as it stands, even if it looks like /REGEX/
${COMMON_FLAGS_HELP}

${COMMON_EXITS_HELP}`;

const FLAGS: FlagSpec = {
  switches: ["copies", "text"],
  values: ["in", "thread", "hits"],
  short: {},
  choices: { in: SEARCH_SCOPES },
  several: ["in"],
};

/** The command `search`. */
export const searchCommand = questionCommand({
  name: "search",
  usage: USAGE,
  flags: FLAGS,
  words: [{ name: "TEXT" }],
  answer,
});

const MOST_HITS = 3;

async function answer(
  { session, words, flags }: Asked,
): Promise<Reply> {
  const pattern = searchPattern(words[0] ?? "", flags.on("text"));
  const places = placesOf(flags, session);
  const thread = objectOf(session, flags.value("thread"), "thread");
  if (thread === null) {
    return await unknownName(session, flags.value("thread") ?? "", ["thread"]);
  }
  const withCopies = flags.on("copies") ||
    flags.value("in") !== undefined && places.includes("payloads");
  const found = search(session, pattern, {
    places,
    mostHits: mostHitsOf(flags),
    ...(thread === undefined ? {} : { thread: thread.id }),
  });
  return {
    found: found.objects.length > 0,
    data: found,
    lines: (paper) => searchLines(found, session.place, paper, withCopies),
  };
}

function placesOf(
  flags: ParsedFlags,
  { payloads }: Session,
): readonly SearchScope[] {
  const given = flags.value("in");
  if (given === undefined) return SEARCH_SCOPES;
  const places = given.split(",").map((word) => {
    const place = SEARCH_SCOPES.find((each) => each === word.trim());
    if (place !== undefined) return place;
    throw new UsageError(
      `--in takes ${SEARCH_SCOPES.join(", ")}, not ${JSON.stringify(word)}`,
      "put commas between several",
    );
  });
  if (payloads === null && places.every((place) => place === "payloads")) {
    throw new UsageError(
      "a state.json has no payloads",
      "name the folder of the bundle",
    );
  }
  return places;
}

function mostHitsOf(flags: ParsedFlags): number {
  const given = flags.value("hits");
  if (given === undefined) return MOST_HITS;
  if (given === "all") return Infinity;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw new UsageError("--hits must be a number from 1, or all");
}

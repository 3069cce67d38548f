/**
 * `rollout-trace search`: finds a text in a session.
 *
 * @module
 */

import {
  BUNDLE_SCOPES,
  SEARCH_SCOPES,
  type SearchScope,
} from "../../../query/search/search_answer.ts";
import { search } from "../../../query/search/search.ts";
import type { Session } from "../../../query/session/session.ts";
import type { ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { unknownName } from "../../shared/unknown_object.ts";
import {
  type QueryArgs,
  queryCommand,
  type QueryResult,
} from "../../shared/query_command.ts";
import { searchPattern } from "./search_pattern.ts";
import { searchLines } from "./search_text.ts";

/** Runs `search`. */
export const runSearch = queryCommand("search", answer);

async function answer(
  { session, operands: [text = ""], flags }: QueryArgs,
): Promise<QueryResult> {
  const pattern = await searchPattern(text, {
    isRegex: flags.on("regex"),
    isFixed: flags.on("fixed-strings"),
    ignoreCase: flags.on("ignore-case"),
  });
  const scopes = placesOf(flags, session);
  const thread = objectOf(session, flags.value("thread"), "thread");
  if (thread === null) {
    return await unknownName(session, flags.value("thread") ?? "", ["thread"]);
  }
  const withCopies = flags.on("copies") ||
    flags.value("in") !== undefined && scopes.includes("payloads");
  const found = search(session, pattern, {
    scopes,
    maxHits: flags.number("hits") ?? Infinity,
    ...(thread === undefined ? {} : { thread: thread.id }),
  });
  return {
    found: found.objects.length > 0,
    isAnswer: true,
    data: found,
    lines: (render) => searchLines(found, session.place, render, withCopies),
  };
}

function placesOf(
  flags: ParsedFlags,
  { payloads }: Session,
): readonly SearchScope[] {
  const places = flags.choices("in", SEARCH_SCOPES) ?? SEARCH_SCOPES;
  if (payloads === null && places.every((place) => BUNDLE_SCOPES.has(place))) {
    throw new UsageError(
      `a state.json has no ${places.join(" and no ")}`,
      "name the folder of the bundle",
    );
  }
  return places;
}

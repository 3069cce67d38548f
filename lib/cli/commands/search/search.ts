/**
 * `rollout-trace search`: finds a text in a session, or in all below a directory.
 *
 * @module
 */

import {
  bundleFolders,
  isFolder,
} from "../../../bundle/storage/find_bundles.ts";
import { quote } from "../../../errors.ts";
import { BUNDLE_SCOPES } from "../../../query/search/search_answer.ts";
import { search } from "../../../query/search/search.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import type { ParsedArgs } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { MANY_FLAGS } from "../../catalog/many_flags.ts";
import type { CommandIo } from "../../command.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { unknownName } from "../../shared/unknown_object.ts";
import {
  type QueryArgs,
  queryCommand,
  type QueryResult,
} from "../../shared/query_command.ts";
import { searchRoot } from "./root_search.ts";
import { soughtBy } from "./search_pattern.ts";
import { hasDamaged, searchLines } from "./search_text.ts";

const searchSession = queryCommand("search", answer);

/** Runs `search`: about one session, or about all below a directory. */
export async function runSearch(
  args: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const { operands: [place = ""], flags } = args;
  requireBundlePath(place, "session");
  const manyFlag = MANY_FLAGS.find(({ name }) => flags.on(name));
  if (manyFlag === undefined && !isRoot(place)) {
    return await searchSession(args, io);
  }
  if (manyFlag !== undefined && !isFolder(place)) {
    throw new UsageError(
      `--${manyFlag.name} needs the directory of a bundle, or one above bundles`,
      `${quote(place)} is a file`,
    );
  }
  return await searchRoot(args, io);
}

/** Whether a path is a directory above bundles, or may be one: a part of it cannot be searched. */
function isRoot(place: string): boolean {
  if (!isFolder(place)) return false;
  let isAbove = false;
  const report = () => isAbove = true;
  const { value: first } = bundleFolders(place, report, undefined, report)
    .next();
  return first === undefined ? isAbove : first !== place;
}

async function answer(
  { session, operands: [text = ""], flags }: QueryArgs,
): Promise<QueryResult> {
  const { pattern, scopes, withCopies } = await soughtBy(text, flags);
  if (
    session.payloads === null &&
    scopes.every((scope) => BUNDLE_SCOPES.has(scope))
  ) {
    throw new UsageError(
      `a ${
        session.sessionLog === undefined ? "state.json" : "session log"
      } has no ${scopes.join(" and no ")}`,
      "name the folder of the bundle",
    );
  }
  const thread = objectOf(session, flags.value("thread"), "thread");
  if (thread === null) {
    return await unknownName(session, flags.value("thread") ?? "", ["thread"]);
  }
  const found = search(session, pattern, {
    scopes,
    maxHits: flags.number("hits") ?? Infinity,
    ...(thread === undefined ? {} : { thread: thread.id }),
  });
  return {
    found: found.objects.length > 0,
    isAnswer: true,
    isPartial: hasDamaged(found.unreadable_payloads),
    data: found,
    lines: (render) => {
      // A session log has nothing to explain.
      const place = session.sessionLog === undefined ? session.place : null;
      return searchLines(found, place, render, withCopies);
    },
  };
}

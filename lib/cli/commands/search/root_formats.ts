/**
 * What `search ROOT` prints of a session with hits, and of all together.
 *
 * @module
 */

import type { ListedBundle } from "../../../query/list/list_answer.ts";
import type { SearchAnswer } from "../../../query/search/search_answer.ts";
import { escapeControls } from "../../../text/escape.ts";
import { counted, countOf, momentOf } from "../../../text/figures.ts";
import { cut, cutStart, oneLine, padStart } from "../../text/fit.ts";
import { jsonText } from "../../text/json_document.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import type { Listing } from "./copies.ts";
import { countsOf, nextLines, objectLines, soughtOf } from "./search_text.ts";

const INDENT = "  ";
/** Columns of a count on a terminal. */
const COUNT_WIDTH = 9;

/** A session with hits. */
export interface FoundSession {
  /** Its directory. */
  readonly bundle: string;
  readonly brief: ListedBundle;
  readonly answer: SearchAnswer;
  /** What of the answer is printed. */
  readonly listing: Listing;
}

/** How sessions are printed. */
export interface RootLook {
  /** Whether there is a session before this one. */
  readonly isFirst: boolean;
  /** Whether a program reads it: paths are complete, and values have tabs between. */
  readonly isPlain: boolean;
  readonly render: RenderOptions;
}

/** A form of the answer: the flag that asks for it. */
export type RootFormat = "text" | "sessions" | "count" | "jsonl";

/** The lines of a session in each form. */
export const FORMATS: Readonly<
  Record<
    RootFormat,
    (session: FoundSession, look: RootLook) => Iterable<string>
  >
> = {
  text: textLines,
  sessions: ({ bundle }, look) => [pathText(bundle, look, 0)],
  count: ({ bundle, listing: { hits } }, look) => [
    look.isPlain
      ? `${hits}\t${pathText(bundle, look, 0)}`
      : `${padStart(countOf(hits), COUNT_WIDTH)}${INDENT}${
        pathText(bundle, look, COUNT_WIDTH + INDENT.length)
      }`,
  ],
  jsonl: jsonLines,
};

/** The session, and below it what has hits. */
function* textLines(
  { bundle, brief, answer, listing }: FoundSession,
  look: RootLook,
): Generator<string> {
  const { render, isFirst } = look;
  const { width, style, isLocal } = render;
  if (!isFirst) yield "";
  yield style.heading(pathText(bundle, look, 0));
  const prompt = brief.prompt === null ? [] : [oneLine(brief.prompt, width)];
  const facts = [
    momentOf(answer.started_at_unix_ms, isLocal),
    countsOf(answer, listing),
    ...prompt,
  ];
  yield style.dim(cut(facts.join(INDENT), width));
  const inner = { ...render, width: width - INDENT.length };
  for (const listed of listing.listed) {
    for (const line of objectLines(listed, inner)) yield INDENT + line;
  }
}

/** An object for each hit. */
function* jsonLines(
  { bundle, brief, answer, listing }: FoundSession,
): Generator<string> {
  const session = {
    bundle,
    trace_id: brief.trace_id,
    session_id: brief.session_id,
    rollout_id: brief.rollout_id,
    started_at_unix_ms: answer.started_at_unix_ms,
    cwd: brief.cwd,
  };
  for (const { found } of listing.listed) {
    const { object, scope, label, thread, seq, at_unix_ms, since_start_ms } =
      found;
    const about = {
      object,
      scope,
      label,
      thread,
      seq,
      at_unix_ms,
      since_start_ms,
    };
    for (const hit of found.hits) yield jsonText({ session, ...about, hit });
  }
}

/** A path on one line; beside `used` columns it is cut at its start, unless a program reads it. */
function pathText(
  path: string,
  { isPlain, render: { width } }: RootLook,
  used: number,
): string {
  const line = escapeControls(path.replace(/[\n\t]/g, escapedBreak));
  return isPlain ? line : cutStart(line, width - used);
}

function escapedBreak(character: string): string {
  return character === "\n" ? "\\n" : "\\t";
}

/** What all sessions together have. */
export interface RootTotal {
  /** Sessions that were searched. */
  readonly searched: number;
  /** Sessions with hits. */
  readonly found: number;
  readonly hits: number;
  /** Hits that are copies, and not listed. */
  readonly folded: number;
  /** Whether more hits were not counted. */
  readonly hasMoreHits: boolean;
}

/** The lines after the last session, with what to ask about the `first` object. */
export function* totalLines(
  { searched, found, hits, folded, hasMoreHits }: RootTotal,
  sought: Pick<SearchAnswer, "pattern">,
  { bundle, listing: { listed } }: Pick<FoundSession, "bundle" | "listing">,
  render: RenderOptions,
): Generator<string> {
  yield "";
  const least = hasMoreHits ? "at least " : "";
  yield cut(
    `${least}${counted(hits, "hit")} in ${countOf(found)} of ${
      counted(searched, "session")
    } searched: ${soughtOf(sought)}`,
    render.width,
  );
  yield* nextLines({ listed, folded }, bundle, render);
}

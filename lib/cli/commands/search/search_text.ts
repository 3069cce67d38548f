/**
 * The hits of a search: object by object, each hit with the text around it.
 *
 * @module
 */

import {
  type ObjectHit,
  SEARCH_SCOPES,
  type SearchAnswer,
  type SearchHit,
  type UnreadablePayload,
} from "../../../query/search/search_answer.ts";
import {
  bestSuggestion,
  everything,
  type Listed,
  type Listing,
  withoutCopies,
} from "./copies.ts";
import { counted, durationOf } from "../../../text/figures.ts";
import { titledCommand } from "../../shared/suggestions_text.ts";
import {
  cut,
  cutStart,
  largest,
  oneLine,
  padEnd,
  widthOf,
  widthUpTo,
} from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { escapeControls } from "../../../text/escape.ts";

const INDENT = 2;
const GAP = 2;
/** Of a field's name; paths into payloads may be long. */
const WIDEST_FIELD = 28;

/** The lines of an answer, escaped; with the copies of other hits, or without. */
export function* searchLines(
  answer: SearchAnswer,
  place: string | null,
  render: RenderOptions,
  withCopies: boolean,
): Generator<string> {
  const { objects, unreadable_payloads: unread } = answer;
  if (objects.length === 0) {
    yield* nothingLines(answer, "no hit", render);
  } else {
    const listing = withCopies ? everything(answer) : withoutCopies(answer);
    yield cut(
      `${countsOf(answer, listing)}: ${soughtOf(answer)}`,
      render.width,
    );
    for (const listed of listing.listed) {
      yield "";
      yield* objectLines(listed, render);
    }
    yield "";
    yield* nextLines(listing, place, render);
  }
  for (const words of unreadWords(unread)) {
    yield cut(render.style.warning(words), render.width);
  }
}

/** The lines of one object: its name, its hits, and where they are repeated. */
export function* objectLines(
  { found, copies }: Listed,
  render: RenderOptions,
): Generator<string> {
  yield cut(objectLine(found, render), render.width);
  yield* hitLines(found, render);
  yield* copyLines(copies, render);
}

/** Whether a payload was not searched that the recorder did not leave out. */
export function hasDamaged(
  unread: readonly Pick<UnreadablePayload, "capture">[],
): boolean {
  return unread.some(({ capture }) => capture === null);
}

/** What was not searched, or not completely. */
export function* unreadWords(
  unread: readonly Pick<UnreadablePayload, "capture">[],
): Iterable<string> {
  const damaged = unread.filter(({ capture }) => capture === null).length;
  if (damaged > 0) {
    yield `${counted(damaged, "payload")} cannot be read and ${
      wasOrWere(damaged)
    } not searched: rollout-trace check reports why`;
  }
  const omitted = countOfStatus(unread, "omitted");
  if (omitted > 0) {
    yield `${counted(omitted, "payload")} ${
      wasOrWere(omitted)
    } omitted by the recorder's limits and not searched`;
  }
  const truncated = countOfStatus(unread, "truncated");
  if (truncated > 0) {
    yield `${counted(truncated, "payload")} ${
      wasOrWere(truncated)
    } truncated: what was kept was searched`;
  }
}

function countOfStatus(
  unread: readonly Pick<UnreadablePayload, "capture">[],
  status: "omitted" | "truncated",
): number {
  return unread.filter(({ capture }) => capture?.status === status).length;
}

function wasOrWere(count: number): string {
  return count === 1 ? "was" : "were";
}

/** How much was found: `at least 3 hits in 2 objects`. */
export function countsOf(
  answer: Pick<SearchAnswer, "has_more_hits">,
  { hits, listed }: Listing,
): string {
  const least = answer.has_more_hits ? "at least " : "";
  return `${least}${counted(hits, "hit")} in ${
    counted(listed.length, "object")
  }`;
}

/** What was searched for. */
export function soughtOf({ pattern }: Pick<SearchAnswer, "pattern">): string {
  const { type, text, case_sensitive: exact } = pattern;
  const shown = `"${oneLine(text, 60)}"`;
  const kind = type === "regex" ? "regular expression " : "";
  return `${kind}${shown}${exact ? "" : ", ignoring case"}`;
}

/** That there is nothing, where that was searched for, and how to find more. */
export function* nothingLines(
  answer: Pick<SearchAnswer, "scopes" | "pattern" | "thread">,
  what: string,
  { width }: RenderOptions,
): Generator<string> {
  yield cut(`${what}: ${soughtOf(answer)}`, width);
  const { scopes, pattern, thread } = answer;
  yield cut(`searched: ${scopes.join(", ")}`, width);
  const hints = [
    ...(scopes.length < SEARCH_SCOPES.length
      ? ["leave --in out to search everywhere"]
      : []),
    ...(thread === null ? [] : ["leave --thread out to search every thread"]),
    ...(pattern.case_sensitive && pattern.type === "text"
      ? ["-i ignores case"]
      : []),
    ...(pattern.type === "text" && /^\/.+\/[a-z]*$/s.test(pattern.text)
      ? ["-e searches for a regular expression, without slashes around it"]
      : []),
  ];
  for (const hint of hints) yield cut(hint, width);
}

function objectLine(
  found: ObjectHit,
  { style }: RenderOptions,
): string {
  const { object, label, thread, seq, hit_count: hits } = found;
  const { since_start_ms: since } = found;
  const facts = [
    ...(thread === null ? [] : [oneLine(thread.handle, 40)]),
    ...(seq === null ? [] : [`seq ${seq}`]),
    ...(since === null ? [] : [`+${durationOf(since)}`]),
    ...(hits === 1
      ? []
      : [`${found.has_more_hits ? "at least " : ""}${counted(hits, "hit")}`]),
  ];
  return `${style.id(oneLine(object.handle, 40))}  ${oneLine(label, 40)}  ${
    style.dim(facts.join("  "))
  }`;
}

function* hitLines(
  { hits, hit_count: count }: ObjectHit,
  { width, style }: RenderOptions,
): Generator<string> {
  const fields = hits.map(({ field }) => fieldOf(field, width));
  const widest = largest(fields.map(widthOf));
  const room = width - INDENT - widest - GAP;
  for (const [index, hit] of hits.entries()) {
    const field = style.dim(padEnd(fields[index] ?? "", widest));
    const around = snippetOf(hit, room, style.heading);
    yield `${" ".repeat(INDENT)}${field}${" ".repeat(GAP)}${around}`.trimEnd();
  }
  if (count > hits.length) {
    const more = `and ${count - hits.length} more: --hits all lists them`;
    yield `${" ".repeat(INDENT)}${style.dim(more)}`;
  }
}

/** The payloads with the same text, as many as fit on a line. */
function* copyLines(
  copies: readonly string[],
  { width, style }: RenderOptions,
): Generator<string> {
  if (copies.length === 0) return;
  const names = copies.map((handle) => oneLine(handle, 40));
  const line = (shown: number) => {
    const more = names.length - shown;
    const handles = names.slice(0, shown).join(", ");
    return `${" ".repeat(INDENT)}also in ${handles}${
      more > 0 ? `${shown > 0 ? " and " : ""}${counted(more, "payload")}` : ""
    }`;
  };
  let shown = Math.min(names.length, width);
  while (shown > 0 && widthOf(line(shown)) > width) shown--;
  yield cut(style.dim(line(shown)), width);
}

/** The end of a path is more specific than its start. */
function fieldOf(field: string, width: number): string {
  return cutStart(
    flat(field.replace(/^body\./, "")),
    Math.min(WIDEST_FIELD, Math.floor(width / 3)),
  );
}

/** A match with as much of the text around it as there is room for. */
function snippetOf(
  { before, match, after, length }: SearchHit,
  room: number,
  mark: (text: string) => string,
): string {
  const excerpt = match.length < length ? `${match}…` : match;
  const middle = cut(flat(excerpt), Math.max(8, room - 8));
  const left = flat(before).trimStart();
  const right = flat(after).trimEnd();
  const rest = Math.max(0, room - widthOf(middle));
  const [ofLeft, ofRight] = shared(
    widthUpTo(left, rest),
    widthUpTo(right, rest),
    rest,
  );
  return `${cutStart(left, ofLeft)}${mark(middle)}${cut(right, ofRight)}`;
}

/** Half of the room for each side, and what one does not need for the other. */
function shared(left: number, right: number, room: number): [number, number] {
  const half = Math.floor(room / 2);
  const ofRight = Math.min(right, room - Math.min(left, half));
  return [Math.min(left, room - ofRight), ofRight];
}

/** A text on one escaped line, with the spaces at its ends. */
function flat(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return escapeControls(
    text.replace(/[^\S\n]*\r?\n\s*/g, " ⏎ ").replaceAll("\t", " "),
  );
}

/** What to ask next. */
export function* nextLines(
  { listed, folded }: Pick<Listing, "listed" | "folded">,
  place: string | null,
  render: RenderOptions,
): Generator<string> {
  if (folded > 0) {
    const { width, style } = render;
    yield cut(
      style.dim(
        `${counted(folded, "more hit")} in payloads with the same text: ${
          folded === 1 ? "--copies lists it" : "--copies lists them"
        }`,
      ),
      width,
    );
  }
  const first = bestSuggestion(listed);
  if (first === undefined || place === null) return;
  const { handle, kind } = first.object;
  const question = kind === "payload" ? "payload" : "explain";
  const asked = { command: question, args: [handle] };
  yield* titledCommand("all about one: ", asked, place, render);
}

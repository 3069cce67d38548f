/**
 * Two requests compared, for a person.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type {
  MemberChange,
  MembersDiff,
  RequestDiff,
  RequestSide,
} from "../../../query/diff/diff_answer.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import {
  counted,
  countOf,
  durationOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { columnLines } from "../../text/columns.ts";
import { cut, oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { refText } from "../../shared/ref_text.ts";
import { changeText, valueWidth } from "./change_text.ts";
import { countsOf, hunkLines } from "./conversation_diff_text.ts";
import {
  pairLines,
  type TextDiffOptions,
  textLines,
} from "./string_diff_text.ts";

const INDENT = "    ";

/** The lines of a comparison. */
export function* requestDiffLines(
  diff: RequestDiff,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { a, b, conversation, members, same } = diff;
  const { style, width } = render;
  const names = `${a.call.handle} → ${b.call.handle}`;
  if (a.bundle !== b.bundle) {
    yield `${style.id("A")}  ${oneLine(a.bundle, width - 3)}`;
    yield `${style.id("B")}  ${oneLine(b.bundle, width - 3)}`;
    yield "";
  }
  if (same === true) {
    yield cut(
      `no difference: ${a.call.handle} and ${b.call.handle} sent the same` +
        (diff.gap_ms === null ? "" : `, ${durationOf(diff.gap_ms)} apart`),
      width,
    );
    if (members === null) yield* unread(diff, render);
    return;
  }
  yield style.heading(cut(names, width));
  yield "";
  yield* sideLines(diff, render);
  yield "";
  if (conversation === null) yield* unknownInput(diff, render);
  else {
    yield style.heading(cut(`input: ${countsOf(conversation)}`, width));
    yield* unrecordedItems(diff, render);
    yield* compactionLines(diff, render);
    yield* hunkLines(conversation, render, options);
  }
  yield "";
  if (members === null) yield* unread(diff, render);
  else yield* memberLines(members, render, options);
}

function* unread(
  { a, b }: RequestDiff,
  { style, width }: RenderOptions,
): Iterable<string> {
  const isLost = a.request_capture !== null || b.request_capture !== null;
  const why = isLost ? "not recorded" : "its payload is not available";
  yield style.dim(cut(`everything but the input: unknown, ${why}`, width));
}

/** Why the inputs cannot be compared. */
function* unknownInput(
  { a, b }: RequestDiff,
  { style, width }: RenderOptions,
): Iterable<string> {
  yield style.heading("input: unknown");
  for (const { call, request_capture: capture } of [a, b]) {
    if (capture === null) continue;
    const why = `the request of ${call.handle} was ${unrecordedText(capture)}`;
    yield style.warning(cut(why, width));
  }
}

/** That there are items of which nothing can be compared. */
function* unrecordedItems(
  { a, b }: RequestDiff,
  { style, width }: RenderOptions,
): Iterable<string> {
  for (const { call, unrecorded_items: lost } of [a, b]) {
    if (lost === 0) continue;
    const what = `${counted(lost, "item")} of ${call.handle} not recorded`;
    yield style.warning(cut(what, width));
  }
}

/** What differs because the history was replaced: no item of it was rewritten. */
function* compactionLines(
  { compactions }: RequestDiff,
  { style, width }: RenderOptions,
): Iterable<string> {
  for (const each of compactions) {
    const { compaction, replaced_items: before, replacement_items: after } =
      each;
    const what = `${refText(compaction)} replaced ${
      counted(before, "item")
    } by ${countOf(after)}`;
    yield style.warning(cut(what, width));
  }
}

function sideLines(diff: RequestDiff, render: RenderOptions) {
  const { a, b } = diff;
  const numbers = (title: string, of: (side: RequestSide) => Figure) =>
    numberRow(title, of(a), of(b));
  const texts = (title: string, of: (side: RequestSide) => string) =>
    textRow(title, of(a), of(b), render);
  const { heading } = render.style;
  return columnLines({
    columns: [{}, { shrinkable: true }, {}, {}],
    rows: [
      ["", heading(a.call.handle), heading(b.call.handle), ""],
      texts("thread", ({ thread }) => thread.handle),
      texts("turn", ({ turn }) => turn.handle),
      texts("model", ({ model }) => model),
      texts("outcome", ({ outcome }) => outcome ?? UNKNOWN),
      // Times and payloads always differ.
      texts("took", ({ duration_ms: took }) => durationOf(took)).with(3, ""),
      ...a.bundle === b.bundle
        ? [["time between", "", durationOf(diff.gap_ms), ""]]
        : [],
      // Those that were not recorded are printed below.
      numbers(
        "items",
        ({ items, unrecorded_items: lost }) =>
          items === null ? null : items + lost,
      ),
      numbers("tokens in", ({ usage }) => usage?.input_tokens),
      numbers("of them cached", ({ usage }) => usage?.cached_input_tokens),
      numbers("tokens out", ({ usage }) => usage?.output_tokens),
      numbers(
        "of them reasoning",
        ({ usage }) => usage?.reasoning_output_tokens,
      ),
      texts("evidence", ({ payload }) => payload.handle).with(3, ""),
    ],
    width: render.width,
  });
}

/** A count of one side; empty where it is unknown. */
type Figure = Integer | null | undefined;

function numberRow(title: string, a: Figure, b: Figure): string[] {
  return [
    title,
    countOf(a ?? null),
    countOf(b ?? null),
    changeText(a ?? null, b ?? null),
  ];
}

function textRow(
  title: string,
  a: string,
  b: string,
  { style, width }: RenderOptions,
): string[] {
  const room = valueWidth(width);
  const mark = a === b ? "" : style.warning("≠");
  return [title, oneLine(a, room), oneLine(b, room), mark];
}

function* memberLines(
  { kept, changes }: MembersDiff,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { style, width } = render;
  const same = `${counted(kept, "member")} the same`;
  yield style.heading(
    cut(
      changes.length === 0
        ? `everything else: the same (${counted(kept, "member")})`
        : `everything else: ${same}, ${counted(changes.length, "value")} not`,
      width,
    ),
  );
  for (const change of changes) {
    yield* memberChangeLines(change, render, options);
  }
}

/** One value that differs. */
export function* memberChangeLines(
  { path, change, a, b }: MemberChange,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { style, width } = render;
  const room = { ...render, width: width - INDENT.length };
  const [before, after] = [plain(a), plain(b)];
  const { sign, lines } = {
    added: {
      sign: style.success("+"),
      lines: () => textLines(after, room.width, options).map(style.success),
    },
    removed: {
      sign: style.error("-"),
      lines: () => textLines(before, room.width, options).map(style.error),
    },
    changed: {
      sign: style.warning("~"),
      lines: () => pairLines(before, after, room, options),
    },
  }[change];
  yield `${sign} ${oneLine(path.join(" › "), width - 2)}`;
  for (const line of lines()) yield `${INDENT}${line}`;
}

/** A text without its quotes; any other value as JSON. */
function plain(json: string | null): string {
  if (json === null) return "";
  if (!json.startsWith('"')) return json;
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

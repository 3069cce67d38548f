/**
 * A request compared with what was prepared for it, for a person.
 *
 * @module
 */

import type {
  PreparedChange,
  PreparedDiff,
  PreparedInput,
  PreparedInstructions,
  PreparedItemSummary,
  PreparedMembers,
} from "../../../query/diff/diff_answer.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import { counted, countOf } from "../../../text/figures.ts";
import { cut, oneLine, wrapped } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { memberChangeLines } from "./request_diff_text.ts";
import type { TextDiffOptions } from "./string_diff_text.ts";

const INDENT = "    ";
/** Changes that are printed; the first matter most. */
const MAX_CHANGES = 20;
/** More of an item is in no line. */
const MAX_TEXT = 400;

/** The lines of a comparison. */
export function* preparedDiffLines(
  diff: PreparedDiff,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { style, width } = render;
  yield style.heading(
    cut(
      `${diff.call.call.handle}: prepared ${diff.prepared_payload.handle} → ` +
        `sent ${diff.sent_payload.handle}`,
      width,
    ),
  );
  yield* lostLines(diff, render);
  yield "";
  if (diff.input !== null) yield* inputLines(diff.input, render, options);
  if (diff.instructions !== null) {
    yield `base instructions: ${instructionWords(diff.instructions)}`;
  }
  if (diff.members !== null) {
    yield* memberLines(diff.members, render, options);
  }
  if (diff.same === true) yield style.success("sent as prepared");
  if (diff.input === null) yield style.dim("what differs is unknown");
}

/** What cannot be compared. */
function* lostLines(
  { prepared_capture, prepared_payload, call, sent_payload }: PreparedDiff,
  { style, width }: RenderOptions,
): Iterable<string> {
  const lost = [
    [prepared_payload, prepared_capture],
    [sent_payload, call.request_capture],
  ] as const;
  for (const [{ handle }, capture] of lost) {
    if (capture === null) continue;
    const why = `${handle} was ${unrecordedText(capture)}`;
    yield style.warning(cut(why, width));
  }
}

function* inputLines(
  input: PreparedInput,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { style, width } = render;
  yield style.heading(cut(`input: ${countsOf(input)}`, width));
  const { without_metadata: stripped, not_sent_again: inherited } = input;
  if (stripped > 0) {
    yield style.dim(
      cut(
        `= ${counted(stripped, "item")} without the metadata of Codex`,
        width,
      ),
    );
  }
  if (inherited > 0) {
    yield style.dim(
      cut(`= ${counted(inherited, "item")} not sent again`, width),
    );
  }
  const { changes, truncated: isTruncated } = input;
  const shown = options.full ? changes : changes.slice(0, MAX_CHANGES);
  for (const change of shown) yield* changeLines(change, render, options);
  const more = changes.length - shown.length;
  if (more > 0) {
    yield style.dim(`… and ${counted(more, "more item")}: --full`);
  }
  if (isTruncated) {
    yield style.warning(
      "too different to align: only the beginning and the end were compared",
    );
  }
}

/** `6 the same, 2 added, 1 changed`. */
function countsOf(
  { kept, changes, unrecorded_items: lost, not_sent_again }: PreparedInput,
): string {
  const count = (change: PreparedChange["change"]) =>
    changes.filter((each) => each.change === change).length;
  const parts: readonly (readonly [number, string])[] = [
    [kept, "the same"],
    [count("changed"), "changed"],
    [count("removed"), "removed"],
    [count("added"), "added"],
    [count("unknown"), "without a recorded counterpart"],
    [not_sent_again, "not sent again"],
    [lost, "not recorded"],
  ];
  const texts = parts.filter(([figure]) => figure > 0)
    .map(([figure, what]) => `${countOf(figure)} ${what}`);
  return texts.length === 0 ? "no items" : texts.join(", ");
}

function* changeLines(
  change: PreparedChange,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { style, width } = render;
  switch (change.change) {
    case "removed":
      yield cut(`${style.error("-")} ${itemWords(change.prepared)}`, width);
      return;
    case "added": {
      const why = change.is_base_instructions ? "base instructions: " : "";
      yield cut(`${style.success("+")} ${why}${itemWords(change.sent)}`, width);
      return;
    }
    case "unknown": {
      const words = `${change.side}: ${itemWords(change.item)}`;
      yield cut(`${style.warning("?")} ${words}`, width);
      return;
    }
    case "changed":
      yield cut(`${style.warning("~")} ${itemWords(change.sent)}`, width);
      for (const value of change.values) {
        const room = { ...render, width: width - INDENT.length };
        for (const line of memberChangeLines(value, room, options)) {
          yield `${INDENT}${line}`;
        }
      }
  }
}

function itemWords(
  { item, position, item_type: type, role, excerpt }: PreparedItemSummary,
): string {
  const name = item === null ? `number ${position}` : item.handle;
  const what = role === null || type !== "message"
    ? type.replaceAll("_", " ")
    : role;
  return `${name}  ${oneLine(what, MAX_TEXT)} · ${oneLine(excerpt, MAX_TEXT)}`;
}

function instructionWords(
  { sent_as: how, same }: PreparedInstructions,
): string {
  const where = {
    item: "sent as an item of the input",
    member: "sent as the member instructions",
    not_sent: "not sent with this request",
  }[how];
  if (how !== "member" || same === true) return where;
  return same === false
    ? `${where}, changed`
    : `${where}, not recorded and so not comparable`;
}

function* memberLines(
  { kept, changes, only_prepared: prepared, only_sent: sent }: PreparedMembers,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { style, width } = render;
  const same = `${counted(kept, "member")} the same`;
  const others = changes.length === 0
    ? ""
    : `, ${counted(changes.length, "value")} not`;
  yield style.heading(cut(`everything else: ${same}${others}`, width));
  for (const change of changes) {
    yield* memberChangeLines(change, render, options);
  }
  yield* namesLine("only prepared", prepared, width);
  yield* namesLine("only sent", sent, width);
}

function* namesLine(
  title: string,
  names: readonly string[],
  width: number,
): Iterable<string> {
  if (names.length === 0) return;
  const text = `${title}: ${names.map((name) => oneLine(name, 60)).join(", ")}`;
  for (const line of wrapped(text, width)) yield line.trimEnd();
}

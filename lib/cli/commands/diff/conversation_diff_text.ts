/**
 * How two conversations differ, line by line.
 *
 * @module
 */

import type {
  ConversationDiff,
  DiffHunk,
  ItemChange,
} from "../../../query/diff/diff_answer.ts";
import { cut } from "../../text/fit.ts";
import { counted, countOf } from "../../../text/figures.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { authorOf, itemLine } from "./item_text.ts";
import { textDiffLines, type TextDiffOptions } from "./string_diff_text.ts";

/** Differences that are printed; the first matter most. */
const MAX_HUNKS = 20;
/** Items that are shown of one place. */
const MAX_CHANGES = 12;
const INDENT = "    ";

/** `6 the same, 2 added, 1 rewritten`. */
export function countsOf(
  { kept, similar, added, removed, rewritten, moved }: ConversationDiff,
): string {
  const parts: readonly (readonly [number, string])[] = [
    [kept, "the same"],
    [similar, "the same but for ids and times"],
    [rewritten, "rewritten"],
    [moved, "moved"],
    [removed, "removed"],
    [added, "added"],
  ];
  const texts = parts.filter(([count]) => count > 0)
    .map(([count, what]) => `${countOf(count)} ${what}`);
  return texts.length === 0 ? "no items" : texts.join(", ");
}

/** The places at which two conversations differ; the items before `from` were printed of. */
export function* hunkLines(
  diff: ConversationDiff,
  render: RenderOptions,
  options: TextDiffOptions,
  from = 0,
): Iterable<string> {
  const { hunks, truncated: isTruncated } = diff;
  const shown = options.full ? hunks : hunks.slice(0, MAX_HUNKS);
  let before = from;
  for (const hunk of shown) {
    yield* sameLines(hunk.after_b - before, render);
    yield* changeLines(hunk, render, options);
    before = hunk.after_b + hunk.changes.filter(isInSecond).length;
  }
  const rest = hunks.length - shown.length;
  if (rest > 0) {
    yield render.style.dim(
      `… and ${counted(rest, "more place")}: --full shows them`,
    );
  } else yield* sameLines(diff.items_b - before, render);
  if (isTruncated) {
    yield render.style.warning(
      "too different to align: only the beginning and the end were compared",
    );
  }
}

function isInSecond({ change }: ItemChange): boolean {
  return change !== "removed";
}

function* sameLines(count: number, { style }: RenderOptions): Iterable<string> {
  if (count > 0) yield style.dim(`= ${counted(count, "item")} the same`);
}

function* changeLines(
  { changes }: DiffHunk,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const ordered = removedFirst(changes);
  const shown = options.full ? ordered : ordered.slice(0, MAX_CHANGES);
  const room = { ...render, width: render.width - 2 };
  for (const each of shown) {
    switch (each.change) {
      case "removed":
        yield `${render.style.error("-")} ${itemLine(each.a, room)}`;
        break;
      case "added":
        yield `${render.style.success("+")} ${itemLine(each.b, room)}`;
        break;
      case "moved":
        yield cut(
          `${render.style.warning(">")} ${
            render.style.id(each.a.item.handle)
          } → ${itemLine(each.b, room)}`,
          render.width,
        );
        break;
      case "rewritten":
        yield* rewrittenLines(each, render, options);
    }
  }
  const rest = changes.length - shown.length;
  if (rest > 0) {
    yield render.style.dim(
      `… and ${counted(rest, "more item")} here: --full shows them`,
    );
  }
}

/**
 * The same with what was removed before what was added, stretch by stretch; of stretches that
 * are cut, both sides should be seen.
 */
function removedFirst(changes: readonly ItemChange[]): ItemChange[] {
  const ordered: ItemChange[] = [];
  let stretch: ItemChange[] = [];
  const end = () => {
    const isShort = stretch.length <= MAX_CHANGES;
    const removed = stretch.filter((each) => !isInSecond(each));
    const added = stretch.filter(isInSecond);
    for (const each of isShort ? [...removed, ...added] : stretch) {
      ordered.push(each);
    }
    stretch = [];
  };
  for (const each of changes) {
    if (each.change === "rewritten") {
      end();
      ordered.push(each);
    } else stretch.push(each);
  }
  end();
  return ordered;
}

function* rewrittenLines(
  change: Extract<ItemChange, { change: "rewritten" }>,
  render: RenderOptions,
  options: TextDiffOptions,
): Iterable<string> {
  const { a, b, differs_at: at } = change;
  const { style, width } = render;
  const names = [a, b].map(({ item }) => style.id(item.handle));
  yield `${style.warning("~")} ${names.join(" → ")}  ${authorOf(b)}`;
  const room = { ...render, width: width - INDENT.length };
  // Equal texts may differ in what the graph does not contain.
  const lines = at === null
    ? [style.dim("the same words; it differs in what is not text")]
    : textDiffLines(...differingTexts(change), room, options);
  for (const line of lines) yield `${INDENT}${line}`;
  if (!change.texts_complete) {
    yield `${INDENT}${
      style.dim(
        `compared from character ${countOf(change.text_offset + 1)} on: ` +
          "the texts are long",
      )
    }`;
  }
}

/** Both texts, without lines at their beginnings that differ in ids and times only. */
function differingTexts(
  { texts, text_offset: from, common_prefix: prefix }: Extract<
    ItemChange,
    { change: "rewritten" }
  >,
): [string, string] {
  return [
    texts.a.slice(Math.max(0, prefix.a - from)),
    texts.b.slice(Math.max(0, prefix.b - from)),
  ];
}

/**
 * Two texts, one against the other: words where they are short, else lines.
 *
 * @module
 */

import { type Change, diffLines } from "diff";
import { escapeControls } from "../../../text/escape.ts";
import { oneLine, rewrapped, widthOf, wrapped } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { wordPieces } from "./word_diff.ts";

/** How the difference of two texts is printed. */
export interface TextDiffOptions {
  /** Every difference, however many lines that takes. */
  readonly full: boolean;
}

/** Texts up to this length are compared word by word. */
const SHORT = 600;
/** More edits than these are another text. */
const MAX_LINE_EDITS = 500;
/** Lines that are shown of one pair of texts. */
const MAX_LINES = 12;
/** Characters that are shown of what is the same. */
const AROUND = 40;

/** The lines that show how `b` differs from `a`. */
export function textDiffLines(
  a: string,
  b: string,
  render: RenderOptions,
  options: TextDiffOptions,
): string[] {
  const isShort = a.length + b.length <= SHORT ||
    !a.includes("\n") && !b.includes("\n");
  const lines = isShort
    ? wordLines(a, b, render, options)
    : lineLines(a, b, render, options);
  if (lines === undefined) return apartLines(a, b, render, options);
  if (options.full || lines.length <= MAX_LINES) return lines;
  return [
    ...lines.slice(0, MAX_LINES - 1),
    render.style.dim(
      `… ${lines.length - MAX_LINES + 1} more lines: --full shows them`,
    ),
  ];
}

/** Two texts that have too little in common, one after the other. */
function apartLines(
  a: string,
  b: string,
  { style, width }: RenderOptions,
  options: TextDiffOptions,
): string[] {
  const side = (sign: string, text: string) =>
    textLines(text, width - 2, options)
      .map((line) => `${sign} ${line}`.trimEnd());
  return [...side("-", a).map(style.error), ...side("+", b).map(style.success)];
}

function wordLines(
  a: string,
  b: string,
  { style, width }: RenderOptions,
  { full }: TextDiffOptions,
): string[] | undefined {
  const pieces = wordPieces(a, b);
  if (pieces === undefined) return undefined;
  const text = pieces.map(({ before, after, differs }, at) => {
    if (differs) {
      return (before === "" ? "" : style.error(`[-${spelled(before)}-]`)) +
        (after === "" ? "" : style.success(`{+${spelled(after)}+}`));
    }
    const same = spelled(after);
    return full ? same : shortened(same, at === 0, at === pieces.length - 1);
  }).join("");
  return rewrapped(text, width);
}

/** What is the same on both sides of a difference, without its middle. */
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  const head = isFirst ? "" : text.slice(0, AROUND);
  const tail = isLast ? "" : text.slice(-AROUND);
  return text.length <= head.length + tail.length + 1
    ? text
    : `${head}…${tail}`;
}

function lineLines(
  a: string,
  b: string,
  render: RenderOptions,
  options: TextDiffOptions,
): string[] | undefined {
  const changes = diffLines(a, b, { maxEditLength: MAX_LINE_EDITS });
  if (changes === undefined) return undefined;
  const lines: string[] = [];
  for (let at = 0; at < changes.length; at++) {
    const change = changes[at];
    const next = changes[at + 1];
    if (change === undefined) continue;
    const words = change.removed && next?.added
      ? oneLineAgainstOne(change, next, render, options)
      : undefined;
    if (words !== undefined) {
      for (const line of words) lines.push(line);
      at++;
    } else {
      const isEdge = { first: at === 0, last: at === changes.length - 1 };
      for (const line of changeLines(change, isEdge, render, options)) {
        lines.push(line);
      }
    }
  }
  return lines;
}

/** A rewritten line is compared word by word. */
function oneLineAgainstOne(
  removed: Change,
  added: Change,
  render: RenderOptions,
  options: TextDiffOptions,
): string[] | undefined {
  if (removed.count !== 1 || added.count !== 1) return undefined;
  const [before, after] = [withoutEnd(removed.value), withoutEnd(added.value)];
  const room = { ...render, width: render.width - 2 };
  return wordLines(before, after, room, options)?.map((line, at) =>
    `${at === 0 ? "~" : " "} ${line}`
  );
}

function changeLines(
  { value, added, removed }: Change,
  isEdge: { readonly first: boolean; readonly last: boolean },
  { style, width }: RenderOptions,
  options: TextDiffOptions,
): string[] {
  const lines = withoutEnd(value).split("\n");
  const signed = (sign: string, some: readonly string[]) =>
    some.flatMap((line) => textLines(line, width - 2, options))
      .map((line) => `${sign} ${line}`.trimEnd());
  if (removed) return signed("-", lines).map(style.error);
  if (added) return signed("+", lines).map(style.success);
  if (options.full) return signed(" ", lines).map(style.dim);
  // Of what is the same, the lines next to what differs.
  const head = isEdge.first ? [] : lines.slice(0, 1);
  const tail = isEdge.last
    ? []
    : lines.slice(Math.max(head.length, lines.length - 1));
  const left = lines.length - head.length - tail.length;
  return [
    ...signed(" ", head),
    ...left > 0 ? [`  … ${left} the same …`] : [],
    ...signed(" ", tail),
  ].map(style.dim);
}

function withoutEnd(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** A text on one line; spaces stay, since they may be what differs. */
function spelled(text: string): string {
  return escapeControls(text.replace(/\r?\n/g, "⏎").replaceAll("\t", " "));
}

/** A text on one line, or completely. */
export function textLines(
  text: string,
  width: number,
  { full }: TextDiffOptions,
): string[] {
  return full ? wrapped(text, width) : [oneLine(text, width)];
}

/** Lines of a pair of values on one line where there is room, else below one another. */
export function pairLines(
  a: string,
  b: string,
  render: RenderOptions,
  options: TextDiffOptions,
): string[] {
  const { style, width } = render;
  const [before, after] = [oneLine(a, width), oneLine(b, width)];
  const isComplete = !a.includes("\n") && !b.includes("\n");
  if (isComplete && widthOf(before) + widthOf(after) + 4 <= width) {
    return [`${style.error(before)} → ${style.success(after)}`];
  }
  return textDiffLines(a, b, render, options);
}

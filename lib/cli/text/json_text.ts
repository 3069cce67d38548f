/**
 * JSON for people: keys in their order, numbers as spelled, long texts folded, in colour.
 *
 * Each line is harmless. Unless something is folded, or texts are laid open, the lines together
 * are JSON again.
 *
 * @module
 */

import { JsonNumber } from "../../format/json/json_parse.ts";
import {
  type SpelledNode,
  SpelledObject,
} from "../../format/json/json_spelled.ts";
import { escapeControls } from "../../text/escape.ts";
import { prefixOf } from "../../text/truncate.ts";
import { bytesOf } from "../../text/figures.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { widthOf } from "./fit.ts";
import { foldedLines } from "./folded.ts";
import type { Paper } from "./render_options.ts";
import { chopped } from "./wrap_rows.ts";

/** How JSON is shown. */
export interface JsonStyle {
  /** Where to. */
  readonly paper: Paper;
  /** Columns there are; without end where lines may be of any length. */
  readonly width: number;
  /** Whether everything is shown. */
  readonly full: boolean;
  /** Whether a text of several lines is laid open, line by line, instead of escaped. */
  readonly open: boolean;
}

/** Characters of a text in JSON that are shown when it is folded. */
const MOST_OF_TEXT = 320;
/** A container this short stands on one line, if it holds no other. */
const MOST_INLINE = 60;
const INDENT = 2;

/** What stands around a value: the key before it, the comma after it. */
interface Place {
  readonly depth: number;
  readonly key: string | undefined;
  readonly comma: string;
}

/** The lines of a value. */
export function jsonLines(
  node: SpelledNode,
  style: JsonStyle,
): Iterable<string> {
  return linesAt(node, { depth: 0, key: undefined, comma: "" }, style);
}

function* linesAt(
  node: SpelledNode,
  place: Place,
  style: JsonStyle,
): Iterable<string> {
  if (typeof node === "string") yield* textLines(node, place, style);
  else if (!isContainer(node)) {
    yield begun(place, style) + style.paper.paint.value(spelled(node)) +
      place.comma;
  } else yield* containerLines(node, place, style);
}

function* containerLines(
  node: Container,
  place: Place,
  style: JsonStyle,
): Iterable<string> {
  const { depth, comma } = place;
  const inline = inlined(node, place, style);
  if (inline !== undefined) {
    yield begun(place, style) + inline + comma;
    return;
  }
  const [opening, closing] = isList(node) ? "[]" : "{}";
  yield begun(place, style) + opening;
  const members = membersOf(node);
  let left = members.length;
  for (const [key, value] of members) {
    const inner = { depth: depth + 1, key, comma: --left > 0 ? "," : "" };
    yield* linesAt(value, inner, style);
  }
  yield indentOf(depth, style) + closing + comma;
}

function* textLines(
  text: string,
  place: Place,
  style: JsonStyle,
): Iterable<string> {
  const { paper: { paint }, full, open, width } = style;
  if (open && text.includes("\n")) {
    yield begun(place, style).trimEnd();
    const indent = `${indentOf(place.depth + 1, style)}${paint.faint("│")} `;
    const room = Math.max(8, width - widthOf(indent));
    for (const line of foldedLines(text, { ...style, width: room })) {
      yield (indent + line).trimEnd();
    }
    return;
  }
  const folds = !full && text.length > MOST_OF_TEXT + 40;
  const shown = folds ? prefixOf(text, MOST_OF_TEXT) : text;
  const literal = quoted(shown);
  const start = begun(place, style);
  const rest = indentOf(place.depth + 1, style);
  const room = width - place.comma.length;
  const rows = width === Infinity
    ? [literal]
    : chopped(literal, room - widthOf(start), room - rest.length);
  for (const [at, row] of rows.entries()) {
    const comma = at === rows.length - 1 && !folds ? place.comma : "";
    yield (at === 0 ? start : rest) + paint.text(row) + comma;
  }
  if (folds) {
    const bytes = utf8Length(text.slice(shown.length));
    yield rest + paint.faint(`… ${bytesOf(bytes)} more: --full`);
  }
}

/** Indentation and key. */
function begun({ depth, key }: Place, style: JsonStyle): string {
  const indent = indentOf(depth, style);
  if (key === undefined) return indent;
  const { paper: { paint }, width } = style;
  const literal = quoted(key);
  const room = Math.max(8, width - indent.length - 12);
  const shown = width === Infinity || widthOf(literal) <= room
    ? literal
    : `${chopped(literal, room - 1, room)[0]}…`;
  return `${indent}${paint.key(shown)}: `;
}

/** Deep values do not run out of the page: from some depth on, the indentation stays. */
function indentOf(depth: number, { width }: JsonStyle): string {
  return " ".repeat(Math.min(INDENT * depth, Math.floor(width / 2)));
}

function inlined(
  node: Container,
  place: Place,
  style: JsonStyle,
): string | undefined {
  const { paper: { paint }, width } = style;
  const members = membersOf(node);
  if (members.length > MOST_INLINE / 2) return undefined;
  if (members.some(([, value]) => isContainer(value))) return undefined;
  if (style.open && members.some(([, value]) => isOpened(value))) {
    return undefined;
  }
  const plain = members.map(([key, value]) =>
    (key === undefined ? "" : `${quoted(key)}: `) + spelled(value)
  ).join(", ");
  const room = width - widthOf(begun(place, style)) - 3;
  if (plain.length > MOST_INLINE || widthOf(plain) > room) return undefined;
  const coloured = members.map(([key, value]) => {
    const start = key === undefined ? "" : `${paint.key(quoted(key))}: `;
    const colour = typeof value === "string" ? paint.text : paint.value;
    return start + colour(spelled(value));
  }).join(", ");
  return isList(node) ? `[${coloured}]` : `{${coloured}}`;
}

function isOpened(value: SpelledNode): boolean {
  return typeof value === "string" && value.includes("\n");
}

type Container = readonly SpelledNode[] | SpelledObject;

function isContainer(node: SpelledNode): node is Container {
  return isList(node) || node instanceof SpelledObject;
}

function isList(node: SpelledNode): node is readonly SpelledNode[] {
  return Array.isArray(node);
}

function membersOf(
  node: Container,
): readonly (readonly [string | undefined, SpelledNode])[] {
  return isList(node) ? node.map((each) => [undefined, each]) : node.members;
}

function spelled(node: SpelledNode): string {
  if (node instanceof JsonNumber) return node.text;
  return typeof node === "string" ? quoted(node) : String(node);
}

function quoted(text: string): string {
  return escapeControls(JSON.stringify(text));
}

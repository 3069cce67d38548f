/**
 * JSON for people: keys in their order, numbers as spelled, long texts folded, in colour.
 *
 * Each line is escaped. Unless something is folded, or texts are expanded, the lines together
 * are JSON again.
 *
 * @module
 */

import { JsonNumber } from "../../format/json/json_parse.ts";
import {
  parseSpelled,
  type SpelledNode,
  SpelledObject,
} from "../../format/json/json_spelled.ts";
import { escapeControls } from "../../text/escape.ts";
import { prefixOf } from "../../text/truncate.ts";
import { bytesOf } from "../../text/figures.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { widthOf } from "./fit.ts";
import { foldedLines, type Folding } from "./folded.ts";
import type { RenderOptions } from "./render_options.ts";
import { chopped } from "./wrap/wrap_rows.ts";

/** How JSON is shown. */
export interface JsonLayout {
  /** Where to. */
  readonly render: RenderOptions;
  /** Columns there are; without end where lines may be of any length. */
  readonly width: number;
  /** Whether everything is shown. */
  readonly full: boolean;
  /** Whether a text of several lines is laid open, line by line, instead of escaped. */
  readonly open: boolean;
}

/** Characters of a text in JSON that are shown when it is folded. */
const MAX_TEXT = 320;
/** A container this short is printed on one line, if it holds no other. */
const MAX_INLINE = 60;
const INDENT = 2;

/** The surroundings of a value: the key before it, the comma after it. */
interface Place {
  readonly depth: number;
  readonly key: string | undefined;
  readonly comma: string;
}

/** The lines of a value. */
export function jsonLines(
  node: SpelledNode,
  layout: JsonLayout,
): Iterable<string> {
  return linesAt(node, { depth: 0, key: undefined, comma: "" }, layout);
}

function* linesAt(
  node: SpelledNode,
  place: Place,
  layout: JsonLayout,
): Iterable<string> {
  if (typeof node === "string") yield* textLines(node, place, layout);
  else if (!isContainer(node)) {
    yield startOf(place, layout) + layout.render.style.value(spelled(node)) +
      place.comma;
  } else yield* containerLines(node, place, layout);
}

function* containerLines(
  node: Container,
  place: Place,
  layout: JsonLayout,
): Iterable<string> {
  const { depth, comma } = place;
  const inline = inlined(node, place, layout);
  if (inline !== undefined) {
    yield startOf(place, layout) + inline + comma;
    return;
  }
  const [opening, closing] = isList(node) ? "[]" : "{}";
  yield startOf(place, layout) + opening;
  const members = membersOf(node);
  let left = members.length;
  for (const [key, value] of members) {
    const inner = { depth: depth + 1, key, comma: --left > 0 ? "," : "" };
    yield* linesAt(value, inner, layout);
  }
  yield indentOf(depth, layout) + closing + comma;
}

function* textLines(
  text: string,
  place: Place,
  layout: JsonLayout,
): Iterable<string> {
  const { render: { style }, full, open, width } = layout;
  if (open && text.includes("\n")) {
    yield startOf(place, layout).trimEnd();
    const indent = `${indentOf(place.depth + 1, layout)}${style.dim("│")} `;
    const room = Math.max(8, width - widthOf(indent));
    for (const line of foldedLines(text, { ...layout, width: room })) {
      yield (indent + line).trimEnd();
    }
    return;
  }
  const folds = !full && text.length > MAX_TEXT + 40;
  const shown = folds ? prefixOf(text, MAX_TEXT) : text;
  const literal = quoted(shown);
  const start = startOf(place, layout);
  const rest = indentOf(place.depth + 1, layout);
  const room = width - place.comma.length;
  const rows = width === Infinity
    ? [literal]
    : chopped(literal, room - widthOf(start), room - rest.length);
  for (const [at, row] of rows.entries()) {
    const comma = at === rows.length - 1 && !folds ? place.comma : "";
    yield (at === 0 ? start : rest) + style.text(row) + comma;
  }
  if (folds) {
    const bytes = utf8Length(text.slice(shown.length));
    yield rest + style.dim(`… ${bytesOf(bytes)} more: --full`);
  }
}

/** Indentation and key. */
function startOf({ depth, key }: Place, layout: JsonLayout): string {
  const indent = indentOf(depth, layout);
  if (key === undefined) return indent;
  const { render: { style }, width } = layout;
  const literal = quoted(key);
  const room = Math.max(8, width - indent.length - 12);
  const shown = width === Infinity || widthOf(literal) <= room
    ? literal
    : `${chopped(literal, room - 1, room)[0]}…`;
  return `${indent}${style.key(shown)}: `;
}

/** Deep values do not run out of the page: from some depth on, the indentation stays. */
function indentOf(depth: number, { width }: JsonLayout): string {
  return " ".repeat(Math.min(INDENT * depth, Math.floor(width / 2)));
}

function inlined(
  node: Container,
  place: Place,
  layout: JsonLayout,
): string | undefined {
  const { render: { style }, width } = layout;
  const members = membersOf(node);
  if (members.length > MAX_INLINE / 2) return undefined;
  if (members.some(([, value]) => isContainer(value))) return undefined;
  if (layout.open && members.some(([, value]) => isOpened(value))) {
    return undefined;
  }
  const plain = members.map(([key, value]) =>
    (key === undefined ? "" : `${quoted(key)}: `) + spelled(value)
  ).join(", ");
  const room = width - widthOf(startOf(place, layout)) - 3;
  if (plain.length > MAX_INLINE || widthOf(plain) > room) return undefined;
  const coloured = members.map(([key, value]) => {
    const start = key === undefined ? "" : `${style.key(quoted(key))}: `;
    const colour = typeof value === "string" ? style.text : style.value;
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

/** The lines of a text that should be JSON; texts in it of several lines are laid open. */
export function jsonTextLines(text: string, layout: Folding): Iterable<string> {
  let node;
  try {
    node = parseSpelled(text);
  } catch (error) {
    if (error instanceof SyntaxError) return foldedLines(text, layout);
    throw error;
  }
  return jsonLines(node, { ...layout, open: true });
}

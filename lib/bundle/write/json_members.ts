/**
 * Splits JSON without parsing it: an object into its members and array elements, and a Responses
 * item into the strings that are stored apart from it.
 *
 * @module
 */

import { compactJson, hasMoreBytes } from "./json_text.ts";

/**
 * The items of an array whose texts several payloads of one event share. Valid as long as the
 * items do not change.
 */
export class ItemList {
  /** The items. */
  readonly items: readonly unknown[];
  #texts: readonly string[] | undefined;

  /** Reads nothing yet. */
  constructor(items: readonly unknown[]) {
    this.items = items;
  }

  /** Each item as compact JSON. */
  texts(): readonly string[] {
    return this.#texts ??= elementTexts(this.items);
  }

  /** Returns the items, for writers that do not need their texts. */
  toJSON(): readonly unknown[] {
    return this.items;
  }
}

/** A member of an object. */
export interface JsonMember {
  /** Its key. */
  readonly key: string;
  /** Its value as compact JSON, or that of each element of an array. */
  readonly value: string | readonly string[];
}

/**
 * The members of `value` as `JSON.stringify` would write them; `undefined` when it would not
 * write an object.
 *
 * @param arrays Keys whose arrays are taken apart.
 * @throws {TypeError} If a member has no JSON, such as a bigint or a ring.
 */
export function membersOf(
  value: unknown,
  arrays: ReadonlySet<string>,
): JsonMember[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("toJSON" in value || !isPlain(value)) return undefined;
  const members: JsonMember[] = [];
  for (const [key, member] of Object.entries(value)) {
    const isList = arrays.has(key);
    if (isList && member instanceof ItemList) {
      members.push({ key, value: member.texts() });
    } else if (isList && Array.isArray(member)) {
      members.push({ key, value: elementTexts(member) });
    } else if (hasJson(member)) {
      members.push({ key, value: compactJson(member) });
    }
  }
  return members;
}

/** Boxed primitives and arrays are no objects in JSON. */
function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function elementTexts(items: readonly unknown[]): readonly string[] {
  // A loop also sees the holes of an array, which are null in JSON.
  return Array.from(
    items,
    (item) => hasJson(item) ? compactJson(item) : "null",
  );
}

/** Whether JSON has the value; an object that `toJSON` turns into `undefined` is not expected. */
function hasJson(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" &&
    typeof value !== "symbol";
}

/** An array that {@linkcode splitList} took out of a text. */
export interface SplitList {
  /** The text of each element. */
  readonly items: readonly string[];
  /** The text with an empty array in the place of the elements. */
  readonly rest: string;
}

/**
 * Takes the array under `key` out of an object that `prettyJson` wrote; `undefined` when it has
 * none. No string has a line feed, so the indentation shows where an element ends.
 */
export function splitList(text: string, key: string): SplitList | undefined {
  const name = `\n  ${compactJson(key)}: [`;
  const start = text.indexOf(name);
  if (start < 0) return undefined;
  const first = start + name.length;
  if (text[first] === "]") return { items: [], rest: text };
  const end = text.indexOf("\n  ]", first);
  const elements = text.slice(first + "\n    ".length, end);
  return {
    items: elements.split(/,\n {4}(?! )/),
    rest: text.slice(0, first) + text.slice(end + "\n  ".length),
  };
}

/** A string value in a text: from its first quote to after its last. */
export interface StringRange {
  /** Position of the first quote. */
  readonly start: number;
  /** Position after the last quote. */
  readonly end: number;
}

const IMAGE_START = '"data:image/';
const IMAGE = `"image_url":${IMAGE_START}`;
const CANDIDATE = /[{,]"(?:image_url|text)":"/g;

/**
 * The strings of the item `text` that are stored apart, in order: data URLs of images under
 * `image_url`, and strings under `text` with more than `maxBytes`.
 */
export function separateStrings(text: string, maxBytes: number): StringRange[] {
  // What most items have: neither.
  if (!text.includes(IMAGE) && !hasMoreBytes(text, maxBytes)) return [];
  const places: StringRange[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const start = match.index + match[0].length - 1;
    const end = endOfString(text, start);
    const isImage = match[0].endsWith('image_url":"');
    const isSeparate = isImage
      ? text.startsWith(IMAGE_START, start)
      : hasMoreBytes(text.slice(start, end), maxBytes);
    if (isSeparate) places.push({ start, end });
  }
  return places;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1;; at++) {
    at = text.indexOf('"', at);
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
}

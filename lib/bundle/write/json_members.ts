/**
 * Splits JSON without parsing it: an object into its members and array elements, and a Responses
 * item into the strings that are stored apart from it.
 *
 * @module
 */

import { compactJson, hasMoreBytes, jsonOf, wellFormed } from "./json_text.ts";
import type { SharedText, SharedTexts, StringRange } from "./shared_texts.ts";

/**
 * A value whose text several payloads share: those of one event, or a later one that repeats it. Valid
 * as long as the value does not change.
 */
export class SharedJson {
  readonly value: unknown;
  #text: string | undefined;
  #items: readonly SharedText[] | undefined;

  /** Reads nothing yet. */
  constructor(value: unknown) {
    this.value = value;
  }

  /** The value as compact JSON. */
  text(shared: SharedTexts): string {
    return this.#text ??= memberText(this.value, shared);
  }

  /** Each element of the value, which is an array, as compact JSON; `undefined` if it is none. */
  items(shared: SharedTexts): readonly SharedText[] | undefined {
    if (!Array.isArray(this.value)) return undefined;
    return this.#items ??= elementTexts(this.value, shared);
  }

  /** The value, which is a Responses item, as a text that lists may repeat. */
  item(shared: SharedTexts): SharedText {
    return sharedText(jsonOf(this.value), shared);
  }

  /** Returns the value, for writers that do not need its text. */
  toJSON(): unknown {
    return this.value;
  }
}

/** A member of an object. */
export interface JsonMember {
  readonly key: string;
  /** Its value as compact JSON, or that of each element of an array. */
  readonly value: string | readonly SharedText[];
}

/**
 * The members of `value` as `JSON.stringify` would write them; `undefined` when it would not
 * write an object.
 *
 * @param arrays Keys whose arrays are taken apart.
 * @param shared Texts of elements.
 * @throws {TypeError} If a member has no JSON, such as a bigint or a ring.
 */
export function membersOf(
  value: unknown,
  arrays: ReadonlySet<string>,
  shared: SharedTexts,
): JsonMember[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("toJSON" in value || !isPlain(value)) return undefined;
  const members: JsonMember[] = [];
  for (const [key, member] of Object.entries(value)) {
    const json = member instanceof SharedJson ? member : new SharedJson(member);
    const items = arrays.has(key) ? json.items(shared) : undefined;
    if (items !== undefined) members.push({ key, value: items });
    else if (hasJson(json.value)) {
      members.push({ key, value: json.text(shared) });
    }
  }
  return members;
}

/** Boxed primitives and arrays are no objects in JSON. */
function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Definitions of tools are long, and the same in each request. */
const MIN_SHARED_MEMBER = 1024;

function memberText(value: unknown, shared: SharedTexts): string {
  const json = jsonOf(value);
  return json.length < MIN_SHARED_MEMBER
    ? wellFormed(json)
    : sharedText(json, shared).text;
}

function elementTexts(
  items: readonly unknown[],
  shared: SharedTexts,
): readonly SharedText[] {
  // A loop also sees the holes of an array, which are null in JSON.
  return Array.from(
    items,
    (item) => sharedText(hasJson(item) ? jsonOf(item) : "null", shared),
  );
}

function sharedText(json: string, shared: SharedTexts): SharedText {
  const known = shared.find(json);
  // What is known is well-formed.
  if (known !== undefined) return known;
  const text = wellFormed(json);
  return text === json ? shared.add(text) : shared.of(text);
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

/**
 * Finds the strings of a Responses item that are stored apart from it: images, and texts beyond
 * a limit.
 *
 * Works on compact JSON as `JSON.stringify` writes it, and so needs no look at the value: an
 * unescaped quote is only at the ends of a string, and none of its keys is spelled with escapes.
 *
 * @module
 */

import { hasMoreBytes } from "./json_text.ts";

/** A string value in a text: from its first quote to after its last. */
export interface StringPlace {
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
export function separateStrings(text: string, maxBytes: number): StringPlace[] {
  // What most items have: neither.
  if (!text.includes(IMAGE) && !hasMoreBytes(text, maxBytes)) return [];
  const places: StringPlace[] = [];
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

/**
 * Payloads of schema 3 that contain other payloads: a body marks the places of its parts, and
 * its record is the list of the fragments around them.
 *
 * @module
 */

import { type Json, Obj, parseJson, Raw, render } from "../items/json_text.ts";

// NUL never occurs in JSON text, so it can mark a part inside it, even inside a string.
const MARK = "\0";

/** A place in a body where the text of another payload is put in. */
export class Part extends Raw {
  /** Id of the payload that is put in. */
  readonly id: string;

  /** Names the part. */
  constructor(id: string) {
    super(partMark(id));
    this.id = id;
  }
}

/** What marks a part inside a text. */
export function partMark(id: string): string {
  return `${MARK}${id}${MARK}`;
}

/** The fragments of a text, and the ids of the parts between them. */
export function cutAtParts(
  text: string,
): { fragments: string[]; parts: string[] } {
  const pieces = text.split(MARK);
  return {
    fragments: pieces.filter((_, i) => i % 2 === 0),
    parts: pieces.filter((_, i) => i % 2 === 1),
  };
}

/** The ids of the parts of a body, in order. */
export function partsOf(body: Json): string[] {
  return cutAtParts(render(body)).parts;
}

/** Fragments and ids as the text with marks that {@linkcode cutAtParts} cuts. */
export function joinAtParts(
  fragments: readonly string[],
  parts: readonly string[],
): string {
  return fragments.map((fragment, i) => {
    const part = parts[i];
    return part === undefined ? fragment : fragment + partMark(part);
  }).join("");
}

/** A text with marks as a body: a value with {@linkcode Part}s where all parts are values. */
export function bodyWithParts(text: string): Json {
  const quoted = text.replace(MARKED, (mark) => JSON.stringify(mark));
  try {
    return withParts(parseJson(quoted));
  } catch (error) {
    // A part that is inside a string leaves no JSON.
    if (error instanceof SyntaxError) return new Raw(text);
    throw error;
  }
}

const MARKED = /\0[^\0]*\0/g;

function withParts(value: Json): Json {
  if (Array.isArray(value)) return value.map(withParts);
  if (value instanceof Obj) {
    return new Obj(value.entries.map(([key, v]) => [key, withParts(v)]));
  }
  const isPart = typeof value === "string" && value.length > 1 &&
    value.startsWith(MARK) && value.endsWith(MARK);
  return isPart ? new Part(value.slice(1, -1)) : value;
}

/**
 * JSON as written, to be shown to people: numbers as spelled, keys in their order, and repeated keys
 * as often as they occur.
 *
 * @module
 */

import { JsonNumber, MAX_DEPTH, tooDeep } from "./json_parse.ts";
import { JsonScanner, JsonSyntaxError } from "./json_scanner.ts";
import { hasMoreValues } from "./json_strict.ts";

/** Values that are laid out: each takes more than 100 bytes of memory. */
const MAX_VALUES = 1_000_000;

/** An object with its members as written. */
export class SpelledObject {
  /** Key and value, in order. */
  readonly members: readonly (readonly [string, SpelledNode])[];

  /** Takes the members. */
  constructor(members: readonly (readonly [string, SpelledNode])[]) {
    this.members = members;
  }
}

/** A value; the spelling of numbers is that of the file. */
export type SpelledNode =
  | null
  | boolean
  | string
  | JsonNumber
  | readonly SpelledNode[]
  | SpelledObject;

/**
 * Parses one JSON value.
 *
 * @throws {JsonSyntaxError} If the text is anything else, nests deeper than is followed, or has
 * more than a million values.
 */
export function parseSpelled(text: string): SpelledNode {
  if (hasMoreValues(text, MAX_VALUES)) {
    throw new JsonSyntaxError("too many values", text, 0);
  }
  const scanner = new JsonScanner(text);
  const node = take(scanner, 1);
  scanner.end();
  return node;
}

function take(scanner: JsonScanner, depth: number): SpelledNode {
  switch (scanner.peek()) {
    case '"':
      return scanner.string();
    case "{":
      return takeObject(scanner, depth);
    case "[":
      return takeArray(scanner, depth);
    case "t":
    case "f":
    case "n":
      return scanner.literal();
    default:
      return takeNumber(scanner);
  }
}

function takeObject(scanner: JsonScanner, depth: number): SpelledNode {
  if (depth > MAX_DEPTH) scanner.fail(tooDeep());
  const members: [string, SpelledNode][] = [];
  scanner.expect("{");
  if (scanner.take("}")) return new SpelledObject(members);
  do {
    const key = scanner.string();
    scanner.expect(":");
    members.push([key, take(scanner, depth + 1)]);
  } while (scanner.more("}"));
  return new SpelledObject(members);
}

function takeArray(scanner: JsonScanner, depth: number): SpelledNode {
  if (depth > MAX_DEPTH) scanner.fail(tooDeep());
  const array: SpelledNode[] = [];
  scanner.expect("[");
  if (scanner.take("]")) return array;
  do array.push(take(scanner, depth + 1)); while (scanner.more("]"));
  return array;
}

function takeNumber(scanner: JsonScanner): SpelledNode {
  const first = scanner.peek();
  if (first === undefined || !"-0123456789".includes(first)) {
    scanner.fail("expected a value");
  }
  return new JsonNumber(scanner.number());
}

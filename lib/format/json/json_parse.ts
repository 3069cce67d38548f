/**
 * Exact parsing: JSON as the parser of the reference reads it, without loss. `JSON.parse` reorders
 * integer-like keys and rounds numbers; summaries and hashes must not.
 *
 * Stricter than `JSON.parse` in two points: unpaired surrogate escapes and nesting deeper than
 * {@linkcode MAX_DEPTH} are errors.
 *
 * @module
 */

import { JsonScanner, JsonSyntaxError } from "./json_scanner.ts";

/** A number as it is spelled, with only what the reference's parser normalises. */
export class JsonNumber {
  /** Its spelling: exponents as `e+N` or `e-N`, `-0` as `0`, all else as in the source. */
  readonly text: string;

  /** Takes a spelling that is already normalised. */
  constructor(text: string) {
    this.text = text;
  }
}

/** An exact JSON value. A repeated key keeps its first place and its last value. */
export type JsonNode =
  | null
  | boolean
  | string
  | JsonNumber
  | JsonNode[]
  | Map<string, JsonNode>;

/** How deep arrays and objects may nest. */
export const MAX_DEPTH = 127;

/** Called for every repetition of a key in one object. */
export type OnRepeatedKey = (
  object: ReadonlyMap<string, JsonNode>,
  key: string,
) => void;

/**
 * Parses one JSON value.
 *
 * @throws {JsonSyntaxError} If the text is anything else.
 */
export function parseExact(text: string): JsonNode {
  const scanner = new JsonScanner(text);
  const node = takeNode(scanner, 1);
  scanner.end();
  return node;
}

/**
 * Takes one value from `scanner`; a container would be at nesting level `depth`.
 *
 * @throws {JsonSyntaxError} If no value follows.
 */
export function takeNode(
  scanner: JsonScanner,
  depth: number,
  onRepeatedKey?: OnRepeatedKey,
): JsonNode {
  switch (scanner.peek()) {
    case '"':
      return scanner.wellFormedString();
    case "{":
      return takeObject(scanner, depth, onRepeatedKey);
    case "[":
      return takeArray(scanner, depth, onRepeatedKey);
    case "t":
    case "f":
    case "n":
      return scanner.literal();
    default:
      return takeNumber(scanner);
  }
}

function takeObject(
  scanner: JsonScanner,
  depth: number,
  onRepeatedKey: OnRepeatedKey | undefined,
): JsonNode {
  if (depth > MAX_DEPTH) scanner.fail(tooDeep());
  const object = new Map<string, JsonNode>();
  scanner.expect("{");
  if (scanner.take("}")) return object;
  do {
    const key = scanner.wellFormedString();
    scanner.expect(":");
    const value = takeNode(scanner, depth + 1, onRepeatedKey);
    if (onRepeatedKey !== undefined && object.has(key)) {
      onRepeatedKey(object, key);
    }
    object.set(key, value);
  } while (scanner.more("}"));
  return object;
}

function takeArray(
  scanner: JsonScanner,
  depth: number,
  onRepeatedKey: OnRepeatedKey | undefined,
): JsonNode {
  if (depth > MAX_DEPTH) scanner.fail(tooDeep());
  const array: JsonNode[] = [];
  scanner.expect("[");
  if (scanner.take("]")) return array;
  do array.push(takeNode(scanner, depth + 1, onRepeatedKey)); while (
    scanner.more("]")
  );
  return array;
}

function takeNumber(scanner: JsonScanner): JsonNumber {
  const char = scanner.peek();
  if (char === undefined || !"-0123456789".includes(char)) {
    scanner.fail("expected a value");
  }
  return new JsonNumber(normalizedNumber(scanner.number()));
}

/** The spelling under which the reference keeps a number: `e+N`, `e-N`, and `0` for `-0`. */
export function normalizedNumber(spelling: string): string {
  if (spelling === "-0") return "0";
  const [mantissa = spelling, exponent] = spelling.split(/[eE]/);
  if (exponent === undefined) return spelling;
  const sign = exponent.startsWith("-") || exponent.startsWith("+") ? "" : "+";
  return `${mantissa}e${sign}${exponent}`;
}

/**
 * Returns why `text` is not one JSON value; `undefined` when it is.
 *
 * Grammar only: any depth, repeated keys, unpaired surrogate escapes and huge numbers pass.
 */
export function jsonGrammarError(text: string): JsonSyntaxError | undefined {
  if (text.length > MAX_PARSED) return scannedError(text);
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    // JSON.parse quotes the text in its messages and does not always report the position.
    return scannedError(text) ??
      new JsonSyntaxError("text is not JSON", text, 0);
  }
}

/** Characters of a text that is parsed only to be checked; an empty object takes 40 times as much. */
const MAX_PARSED = 16 * 1024 * 1024;

function scannedError(text: string): JsonSyntaxError | undefined {
  const scanner = new JsonScanner(text);
  try {
    scanner.skipValue();
    scanner.end();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
  return undefined;
}

/** Returns the message that a text nests too deep. */
export function tooDeep(): string {
  return `nesting deeper than ${MAX_DEPTH}`;
}

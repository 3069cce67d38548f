/**
 * Printing of exact JSON: compact, canonical, and truncated to a summary.
 *
 * @module
 */

import { type JsonNode, JsonNumber, parseExact } from "./json_parse.ts";
import { isStrictJson } from "./json_strict.ts";
import { sortUtf8 } from "./utf8_order.ts";

/** How many bytes of UTF-8 a summary shows. */
const MAX_SUMMARY_BYTES = 240;
/** How many bytes of UTF-8 a character can take: space for one more character. */
const MAX_CHARACTER_BYTES = 4;
/** Units that have more bytes than a summary shows, also if a character is cut at their end. */
const MIN_START = MAX_SUMMARY_BYTES + 12;
/** Units from which on to print all of a text takes longer than to find out that its start is enough. */
const MIN_LONG = 2048;
const INTEGER_LIKE = /^\d/;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The value without white space, keys in source order. */
export function compactJson(node: JsonNode): string {
  return print(node, (object) => object.keys());
}

/** The value without white space, keys of every object sorted by UTF-8 bytes. */
export function canonicalJson(node: JsonNode): string {
  return print(node, (object) => sortUtf8([...object.keys()]));
}

function print(
  node: JsonNode,
  keysOf: (object: Map<string, JsonNode>) => Iterable<string>,
): string {
  if (typeof node === "string") return JSON.stringify(node);
  if (node === null || typeof node === "boolean") return String(node);
  if (node instanceof JsonNumber) return node.text;
  if (Array.isArray(node)) {
    return `[${node.map((element) => print(element, keysOf)).join(",")}]`;
  }
  const members: string[] = [];
  for (const key of keysOf(node)) {
    const value = print(node.get(key) ?? null, keysOf);
    members.push(`${JSON.stringify(key)}:${value}`);
  }
  return `{${members.join(",")}}`;
}

/**
 * A JSON text without white space: `compactJson(parseExact(text))`, faster where possible.
 *
 * @throws {SyntaxError} If the text is not JSON to the reference.
 */
export function compactJsonText(text: string): string {
  // A text that JSON.stringify reproduces has no key out of order or repeated, and no number
  // that would be spelled otherwise.
  const value: unknown = isStrictJson(text) ? JSON.parse(text) : undefined;
  if (value !== undefined && JSON.stringify(value) === text) return text;
  return compactJson(parseExact(text));
}

/**
 * The summary of a JSON text: `summarizeJson(compactJsonText(text))`, of which a long text need not be
 * printed completely.
 *
 * @throws {SyntaxError} If the text is not JSON to the reference.
 */
export function summarizeJsonText(text: string): string {
  const start = text.length >= MIN_LONG && isStrictJson(text)
    ? startOfJson(JSON.parse(text))
    : undefined;
  return summarizeJson(start ?? compactJsonText(text));
}

/**
 * The first units of the compact JSON of a parsed value, more than a summary shows. `undefined` when
 * it has fewer, or when a parsed value does not have the spelling of a number or the order of keys.
 */
function startOfJson(value: unknown): string | undefined {
  let start = "";
  const add = (value: unknown): boolean => {
    if (start.length >= MIN_START) return true;
    if (typeof value === "number") return false;
    if (typeof value === "string") {
      start += JSON.stringify(value.slice(0, MIN_START));
    } else if (typeof value !== "object" || value === null) {
      start += `${value}`;
    } else if (Array.isArray(value)) {
      start += "[";
      for (let i = 0; i < value.length && start.length < MIN_START; i++) {
        if (i > 0) start += ",";
        if (!add(value[i])) return false;
      }
      start += "]";
    } else {
      start += "{";
      for (const [key, member] of Object.entries(value)) {
        if (start.length >= MIN_START) return true;
        // An object has its integer-like keys first, wherever they were.
        if (INTEGER_LIKE.test(key)) return false;
        start += `${start.endsWith("{") ? "" : ","}${JSON.stringify(key)}:`;
        if (!add(member)) return false;
      }
      start += "}";
    }
    return true;
  };
  return add(value) && start.length >= MIN_START ? start : undefined;
}

/** Truncates compact JSON to the length of a summary, at a character boundary. */
export function summarizeJson(compact: string): string {
  // No UTF-16 unit takes more than three bytes.
  if (compact.length <= MAX_SUMMARY_BYTES / 3) return compact;
  const bytes = new Uint8Array(MAX_SUMMARY_BYTES + MAX_CHARACTER_BYTES);
  // Not by how much was read: Deno 2.6 counts that wrong for texts of Latin letters.
  const { written } = encoder.encodeInto(compact, bytes);
  if (written <= MAX_SUMMARY_BYTES) return compact;
  let end = MAX_SUMMARY_BYTES;
  while (isContinuation(bytes[end])) end--;
  // Decoded again: a slice would keep all of the text in memory.
  return `${decoder.decode(bytes.subarray(0, end))}...`;
}

/** Whether a byte continues a character of UTF-8. */
function isContinuation(byte: number = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

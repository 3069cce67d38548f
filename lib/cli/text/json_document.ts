/**
 * JSON for other programs: exact integers, and escaped for terminals.
 *
 * @module
 */

import { escapeControls } from "../../text/escape.ts";

/**
 * What can be printed as JSON. Keys that are `undefined` are left out.
 *
 * Objects are those of the answers' types, which hold nothing else: an interface has no index
 * signature to express that.
 */
export type JsonData =
  | null
  | boolean
  | number
  | bigint
  | string
  | object;

/** The value on one line. Integers keep every digit; no text in it steers a terminal. */
export function jsonText(value: JsonData): string {
  return print(value, undefined);
}

/** The value over several lines. */
export function prettyJsonText(value: JsonData): string {
  return print(value, "\n");
}

/** `newline` is the line break with the indentation of the value, if there is to be any. */
function print(value: JsonData, newline: string | undefined): string {
  if (typeof value === "string") return textJson(value);
  if (typeof value !== "object" || value === null) return String(value);
  const inner = newline === undefined ? undefined : `${newline}  `;
  if (isList(value)) {
    return enclosed("[", value.map((each) => print(each, inner)), "]", newline);
  }
  const colon = newline === undefined ? ":" : ": ";
  const entries: [string, JsonData | undefined][] = Object.entries(value);
  const members = entries.flatMap(([key, member]) =>
    member === undefined
      ? []
      : [`${textJson(key)}${colon}${print(member, inner)}`]
  );
  return enclosed("{", members, "}", newline);
}

/** Escapes more than JSON asks for, and means the same text. */
function textJson(text: string): string {
  return escapeControls(JSON.stringify(text));
}

function isList(value: object): value is readonly JsonData[] {
  return Array.isArray(value);
}

function enclosed(
  open: string,
  members: readonly string[],
  close: string,
  newline: string | undefined,
): string {
  if (members.length === 0) return open + close;
  if (newline === undefined) return open + members.join(",") + close;
  const inner = `${newline}  `;
  return open + inner + members.join(`,${inner}`) + newline + close;
}

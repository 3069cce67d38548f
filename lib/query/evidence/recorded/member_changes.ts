/**
 * What differs in two requests besides `input`: model, instructions, tools, settings.
 *
 * @module
 */

import { PayloadError } from "../../../errors.ts";
import { parseExact } from "../../../format/json/json_parse.ts";
import { canonicalJson } from "../../../format/json/json_print.ts";
import {
  isJsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../../../format/payload.ts";
import type { PayloadReader } from "../../session/session.ts";

/** What differs in two requests, `input` left out. */
export interface MembersDiff {
  /** Members that are the same in both. */
  readonly kept: number;
  /** What differs, in the order of the requests. */
  readonly changes: readonly MemberChange[];
}

/** One value that differs. */
export interface MemberChange {
  /** Keys that lead to it; a tool is named by its name. */
  readonly path: readonly string[];
  /** Whether only one request has it. */
  readonly change: "added" | "removed" | "changed";
  /** The value of the first as JSON; null where it has none. */
  readonly a: string | null;
  /** The value of the second as JSON; null where it has none. */
  readonly b: string | null;
}

/** Members by key, as written. */
type Sources = ReadonlyMap<string, string>;

/** The conversation is compared item by item. */
const CONVERSATION = "input";

/** Whether two texts are the same. */
export type AreTextsSame = (a: string, b: string) => boolean;

/** A payload, and what reads it. */
export interface ReadablePayload {
  readonly payloads: PayloadReader;
  readonly ref: RawPayloadRef;
}

/**
 * Compares two requests, which may be of two bundles; null where one cannot be read. Texts are the
 * same if they are equal, or if `areSame`.
 */
export function diffMembers(
  a: ReadablePayload,
  b: ReadablePayload,
  areSame?: AreTextsSame,
): MembersDiff | null {
  const first = sourcesOf(a);
  const second = sourcesOf(b);
  if (first === null || second === null) return null;
  const changes: MemberChange[] = [];
  let kept = 0;
  for (const key of new Set([...first.keys(), ...second.keys()])) {
    const [before, after] = [first.get(key), second.get(key)];
    const found = before === after
      ? []
      : changesOfMember(key, before, after, areSame);
    if (found.length === 0) kept++;
    for (const each of found) changes.push(each);
  }
  return { kept, changes };
}

function sourcesOf({ payloads, ref }: ReadablePayload): Sources | null {
  try {
    const document = payloads.open(ref);
    if (!isJsonObject(document.value)) return null;
    const found = new Map<string, string>();
    for (const key of Object.keys(document.value)) {
      if (key === CONVERSATION) continue;
      const source = document.member(key)?.source();
      if (source !== undefined) found.set(key, source);
    }
    return found;
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

/** What differs in one member, of which either may be missing. */
export function changesOfMember(
  key: string,
  a: string | undefined,
  b: string | undefined,
  areSame: AreTextsSame = Object.is,
): MemberChange[] {
  const changes = changesBetween([key], parsed(a), parsed(b), areSame);
  if (a !== undefined && b !== undefined && areSame(a, b)) return [];
  const isSame = a !== undefined && b !== undefined &&
    canonicalJson(parseExact(a)) === canonicalJson(parseExact(b));
  if (changes.length > 0 || isSame) return changes;
  // No parsed value shows it: a number with more digits than those keep.
  return [{ path: [key], change: "changed", a: a ?? null, b: b ?? null }];
}

function parsed(source: string | undefined): JsonValue | undefined {
  return source === undefined ? undefined : JSON.parse(source);
}

/** The innermost values that differ. */
function changesBetween(
  path: readonly string[],
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  areSame: AreTextsSame,
): MemberChange[] {
  if (a === undefined || b === undefined) return oneChange(path, a, b);
  if (isJsonObject(a) && isJsonObject(b)) {
    return changesOfMaps(
      path,
      new Map(Object.entries(a)),
      new Map(Object.entries(b)),
      areSame,
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return changesOfMaps(path, named(a), named(b), areSame);
  }
  if (typeof a === "string" && typeof b === "string") {
    return areSame(a, b) ? [] : oneChange(path, a, b);
  }
  return Object.is(a, b) ? [] : oneChange(path, a, b);
}

function changesOfMaps(
  path: readonly string[],
  a: ReadonlyMap<string, JsonValue>,
  b: ReadonlyMap<string, JsonValue>,
  areSame: AreTextsSame,
): MemberChange[] {
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) =>
    changesBetween([...path, key], a.get(key), b.get(key), areSame)
  );
}

/** Elements by their name, such as tools; else by their place, counted from 1. */
function named(list: readonly JsonValue[]): Map<string, JsonValue> {
  const found = new Map<string, JsonValue>();
  list.forEach((element, index) => {
    const name = nameOf(element);
    const isFree = name !== null && !found.has(name);
    found.set(isFree ? name : `${index + 1}`, element);
  });
  return found;
}

function nameOf(element: JsonValue): string | null {
  if (!isJsonObject(element)) return null;
  const { name, server_label: server, type } = element;
  for (const each of [name, server, type]) {
    if (typeof each === "string" && each !== "") return each;
  }
  return null;
}

function oneChange(
  path: readonly string[],
  a: JsonValue | undefined,
  b: JsonValue | undefined,
): MemberChange[] {
  if (a === undefined && b === undefined) return [];
  return [{
    path,
    change: a === undefined ? "added" : b === undefined ? "removed" : "changed",
    a: a === undefined ? null : JSON.stringify(a),
    b: b === undefined ? null : JSON.stringify(b),
  }];
}

/**
 * The values that were found, and the placeholder of each.
 *
 * A value has one placeholder, however it is spelled and wherever it occurs. Numbers are assigned
 * in the order in which values were found first, after all were found: a placeholder that the
 * bundle had before keeps its number.
 *
 * @module
 */

import { codeAt, ownText } from "../detect/code_at.ts";
import { isMoreSpecific } from "../detect/detectors.ts";
import type { Finding, Level, Reach } from "../finding.ts";
import { isAlphanumeric } from "../finding.ts";
import { base64Spellings } from "../../../text/encoded_bytes.ts";
import {
  type Literal,
  LiteralSet,
  type Offsets,
} from "../detect/literal_set.ts";
import {
  placeholderAround,
  placeholderOf,
  placeholdersIn,
} from "../placeholder.ts";

/** A value. */
export interface Value {
  kind: string;
  level: Level;
  reach: Reach;
  /** Its placeholder; empty until numbers are assigned. */
  placeholder: string;
  /** How it was spelled. */
  readonly spellings: Set<string>;
}

/** A part of a text, and what replaces it. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly value: Value;
}

/** Kinds whose case is not significant. */
const IGNORES_CASE: readonly string[] = ["email", "host-name", "mac-address"];
/** Longest first: how far a value is replaced when it was found in several ways. */
const REACHES: readonly Reach[] = ["everywhere", "words", "here"];

/** All values of a bundle. */
export class ValueTable {
  readonly #values = new Map<string, Value>();
  /** The highest number of each kind that the bundle had before. */
  readonly #taken = new Map<string, number>();
  #literals = new LiteralSet<Value>([]);
  /** The first characters of values, with all of their characters. */
  #heads = new LiteralSet<{ value: Value; text: string }>([]);

  /** How many values there are. */
  get size(): number {
    return this.#values.size;
  }

  /** Adds a value that was found. */
  add(
    text: string,
    { kind, level, reach }: Omit<Finding, "start" | "end">,
  ): void {
    const key = keyOf(text, kind);
    const known = this.#values.get(key);
    if (known === undefined) {
      const spellings = new Set([ownText(text)]);
      const value = { kind, level, reach, placeholder: "", spellings };
      this.#values.set(ownText(key), value);
      return;
    }
    if (!known.spellings.has(text)) known.spellings.add(ownText(text));
    if (isMoreSpecific(kind, known.kind)) known.kind = kind;
    if (level === "secret") known.level = level;
    if (REACHES.indexOf(reach) < REACHES.indexOf(known.reach)) {
      known.reach = reach;
    }
  }

  /** Takes note of placeholders that a text has already. Returns whether there are any. */
  reserve(text: string): boolean {
    let hasAny = false;
    if (!text.includes("[")) return false;
    for (const { kind, number } of placeholdersIn(text)) {
      hasAny = true;
      const highest = this.#taken.get(kind) ?? 0;
      if (number > highest) this.#taken.set(kind, number);
    }
    return hasAny;
  }

  /** Assigns the placeholders. Nothing is added afterwards. */
  assign(): void {
    const last = new Map(this.#taken);
    for (const value of this.#values.values()) {
      const kind = `${value.level}:${value.kind}`;
      const number = (last.get(kind) ?? 0) + 1;
      last.set(kind, number);
      value.placeholder = placeholderOf(value.level, value.kind, number);
    }
    this.#literals = new LiteralSet(
      [...this.#values.values()].flatMap(literalsOf),
    );
    this.#heads = new LiteralSet(
      [...this.#values.values()].flatMap(headsOf),
    );
  }

  /** The value of a text that was found; `undefined` where it was not. */
  find(text: string, kind: string): Value | undefined {
    return this.#values.get(keyOf(text, kind));
  }

  /** What a text has where it has a value, or the start of one. */
  literals(): readonly Literal<unknown>[] {
    return [...this.#literals.literals, ...this.#heads.literals];
  }

  /**
   * Calls `onMatch` for every value that a text has, in the order of the text.
   *
   * @param offsets Where literals are, if that is known.
   */
  search(
    text: string,
    onMatch: (found: Replacement) => void,
    offsets?: Offsets,
  ): void {
    this.#literals.search(text, ({ text: spelled, value }, start) => {
      const end = start + spelled.length;
      if (value.reach === "words" && !isWord(text, start, end)) {
        return undefined;
      }
      const inert = placeholderAround(text, start);
      if (inert !== undefined) return inert;
      onMatch({ start, end, value });
      return end;
    }, offsets);
    if (this.#heads.literals.length > 0 && text.length >= MIN_HEAD) {
      this.#searchEnd(text, onMatch);
    }
  }

  /** Finds the start of a value where a text was truncated inside it. */
  #searchEnd(text: string, onMatch: (found: Replacement) => void): void {
    const ellipsis = ELLIPSES.find((each) => text.endsWith(each)) ?? "";
    const end = text.length - ellipsis.length;
    const from = Math.max(0, end - MAX_END);
    const rest = text.slice(from, end);
    this.#heads.search(rest, ({ value }, at) => {
      if (!value.text.startsWith(rest.slice(at))) return undefined;
      onMatch({ start: from + at, end, value: value.value });
      return rest.length;
    });
  }
}

function keyOf(text: string, kind: string): string {
  if (kind === "private-key") return text.replace(LINE_ENDS, "");
  return IGNORES_CASE.includes(kind) ? text.toLowerCase() : text;
}

/** Line ends of a key, as they are and escaped. */
const LINE_ENDS = /\\+[nr]|%0[AaDd]|\s/g;
const MIN_LITERAL = 3;
const MIN_ENCODED = 9;

function literalsOf(value: Value): Literal<Value>[] {
  const { kind, level, reach, spellings } = value;
  if (reach === "here") return [];
  const ignoresCase = IGNORES_CASE.includes(kind);
  const texts = new Set<string>();
  for (const text of spellings) {
    if (text.length < MIN_LITERAL) continue;
    texts.add(ignoresCase ? text.toLowerCase() : text);
  }
  const literals = [...texts].map((text) => ({ text, ignoresCase, value }));
  if (level !== "secret" || reach !== "everywhere") return literals;
  const encoded = [...texts].filter(({ length }) => length >= MIN_ENCODED)
    .flatMap(base64Spellings);
  return [
    ...literals,
    ...encoded.map((text) => ({ text, ignoresCase: false, value })),
  ];
}

/** Characters of a value that are enough to know it. */
const MIN_HEAD = 8;
/** Characters at the end of a text that are compared with the starts of values. */
const MAX_END = 512;
/** What follows a truncated text. */
const ELLIPSES: readonly string[] = ["...", "…"];

function headsOf(
  value: Value,
): Literal<{ value: Value; text: string }>[] {
  if (value.level !== "secret" || value.reach !== "everywhere") return [];
  return [...value.spellings].filter(({ length }) => length > MIN_HEAD)
    .map((text) => ({
      text: text.slice(0, MIN_HEAD),
      ignoresCase: false,
      value: { value, text },
    }));
}

function isWord(text: string, start: number, end: number): boolean {
  return isEdge(text, start - 1, start) && isEdge(text, end, end - 1);
}

/** Whether a word ends at an offset: no letter or digit is beyond it, but those of an escape. */
function isEdge(text: string, outside: number, inside: number): boolean {
  if (outside < 0 || outside >= text.length) return true;
  const code = codeAt(text, outside);
  if (!isAlphanumeric(code) || !isAlphanumeric(codeAt(text, inside))) {
    return true;
  }
  return outside < inside &&
    /(?:\\[nrtbfv]|%[0-9A-Fa-f]{2})$/.test(
      text.slice(Math.max(0, outside - 2), inside),
    );
}

/**
 * What is searched for: a text, or a regular expression.
 *
 * @module
 */

import { endsOf, type TextEnds } from "../../text/abbreviated.ts";

/** Where a text matches. */
export interface TextMatch {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
}

/** Something that can be searched for. */
export interface SearchPattern {
  /** How it was given. */
  readonly type: "text" | "regex";
  /** As it was given. */
  readonly text: string;
  /** Whether upper and lower case differ. */
  readonly caseSensitive: boolean;
  /** The matches that are not empty, in order; none overlaps another. */
  matches(text: string): Iterable<TextMatch>;
  /**
   * Whether a piece of JSON may hold the pattern in one of its values. May return true for JSON that does
   * not; it is called before anything is decoded.
   */
  mayOccurIn(json: string): boolean;
  /** The ends of a longer text, where the pattern consists of them: `gAAA...CwHs`. */
  readonly ends?: TextEnds | null;
}

/** How often a text may be JSON inside JSON and is still found: arguments are so once. */
const NESTED = 2;

/** How a text is searched for. */
export interface TextPatternOptions {
  /** Whether upper and lower case are the same; by default, unless the text has capitals. */
  readonly ignoreCase?: boolean;
}

/**
 * A text, found also where it is spelled as JSON inside the text that is searched.
 *
 * @throws {RangeError} If it is empty.
 */
export function compileTextPattern(
  text: string,
  options: TextPatternOptions = {},
): SearchPattern {
  if (text === "") throw new RangeError("Cannot search for an empty text");
  const { ignoreCase = text === text.toLowerCase() } = options;
  const caseSensitive = !ignoreCase;
  const spelled = spellings(text, NESTED + 1);
  const flags = caseSensitive ? "gu" : "giu";
  const inValue = alternatives(spelled.slice(0, NESTED + 1), flags);
  const inJson = alternatives(spelled, flags);
  // A text with `\u` or `\/` may spell any character with an escape.
  // deno-lint-ignore no-control-regex
  const isPlain = /^[\x00-\x7f]*$/.test(text);
  return {
    type: "text",
    text,
    caseSensitive,
    ends: endsOf(text),
    matches: (within) => matchesOf(inValue, within),
    mayOccurIn: (json) =>
      !isPlain || json.search(inJson) !== -1 || /\\[u/]/.test(json),
  };
}

/**
 * A regular expression of JavaScript. The expression decides how long it takes: an untrusted one may
 * take exponential time on an untrusted text.
 */
export function compileRegexPattern(expression: RegExp): SearchPattern {
  const { source, flags } = expression;
  const own = new RegExp(source, `${flags.replace(/[gy]/g, "")}g`);
  return {
    type: "regex",
    text: source,
    caseSensitive: !flags.includes("i"),
    matches: (within) => matchesOf(own, within),
    mayOccurIn: () => true,
  };
}

/** The text, and the text as JSON spells it, as JSON spells that, and so on. */
function spellings(text: string, times: number): string[] {
  const all = [text];
  let last = text;
  for (let i = 0; i < times; i++) {
    last = JSON.stringify(last).slice(1, -1);
    if (!all.includes(last)) all.push(last);
  }
  return all;
}

function alternatives(texts: readonly string[], flags: string): RegExp {
  // The longest first: where several match, it is the complete match.
  const longest = texts.toSorted((a, b) => b.length - a.length);
  return new RegExp(longest.map(literal).join("|"), flags);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function* matchesOf(expression: RegExp, text: string): Generator<TextMatch> {
  for (const match of text.matchAll(expression)) {
    const end = match.index + match[0].length;
    if (end > match.index) yield { start: match.index, end };
  }
}

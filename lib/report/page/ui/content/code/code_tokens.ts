/**
 * Code as tokens, by line parsers of CodeMirror, at a bounded cost: they look ahead within a line
 * only. A parser whose expressions can take exponential time, as that of YAML, is not among them.
 *
 * @module
 */

import {
  javascript,
  json,
  typescript,
} from "@codemirror/legacy-modes/mode/javascript";
import { diff } from "@codemirror/legacy-modes/mode/diff";
import { go } from "@codemirror/legacy-modes/mode/go";
import { python } from "@codemirror/legacy-modes/mode/python";
import { rust } from "@codemirror/legacy-modes/mode/rust";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { type StreamParser, StringStream } from "@codemirror/streamparser";

/** Longer code, and code with longer lines, has no colors. */
export const MAX_CHARACTERS = 20_000;
const MAX_LINE = 400;

const PARSERS = {
  diff,
  go,
  javascript,
  json,
  python,
  rust,
  shell,
  typescript,
} as const;

/** A language that has colors. */
export type CodeLanguage = keyof typeof PARSERS;

/** Other names of languages, as authors of Markdown write them. */
const NAMES: ReadonlyMap<string, CodeLanguage> = new Map([
  ["bash", "shell"],
  ["cjs", "javascript"],
  ["console", "shell"],
  ["cts", "typescript"],
  ["golang", "go"],
  ["js", "javascript"],
  ["jsonc", "json"],
  ["jsx", "javascript"],
  ["mjs", "javascript"],
  ["mts", "typescript"],
  ["patch", "diff"],
  ["py", "python"],
  ["pyi", "python"],
  ["rs", "rust"],
  ["sh", "shell"],
  ["ts", "typescript"],
  ["tsx", "typescript"],
  ["zsh", "shell"],
]);

/** Returns the language of a name, such as that after the fence of a block; null for others. */
export function languageNamed(name: string | null): CodeLanguage | null {
  const word = /^[\w+-]+/.exec(name?.trim().toLowerCase() ?? "")?.[0] ?? "";
  return isLanguage(word) ? word : NAMES.get(word) ?? null;
}

function isLanguage(word: string): word is CodeLanguage {
  return Object.hasOwn(PARSERS, word);
}

/** What a token is, as far as it has a color; the name of its class. */
export type CodeStyle =
  | "comment"
  | "deleted"
  | "inserted"
  | "keyword"
  | "meta"
  | "number"
  | "string"
  | "type";

/** The styles of the parsers that have a color. */
const STYLES: ReadonlyMap<string, CodeStyle> = new Map([
  ["atom", "number"],
  ["attribute", "meta"],
  ["bool", "number"],
  ["builtin", "type"],
  ["comment", "comment"],
  ["deleted", "deleted"],
  ["inserted", "inserted"],
  ["keyword", "keyword"],
  ["meta", "meta"],
  ["number", "number"],
  ["regexp", "string"],
  ["string", "string"],
  ["type", "type"],
  ["typeName", "type"],
]);

/** A part of code; null for one without a color. */
export interface CodeToken {
  readonly text: string;
  readonly style: CodeStyle | null;
}

/** The tokens of code, which are all of its text; null where to find them might take long. */
export function codeTokens(
  text: string,
  language: CodeLanguage,
): readonly CodeToken[] | null {
  if (text.length > MAX_CHARACTERS) return null;
  const lines = text.split("\n");
  if (lines.some(({ length }) => length > MAX_LINE)) return null;
  const tokens: { text: string; style: CodeStyle | null }[] = [];
  const add = (part: string, style: CodeStyle | null) => {
    const last = tokens.at(-1);
    if (last?.style === style) last.text += part;
    else if (part !== "") tokens.push({ text: part, style });
  };
  try {
    readLines(PARSERS[language], lines, add);
  } catch {
    // What the parser cannot read is shown without colors.
    return null;
  }
  return tokens;
}

/** Columns of a tab and of an indentation, which no color depends on. */
const TAB = 4;

function readLines<S>(
  { startState, token, blankLine }: StreamParser<S>,
  lines: readonly string[],
  add: (part: string, style: CodeStyle | null) => void,
): void {
  // A parser without a function for its first state has none.
  const state = startState?.(TAB) as S;
  lines.forEach((line, i) => {
    if (i > 0) add("\n", null);
    if (line === "") return blankLine?.(state, TAB);
    const stream = new StringStream(line, TAB, TAB);
    while (!stream.eol()) {
      stream.start = stream.pos;
      const style = tokenAt(stream, () => token(stream, state));
      add(stream.current(), STYLES.get(style) ?? null);
    }
  });
}

/** Tokens without a character that a parser may return before one with a character. */
const MAX_EMPTY = 10;

/** Reads the next token that has a character, and returns the first word of its style. */
function tokenAt(stream: StringStream, read: () => string | null): string {
  let style: string | null = null;
  for (let i = 0; i < MAX_EMPTY && stream.pos <= stream.start; i++) {
    style = read();
  }
  if (stream.pos <= stream.start) throw new Error("no token");
  // Both halves of a character are in one token.
  const last = stream.string.codePointAt(stream.pos - 1) ?? 0;
  if (last > 0xffff) stream.pos++;
  return /^\w*/.exec(style ?? "")?.[0] ?? "";
}

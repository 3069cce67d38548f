/**
 * What a word on the command line asks to search for: a text, or `/REGEX/`.
 *
 * Expressions are matched by RE2: for any expression and any text of a bundle, it
 * takes time that grows with the text only. So there are neither lookarounds nor references
 * back into the match.
 *
 * @module
 */

import { RE2JS, RE2JSSyntaxException } from "re2js";
import {
  compileTextPattern,
  type SearchPattern,
  type TextMatch,
} from "../../../query/search/search_pattern.ts";
import { UsageError } from "../../args/usage_error.ts";

/** `/…/` and letters after it; a slash inside is escaped, so that a path is a text. */
const EXPRESSION = /^\/((?:[^/\\]|\\.)+)\/([a-z]*)$/su;

const FLAGS: ReadonlyMap<string, number> = new Map([
  ["i", RE2JS.CASE_INSENSITIVE],
  ["m", RE2JS.MULTILINE],
  ["s", RE2JS.DOTALL],
]);

/**
 * The pattern that `word` asks for.
 *
 * @param plain Take the word as a text, whatever it looks like.
 * @throws {UsageError} If it is empty, or an expression that cannot be understood.
 */
export function searchPattern(word: string, plain: boolean): SearchPattern {
  if (word === "") {
    throw new UsageError("search for what?", "give a text or /REGEX/");
  }
  const [, source, letters = ""] = (plain ? null : EXPRESSION.exec(word)) ?? [];
  return source === undefined
    ? compileTextPattern(word)
    : linearPattern(source, letters);
}

function linearPattern(source: string, letters: string): SearchPattern {
  const expression = compiled(source, letters);
  return {
    type: "regex",
    text: source,
    caseSensitive: !letters.includes("i"),
    mayOccurIn: () => true,
    matches: (text) => matchesOf(expression, text),
  };
}

function* matchesOf(expression: RE2JS, text: string): Generator<TextMatch> {
  // Most texts have no match, which is found out much faster than where one is.
  if (!expression.test(text)) return;
  const matcher = expression.matcher(text);
  while (matcher.find()) {
    const match = { start: matcher.start(), end: matcher.end() };
    if (match.end > match.start) yield match;
  }
}

function compiled(source: string, letters: string): RE2JS {
  let flags = 0;
  for (const letter of letters) {
    const flag = FLAGS.get(letter);
    if (flag === undefined) {
      throw new UsageError(
        `/${source}/${letters}: there is no flag ${letter}`,
        "flags are i, m and s; --text searches for the word literally",
      );
    }
    flags |= flag;
  }
  try {
    // A slash is escaped for our own sake only.
    return RE2JS.compile(source.replaceAll("\\/", "/"), flags);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new UsageError(
      `/${source}/ is no regular expression: ${error.message}`,
      "the syntax is that of RE2, without (?=…), (?<=…) and \\1; --text searches for the word literally",
    );
  }
}

/**
 * What a command line asks to search for: a text, or a regular expression.
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
import { quote } from "../../../errors.ts";
import { UsageError } from "../../args/usage_error.ts";

/** How the text on a command line is searched for. */
export interface PatternOptions {
  /** Whether it is a regular expression; a text otherwise. */
  readonly isRegex: boolean;
  /** Whether it is a text; it is one by default. */
  readonly isFixed: boolean;
  /** Whether upper and lower case are the same. */
  readonly ignoreCase: boolean;
}

/**
 * The pattern that `word` asks for.
 *
 * @throws {UsageError} If it is empty, or an expression that cannot be compiled.
 */
export function searchPattern(
  word: string,
  { isRegex, isFixed, ignoreCase }: PatternOptions,
): SearchPattern {
  if (word === "") {
    throw new UsageError("missing argument TEXT", "TEXT is what to find");
  }
  if (isRegex && isFixed) {
    throw new UsageError(
      "cannot combine --regex with --fixed-strings",
      "without either, TEXT is searched for literally",
    );
  }
  return isRegex
    ? linearPattern(word, ignoreCase)
    : compileTextPattern(word, ignoreCase ? { ignoreCase } : {});
}

function linearPattern(source: string, ignoreCase: boolean): SearchPattern {
  const expression = compiled(source, ignoreCase);
  return {
    type: "regex",
    text: source,
    caseSensitive: !ignoreCase,
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

function compiled(source: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new UsageError(
      `invalid regular expression ${quote(source)}: ${error.message}`,
      "the syntax is that of RE2, without (?=…), (?<=…) and \\1",
    );
  }
}

/**
 * Regular expressions that are matched by RE2: for any expression and any text of a bundle, it
 * takes time that grows with the text only. So there are neither lookarounds nor references
 * back into the match. Loaded on demand: it takes 4 ms.
 *
 * @module
 */

import { RE2JS, RE2JSSyntaxException } from "re2js";
import type {
  SearchPattern,
  TextMatch,
} from "../../../query/search/search_pattern.ts";
import { quote } from "../../../errors.ts";
import { UsageError } from "../../args/usage_error.ts";

/**
 * The pattern of an expression.
 *
 * @throws {UsageError} If it cannot be compiled.
 */
export function linearPattern(
  source: string,
  ignoreCase: boolean,
): SearchPattern {
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

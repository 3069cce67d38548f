/**
 * What a command line asks to search for: a text, or a regular expression.
 *
 * @module
 */

import {
  compileTextPattern,
  type SearchPattern,
} from "../../../query/search/search_pattern.ts";
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
export async function searchPattern(
  word: string,
  { isRegex, isFixed, ignoreCase }: PatternOptions,
): Promise<SearchPattern> {
  if (word === "") {
    throw new UsageError("missing argument TEXT", "TEXT is what to find");
  }
  if (isRegex && isFixed) {
    throw new UsageError(
      "cannot combine --regex with --fixed-strings",
      "without either, TEXT is searched for literally",
    );
  }
  if (!isRegex) {
    return compileTextPattern(word, ignoreCase ? { ignoreCase } : {});
  }
  const { linearPattern } = await import("./linear_pattern.ts");
  return linearPattern(word, ignoreCase);
}

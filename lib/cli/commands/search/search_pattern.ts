/**
 * What a command line asks to search for: a text or a regular expression, and where.
 *
 * @module
 */

import {
  compileTextPattern,
  type SearchPattern,
} from "../../../query/search/search_pattern.ts";
import {
  SEARCH_SCOPES,
  type SearchScope,
} from "../../../query/search/search_answer.ts";
import type { ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";

/** What a command line asks to search for, as plain data. */
export interface SoughtText {
  readonly text: string;
  readonly options: PatternOptions;
  readonly scopes: readonly SearchScope[];
  /** Whether payloads that repeat what was found are listed. */
  readonly withCopies: boolean;
}

/** What is searched for, and where. */
export interface Sought extends SoughtText {
  readonly pattern: SearchPattern;
}

/**
 * What a command line searches for.
 *
 * @throws {UsageError} If the text is empty, or an expression that cannot be compiled.
 */
export async function soughtBy(
  text: string,
  flags: ParsedFlags,
): Promise<Sought> {
  const scopes = flags.choices("in", SEARCH_SCOPES) ?? SEARCH_SCOPES;
  const options = {
    isRegex: flags.on("regex"),
    isFixed: flags.on("fixed-strings"),
    ignoreCase: flags.on("ignore-case"),
  };
  const withCopies = flags.on("copies") ||
    flags.value("in") !== undefined && scopes.includes("payloads");
  const pattern = await searchPattern(text, options);
  return { text, options, scopes, withCopies, pattern };
}

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

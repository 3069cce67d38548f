/**
 * Patterns and allow-lists of a user.
 *
 * They are matched by RE2, which takes time that grows with the text only, for any pattern.
 *
 * @module
 */

import { RE2JS, RE2JSSyntaxException } from "re2js";
import type { Level, Reach, Report } from "../finding.ts";
import { FORMAT_WORDS, isFormatWord } from "../../../format/format_words.ts";

/** A pattern of a user. */
export interface CustomPattern {
  /** The kind of its findings: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** A regular expression of RE2; its first group is the value, where it has one. */
  readonly pattern: string;
  /** What is found. */
  readonly level: Level;
}

/** A pattern that cannot be used. The message has its place, and nothing of its text. */
export class PatternError extends Error {
  /** Name of the class. */
  override readonly name = "PatternError";
}

/** Names that make a placeholder. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Returns a function that reports what the patterns find in a text: those of secrets, and with
 * `personal` the others, too.
 *
 * @throws {PatternError} If a pattern cannot be compiled, if it matches a word of the format, or if its
 * name makes no placeholder.
 */
export function customSearch(
  patterns: readonly CustomPattern[],
  personal: boolean,
): (text: string, report: Report) => void {
  const compiled = patterns.map(({ name, pattern, level }, at) => {
    if (!NAME.test(name)) {
      throw new PatternError(
        `patterns[${at}].name must be lower-case letters, digits and hyphens`,
      );
    }
    const place = `patterns[${at}].pattern`;
    const expression = compile(place, pattern);
    requireReadable(place, expression);
    return { kind: name, level, expression };
  }).filter(({ level }) => personal || level === "secret");
  return (text, report) => {
    for (const { kind, level, expression } of compiled) {
      if (!expression.test(text)) continue;
      const matcher = expression.matcher(text);
      while (matcher.find()) {
        const group = expression.groupCount() > 0 && matcher.start(1) >= 0
          ? 1
          : 0;
        const start = matcher.start(group);
        const end = matcher.end(group);
        if (end <= start) continue;
        const reach = reachOf(text.slice(start, end));
        report({ start, end, kind, level, reach });
      }
    }
  };
}

/** A copy in which words of the format are replaced cannot be read. */
function requireReadable(place: string, expression: RE2JS): void {
  const word = FORMAT_WORDS.find((each) => expression.test(each));
  if (word === undefined) return;
  throw new PatternError(
    `${place} matches "${word}", a name or value of the format: ` +
      "a copy without it cannot be read",
  );
}

function reachOf(value: string): Reach {
  if (isFormatWord(value)) return "here";
  return value.length >= MIN_EVERYWHERE ? "everywhere" : "words";
}

/** Shorter values are replaced as words, or they would be part of others. */
const MIN_EVERYWHERE = 8;

/**
 * Returns whether a value is allowed: it is one of the texts, or a text between slashes matches
 * all of it.
 *
 * @throws {PatternError} If a pattern cannot be compiled.
 */
export function allowList(
  allowed: readonly string[],
): (value: string) => boolean {
  const texts = new Set(allowed.filter((each) => !isPattern(each)));
  const patterns = allowed.flatMap((each, at) =>
    isPattern(each) ? [compile(`allow[${at}]`, each.slice(1, -1))] : []
  );
  if (texts.size === 0 && patterns.length === 0) return () => false;
  return (value) =>
    texts.has(value) || patterns.some((each) => each.matches(value));
}

function isPattern(text: string): boolean {
  return text.length > 2 && text.startsWith("/") && text.endsWith("/");
}

/** The parser's own message would quote the pattern: only its description is printed. */
function compile(place: string, pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new PatternError(
      `${place} is no expression of RE2: ${error.getDescription()}`,
    );
  }
}

/**
 * The detector of tokens that are recognized by how they begin.
 *
 * @module
 */

import { codeAt } from "./code_at.ts";
import type { Literal } from "./literal_set.ts";
import { isAlphanumeric, type Report, startsWord } from "../finding.ts";
import { TOKEN_RULES, type TokenRule } from "./token_rules.ts";

/** A rule, ready to be matched. */
interface CompiledRule {
  readonly rule: TokenRule;
  readonly rest: RegExp;
}

/** Inspects a literal in a text; returns where to continue, if something was found. */
export type Look = (
  text: string,
  literal: string,
  at: number,
  report: Report,
) => number | undefined;

/** How tokens begin, and what looks for the rest. */
export function tokenLiterals(): Literal<Look>[] {
  return TOKEN_RULES.flatMap((rule) => {
    const compiled = { rule, rest: new RegExp(rule.rest, "y") };
    const value: Look = (text, start, at, report) =>
      tokenAt(compiled, text, start, at, report);
    return rule.starts.map((text) => ({ text, ignoresCase: false, value }));
  });
}

const MAX_BEFORE = 64;

function tokenAt(
  { rule, rest }: CompiledRule,
  text: string,
  literal: string,
  at: number,
  report: Report,
): number | undefined {
  const { before, isContext = false, isExact = false, kind } = rule;
  rest.lastIndex = at + literal.length;
  if (!rest.test(text)) return undefined;
  let end = rest.lastIndex;
  if (isAlphanumeric(codeAt(text, end))) return undefined;
  let start = isContext ? at + literal.length : at;
  if (before !== undefined) {
    const found = before.exec(text.slice(Math.max(0, at - MAX_BEFORE), at));
    if (found === null) return undefined;
    start = at - found[0].length;
  }
  if (!isContext && !startsWord(text, start)) {
    const marks = emphasisBefore(text, start);
    if (marks === 0) return undefined;
    for (let at = 0; at < marks && text[end - 1] === "_"; at++) end--;
  }
  if (!isExact && !isRandom(text.slice(at + literal.length, end))) {
    return undefined;
  }
  report({ start, end, kind, level: "secret", reach: "everywhere" });
  return end;
}

/** How many underscores of Markdown are before a word; 0 where they end one, as in a name of code. */
function emphasisBefore(text: string, at: number): number {
  let start = at;
  while (at - start < 3 && text[start - 1] === "_") start--;
  return startsWord(text, start) ? at - start : 0;
}

/** Whether the rest of a token is more than words: it has a digit, or letters of both cases. */
function isRandom(rest: string): boolean {
  return /\d/.test(rest) || /[a-z][A-Z]|[A-Z][a-z].*[A-Z]/.test(rest);
}

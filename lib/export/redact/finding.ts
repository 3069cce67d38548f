/**
 * What a detector finds in a text.
 *
 * @module
 */

import { codeAt } from "./detect/code_at.ts";

/** What must not leave: credentials, or what identifies a person or a machine. */
export type Level = "secret" | "personal";

/** How far a value is replaced once it was found. */
export type Reach =
  /** Wherever its characters occur. */
  | "everywhere"
  /** Where it is a word of its own. */
  | "words"
  /** Only where it was found: it is too ordinary to be replaced elsewhere. */
  | "here";

/** A part of a text that is replaced. */
export interface Finding {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
  /** What it is, such as `github-token`; a part of the placeholder. */
  readonly kind: string;
  /** Why it is replaced. */
  readonly level: Level;
  /** How far it is replaced. */
  readonly reach: Reach;
}

/** Receives what a detector finds. */
export type Report = (finding: Finding) => void;

/** A rule set, as a receipt names it. */
export interface RuleSet {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Its rules. */
  readonly rules: readonly string[];
}

/** Whether a character is a letter or a digit of ASCII. */
export function isAlphanumeric(code: number): boolean {
  return code >= 48 && code <= 57 || code >= 65 && code <= 90 ||
    code >= 97 && code <= 122;
}

/**
 * Whether a word can begin at an offset: nothing of a word is before it, unless that is the end of
 * an escape such as `\n` or `%3D`.
 */
export function startsWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = codeAt(text, at - 1);
  if (before !== UNDERSCORE && !isAlphanumeric(before)) return true;
  return ESCAPE_BEFORE.test(text.slice(Math.max(0, at - MAX_ESCAPE), at));
}

const UNDERSCORE = 0x5f;
/** The last one is that of a color, also where the character before the bracket is missing. */
const ESCAPE_BEFORE =
  /(?:\\[nrtabefv]|\\[0-7]{1,3}|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|[%=][0-9a-fA-F]{2}|\[[0-9;]{0,12}m)$/;
const MAX_ESCAPE = 16;

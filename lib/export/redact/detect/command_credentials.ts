/**
 * The detector of credentials at places of their own: arguments of commands, lines of `.netrc`,
 * the configuration of registries.
 *
 * @module
 */

import type { Literal } from "./literal_set.ts";
import type { Reach, Report } from "../finding.ts";
import type { Look } from "./tokens.ts";

/** Where a credential is. */
interface Place {
  /** Characters that are just before it, or at the start of it; in lower case. */
  readonly literals: readonly string[];
  /** Characters before a literal that belong to the pattern. */
  readonly before: number;
  readonly kind: string;
  /** What is found around a literal; its group is the value. */
  readonly pattern: RegExp;
  /** Whether a value looks like one; any does by default. */
  isValue?(value: string): boolean;
}

/** What is no value: a variable, a template, a placeholder. */
const VALUE = "[^\\s\0\x1c-\x1f\"'`$<>{}\\\\|;&[\\]()]";

const PLACES: readonly Place[] = [
  {
    literals: [" -u", " --user", " --proxy-user"],
    before: 240,
    kind: "password",
    pattern: new RegExp(
      `\\b(?:curl|wget|http|https|xh)\\b[^\\n|;]{0,240}? (?:-u|--(?:proxy-)?user)[ =]?["']?[^\\s:"'\`$<>{}]{1,64}:(${VALUE}{4,256})`,
      "dg",
    ),
  },
  {
    literals: ["sshpass -p"],
    before: 0,
    kind: "password",
    pattern: new RegExp(`sshpass -p ?["']?(${VALUE}{4,128})`, "dg"),
  },
  {
    literals: [" -p"],
    before: 200,
    kind: "password",
    pattern: new RegExp(
      `\\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\\b[^\\n|;]{0,200}? -p["']?(${VALUE}{4,128})`,
      "dg",
    ),
  },
  {
    literals: ["login "],
    before: 0,
    kind: "password",
    pattern: new RegExp(
      `login \\S{1,80}\\s{1,8}password (${VALUE}{4,256})`,
      "dg",
    ),
  },
  {
    literals: ["app_key=base64:"],
    before: 0,
    kind: "named-secret",
    pattern: /APP_KEY=base64:([A-Za-z0-9+/]{40,90}={0,2})/dg,
  },
  {
    literals: ['auth":', 'auth\\":', "_auth=", "_auth ="],
    before: 2,
    kind: "authorization",
    pattern:
      /["_]auth(?:\\{0,8}")? ?[:=] ?(?:\\{0,8}")?([A-Za-z0-9+/]{10,400}={0,2})/dg,
    isValue: isUserAndPassword,
  },
];

/** Where credentials may be, and what looks for them. */
export function commandLiterals(): Literal<Look>[] {
  return PLACES.flatMap((place) => {
    const value: Look = (text, literal, at, report) =>
      searchAround(place, text, literal, at, report);
    return place.literals.map((text) => ({ text, ignoresCase: true, value }));
  });
}

/** What a value of a key named `auth` is; `undefined` where it is no user and password. */
export function isAuthValue(key: string, value: string): boolean {
  return /^_?auth$/i.test(key) && isUserAndPassword(value);
}

const MAX_AFTER = 500;

function searchAround(
  { before, kind, pattern, isValue }: Place,
  text: string,
  literal: string,
  at: number,
  report: Report,
): undefined {
  const from = Math.max(0, at - before);
  const part = text.slice(from, at + literal.length + MAX_AFTER);
  for (const { indices } of part.matchAll(pattern)) {
    const [start = 0, end = 0] = indices?.[1] ?? [];
    const value = part.slice(start, end);
    if (isValue?.(value) === false) continue;
    report({
      start: from + start,
      end: from + end,
      kind,
      level: "secret",
      reach: reachOf(value),
    });
  }
}

function reachOf(value: string): Reach {
  return value.length >= 10 && /\d/.test(value) && /[A-Za-z]/.test(value)
    ? "everywhere"
    : "here";
}

/** Digits of the shortest user and password. */
const MIN_DIGITS = 7;
const DIGITS = /^[A-Za-z0-9+/=\s]*$/;

/** Whether base64 encodes a user and a password: `user:password`. */
function isUserAndPassword(value: string): boolean {
  // An error takes longer than all else here.
  if (value.length < MIN_DIGITS || !DIGITS.test(value)) return false;
  try {
    return /^[\x21-\x39\x3b-\x7e]{1,80}:[\x21-\x7e]{3,300}$/.test(atob(value));
  } catch {
    return false;
  }
}

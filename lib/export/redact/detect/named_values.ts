/**
 * The detector of values beside a sensitive name: `password=…`, `"api_key": "…"`,
 * `Authorization: Bearer …`, `--token …`.
 *
 * A name alone is no evidence: source code is full of variables called `token`. So the value has
 * to look random, which is measured by its characters and their entropy.
 *
 * @module
 */

import type { Literal } from "./literal_set.ts";
import { withoutPlaceholders } from "../placeholder.ts";
import { codeAt } from "./code_at.ts";
import {
  type Finding,
  isAlphanumeric,
  type Reach,
  type Report,
} from "../finding.ts";
import type { Look } from "./tokens.ts";

/** Parts of names whose value is a secret, in lower case. */
const NAMES: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "secret",
  "token",
  "api_key",
  "apikey",
  "api-key",
  "access_key",
  "accesskey",
  "access-key",
  "private_key",
  "privatekey",
  "auth_key",
  "authkey",
  "encryption_key",
  "encryptionkey",
  "signing_key",
  "signingkey",
  "master_key",
  "account_key",
  "accountkey",
  "credential",
  "authorization",
  "cookie",
  "signature",
  "session_key",
  "otp",
  "seed_phrase",
];
/** Schemes of the header `Authorization`. */
const SCHEMES: readonly string[] = ["bearer ", "basic "];

const NAME = new RegExp(NAMES.join("|"), "i");
const PASSWORD = /passw|passphrase|pwd|secret/i;

/** Sensitive names, and what looks for a value beside them. */
export function nameLiterals(): Literal<Look>[] {
  return [
    ...NAMES.map((text) => ({
      text,
      ignoresCase: true,
      mayMatch: (content: string, at: number) =>
        mayHaveValue(content, at + text.length),
      value: valueBeside,
    })),
    ...SCHEMES.map((text) => ({ text, ignoresCase: true, value: credential })),
  ];
}

/** Whether the value of a key, or the argument after a flag, is a secret by its name. */
export function isSensitiveName(name: string): boolean {
  return name.length <= 80 && NAME.test(withoutPlaceholders(name));
}

/** What a value beside a sensitive name is; `undefined` where it does not look like a secret. */
export function namedValue(
  name: string,
  text: string,
): Omit<Finding, "start" | "end"> | undefined {
  if (!isSecretValue(text, PASSWORD.test(name), true)) return undefined;
  return { kind: kindOf(name), level: "secret", reach: reachOf(text) };
}

/** From the name to the value: closing quotes and brackets, a separator, a scheme. */
const ASSIGNMENT =
  /[\w.-]{0,40}(?:\\{0,4}["'`\]]){0,2}[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}(?:(?:bearer|basic|token|digest|apikey)[ \t]{1,4})?/iy;
/** A flag of a command: its value may be the next word. */
const FLAG = /[\w-]{0,40}[ \t]{1,4}/y;
const FLAG_BEFORE = /(?:^|[\s"'`])--?[\w-]{0,40}$/;
const OPENING = /\\{0,4}["'`]/y;
/** A value in quotes that are doubled, as in CSV and in SQL. */
// deno-lint-ignore no-control-regex
const DOUBLED = /(""|'')([^\s\0\x1c-\x1f"'`,;&<>(){}[\]\\|]{4,2048})\1/y;
// deno-lint-ignore no-control-regex
const UNQUOTED = /[^\s\0\x1c-\x1f"'`,;&<>(){}[\]\\|]{4,2048}/y;
const MAX_QUOTED = 2048;
const MAX_NAME = 48;

function valueBeside(
  text: string,
  literal: string,
  at: number,
  report: Report,
): number | undefined {
  const start = valueStart(text, at + literal.length, at);
  if (start === undefined) return undefined;
  const name = nameAround(text, at, literal.length);
  const value = valueAt(text, start);
  if (value === undefined) return undefined;
  const found = text.slice(value.start, value.end);
  if (!isSecretValue(found, PASSWORD.test(name), value.isQuoted)) {
    return undefined;
  }
  report({
    start: value.start,
    end: value.end,
    kind: kindOf(name),
    level: "secret",
    reach: reachOf(found),
  });
  return value.end;
}

function credential(
  text: string,
  literal: string,
  at: number,
  report: Report,
): number | undefined {
  UNQUOTED.lastIndex = at + literal.length;
  if (!UNQUOTED.test(text)) return undefined;
  const start = at + literal.length;
  const end = UNQUOTED.lastIndex;
  const found = text.slice(start, end);
  if (found.length < 12 || !isSecretValue(found, false, false)) {
    return undefined;
  }
  report({
    start,
    end,
    kind: "authorization",
    level: "secret",
    reach: reachOf(found),
  });
  return end;
}

/** What may follow a name that has a value. Most names are words of a text, and no name. */
const BEFORE_VALUE = new Set(
  Array.from("=:\\\"'`] \t", (char) => codeAt(char, 0)),
);

const GREATER = 0x3e;

/** Whether the name is that of an element of XML: `<password>…</password>`. */
function isElement(text: string, at: number, end: number): boolean {
  return /<[\w:.-]{0,40}$/.test(text.slice(Math.max(0, at - MAX_NAME), end));
}

/** Whether a character may be part of a name. */
function isNamePart(code: number): boolean {
  return isAlphanumeric(code) || code === 0x5f || code === 0x2e ||
    code === 0x2d;
}

/** Whether what follows a part of a name is no word of a text. */
function mayHaveValue(text: string, end: number): boolean {
  const next = codeAt(text, nameEnd(text, end));
  return next === GREATER || BEFORE_VALUE.has(next);
}

/** Longer names are digits that encode something. */
const MAX_NAME_REST = 256;

function nameEnd(text: string, from: number): number {
  let end = from;
  while (end < from + MAX_NAME_REST && isNamePart(codeAt(text, end))) end++;
  return end;
}

function valueStart(
  text: string,
  end: number,
  at: number,
): number | undefined {
  const after = nameEnd(text, end);
  if (codeAt(text, after) === GREATER) {
    return isElement(text, at, end) ? after + 1 : undefined;
  }
  ASSIGNMENT.lastIndex = end;
  if (ASSIGNMENT.test(text)) return ASSIGNMENT.lastIndex;
  FLAG.lastIndex = end;
  if (!FLAG.test(text)) return undefined;
  const before = text.slice(Math.max(0, at - MAX_NAME), at);
  return FLAG_BEFORE.test(before) ? FLAG.lastIndex : undefined;
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

function valueAt(text: string, at: number): Place | undefined {
  DOUBLED.lastIndex = at;
  if (DOUBLED.test(text)) {
    const end = DOUBLED.lastIndex - 2;
    return { start: at + 2, end, isQuoted: true };
  }
  OPENING.lastIndex = at;
  if (OPENING.test(text)) {
    const start = OPENING.lastIndex;
    const end = text.indexOf(text.slice(at, start), start);
    if (end >= 0) {
      return end - start > MAX_QUOTED
        ? undefined
        : { start, end, isQuoted: true };
    }
    // The text was truncated inside it.
    UNQUOTED.lastIndex = start;
    return UNQUOTED.test(text)
      ? { start, end: UNQUOTED.lastIndex, isQuoted: true }
      : undefined;
  }
  UNQUOTED.lastIndex = at;
  if (!UNQUOTED.test(text)) return undefined;
  const end = UNQUOTED.lastIndex;
  const pair = PAIR.exec(text.slice(at, end));
  const start = pair === null ? at : at + pair[0].length;
  return { start, end, isQuoted: false };
}

/** The name of a pair inside a value, as in a cookie. */
const PAIR = /^[\w.-]{1,64}=(?!=|$)/;

const WORD_BEFORE = /[\w.-]*$/;
const WORD_AFTER = /^[\w.-]*/;

/** The complete name that a sensitive part of it belongs to. */
function nameAround(text: string, at: number, length: number): string {
  const before = WORD_BEFORE.exec(text.slice(Math.max(0, at - MAX_NAME), at));
  const after = WORD_AFTER.exec(text.slice(at, at + length + MAX_NAME));
  return `${before?.[0] ?? ""}${after?.[0] ?? ""}`;
}

function kindOf(name: string): string {
  if (/passw|passphrase|pwd/i.test(name)) return "password";
  if (/authorization|cookie|credential/i.test(name)) return "authorization";
  return "named-secret";
}

/** A value that cannot be an ordinary word is replaced wherever it occurs. */
function reachOf(value: string): Reach {
  const classes = Number(/[a-z]/.test(value)) + Number(/[A-Z]/.test(value)) +
    Number(/\d/.test(value)) + Number(/[^A-Za-z0-9]/.test(value));
  if (value.length >= 10 && classes >= 2) return "everywhere";
  return value.length >= 6 && /\d/.test(value) && classes >= 2
    ? "words"
    : "here";
}

const MIN_RANDOM = 20;

/**
 * Whether what begins as a path is none: digits of base64, in which letters of both cases and figures
 * alternate more than in names of folders.
 */
function isRandomPath(value: string): boolean {
  if (value.length < MIN_RANDOM || !/^\/[A-Za-z0-9+/]+={0,2}$/.test(value)) {
    return false;
  }
  const changes =
    value.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|\d(?=[A-Za-z])/g)
      ?.length ??
      0;
  return changes * 5 >= value.length * 2;
}

/** What represents a value: variables, templates, examples, types. */
const EXAMPLE =
  /^(?:[$%<{(@]|\*+$|x+$|\.{3}|(?:your|my|some|the)[-_]|(?:true|false|null|none|nil|undefined|string|number|boolean|object|any|required|optional|changeme|example|redacted|placeholder|hidden|masked|default|unknown)\b)|\$\{|\{\{|process\.env|os\.environ|getenv|import\.meta/i;
/** Names of code, with dots between them; words; places; calls; versions; media types. */
const CODE =
  /^(?:[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)+|[A-Za-z]+(?:[._-][A-Za-z]+)*|(?:https?|file):.*|(?:\.{0,2}|~)\/.*|\d+(?:\.\d+)*|[~^<>=v]{0,2}\d+(?:\.(?:\d+|[x*]))+(?:[-+][0-9A-Za-z.+-]{1,40})?|[a-z]+\/[a-z0-9.+-]+)$/;
/** A pair whose value is elsewhere, or was replaced. */
const NAME_ONLY = /^[A-Za-z_.-]+=$/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Whether a value looks random enough to be a secret. */
function isSecretValue(
  value: string,
  isPassword: boolean,
  isQuoted: boolean,
): boolean {
  const { length } = value;
  if (length < 6 || length > MAX_QUOTED || /\s/.test(value)) return false;
  if (withoutPlaceholders(value).length < 4) return false;
  if (EXAMPLE.test(value)) return false;
  if (CODE.test(value) && !isRandomPath(value)) return false;
  if (NAME_ONLY.test(value)) return false;
  if (!/\d/.test(value) && (!isQuoted || !/[^A-Za-z0-9._-]/.test(value))) {
    return isMixed(value) && length >= 16;
  }
  if (!/[A-Za-z]/.test(value)) return isPassword && isQuoted;
  const entropy = entropyOf(value);
  if (isPassword) {
    if (isQuoted) return entropy >= 2;
    return entropy >= 2.5 && (!IDENTIFIER.test(value) || digitsOf(value) >= 1);
  }
  if (length < 12) return false;
  if (!isQuoted && IDENTIFIER.test(value)) {
    return length >= 16 && digitsOf(value) >= 3 && entropy >= 3 ||
      length >= 32 && entropy >= 4.4;
  }
  return entropy >= 3;
}

/** Whether letters of both cases alternate more than in a name of code. */
function isMixed(value: string): boolean {
  const changes = value.match(/[a-z][A-Z]/g)?.length ?? 0;
  return changes * 4 >= value.length;
}

function digitsOf(value: string): number {
  return value.match(/\d/g)?.length ?? 0;
}

/** Bits a character, by the frequencies of the characters. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

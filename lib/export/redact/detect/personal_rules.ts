/**
 * The detectors of what identifies a person or a machine.
 *
 * @module
 */

import type { Literal } from "./literal_set.ts";
import { withoutPlaceholders } from "../placeholder.ts";
import { codeAt } from "./code_at.ts";
import { isAlphanumeric, type Reach, type Report } from "../finding.ts";
import type { Look } from "./tokens.ts";
import { isOrdinaryName } from "./ordinary_names.ts";

/** One kind of personal data. */
export interface PersonalRule {
  /** The kind of its findings. */
  readonly kind: string;
  /** Characters that every match has; upper and lower case are the same. */
  readonly anchors: readonly string[];
  /** Characters before and after an anchor that are searched: more than a match has. */
  readonly window: readonly [before: number, after: number];
  /** Whether an anchor can be part of a match: a test that is cheaper than the pattern. */
  mayMatch?(text: string, at: number): boolean;
  /** What is found; the first group is the value, where there is one. */
  readonly pattern: RegExp;
  /** How far a value is replaced; `undefined` where it is none. */
  reach(value: string, text: string, start: number): Reach | undefined;
}

const DIGITS = [..."0123456789"];
const HEX_DIGITS = [...DIGITS, ..."abcdef"];
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

const everywhere = (): Reach => "everywhere";

/** A name that is no ordinary word is replaced as a word; others where they are found. */
function reachOfName(name: string): Reach | undefined {
  if (withoutPlaceholders(name) === "") return undefined;
  if (isOrdinaryName(name)) return undefined;
  return name.length >= 3 ? "words" : "here";
}

/** The kinds of personal data, those of longer values first. */
export const PERSONAL_RULES: readonly PersonalRule[] = [
  {
    kind: "git-remote",
    anchors: ["git@", ".git", "git://"],
    window: [700, 340],
    pattern:
      /(?<![\w.@/-])(?:(?:git\+)?ssh:\/\/)?git@[\w.-]{1,100}(?::\d{1,5})?[:/][\w./~-]{1,200}|(?<![\w.])(?:git\+)?(?:https?|git|ssh):\/\/(?:[^\s"'`/@]{1,256}@)?[\w.-]{1,100}(?::\d{1,5})?\/[\w./~-]{1,200}?\.git(?![\w-])/dg,
    reach: everywhere,
  },
  {
    kind: "email",
    anchors: [...DIGITS, ...LETTERS].map((each) => `@${each}`),
    window: [72, 580],
    mayMatch: (text, at) => isNamePart(codeAt(text, at - 1)),
    pattern:
      /(?:(?<![\w.%+@-])|(?<=(?<![\w.%+@-])(?:[+-]|_{1,3})))([A-Za-z0-9](?:[\w.%+-]{0,62}[A-Za-z0-9])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24})(?![A-Za-z0-9-]|_\w)/dg,
    reach: (value) => /^git@/.test(value) ? undefined : "everywhere",
  },
  {
    kind: "user-name",
    anchors: ["/home/", "/users/", "\\users\\"],
    window: [12, 90],
    pattern:
      // deno-lint-ignore no-control-regex
      /(?:\/home\/|\/Users\/|\\Users\\{1,8}|\/var\/home\/)([^/\\\s\0\x1c-\x1f"'`:;,<>|()[\]{}*?$&%#=!@]{0,63}[^/\\\s\0\x1c-\x1f"'`:;,<>|()[\]{}*?$&%#=!@.])/dg,
    reach: reachOfName,
  },
  {
    kind: "user-name",
    anchors: ["user=", "logname=", "username=", "author_name="],
    window: [16, 64],
    pattern:
      /(?<![A-Z])(?:USER|LOGNAME|USERNAME|SUDO_USER|GIT_AUTHOR_NAME)=["']?([A-Za-z_][\w.-]{1,40})/dg,
    reach: reachOfName,
  },
  {
    kind: "user-name",
    anchors: [":~", ":/"],
    window: [110, 8],
    mayMatch: (text, at) => !text.startsWith("//", at + 1),
    pattern:
      /(?:(?<![\w.%+/@-])|(?<=(?:^|\n)[+-]))([a-z_][\w.-]{0,31})@[A-Za-z0-9][A-Za-z0-9.-]{1,62}:(?=[~/])/dg,
    reach: (value) => value === "git" ? undefined : reachOfName(value),
  },
  {
    kind: "host-name",
    anchors: [":~", ":/"],
    window: [110, 8],
    mayMatch: (text, at) => !text.startsWith("//", at + 1),
    pattern:
      /(?:(?<![\w.%+/@-])|(?<=(?:^|\n)[+-]))[a-z_][\w.-]{0,31}@([A-Za-z0-9][A-Za-z0-9.-]{1,62}):(?=[~/])/dg,
    reach: reachOfName,
  },
  {
    kind: "host-name",
    anchors: ["host=", "hostname=", "computername="],
    window: [16, 110],
    pattern:
      /(?<![A-Z])(?:HOST|HOSTNAME|COMPUTERNAME)=["']?([A-Za-z0-9][A-Za-z0-9.-]{2,80})/dg,
    reach: reachOfName,
  },
  {
    kind: "host-name",
    anchors: [
      ".internal",
      ".local",
      ".lan",
      ".corp",
      ".intranet",
    ],
    window: [400, 20],
    pattern:
      /(?<![\w./@-])((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}(?:internal|local|lan|corp|intranet|localdomain))(?![\w-]|\.\w)/dg,
    // Names of code end like this as well, and have neither digits nor hyphens.
    reach: (value) => /[\d-]/.test(value) ? "everywhere" : undefined,
  },
  {
    kind: "ip-address",
    anchors: DIGITS.map((each) => `${each}.`),
    window: [20, 20],
    mayMatch: isAddress,
    pattern:
      /(?<![\w.-])((?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3})(?![\w-]|\.\d)/dg,
    reach: (value, text, start) =>
      isOrdinaryAddress(value) || isVersion(text, start) ? undefined : "words",
  },
  {
    kind: "ip-address",
    anchors: HEX_DIGITS.map((each) => `${each}:`),
    window: [48, 48],
    mayMatch: isIpv6Start,
    pattern:
      /(?<![\w:.-])([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:])/dg,
    reach: (value) => isIpv6(value) ? "words" : undefined,
  },
  {
    kind: "mac-address",
    anchors: HEX_DIGITS.flatMap((each) => [`${each}:`, `${each}-`]),
    window: [20, 20],
    mayMatch: isMacAddress,
    pattern:
      /(?<![\w:-])([0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5}))(?![\w:-])/dg,
    reach: (value) => /^[0:-]+$|^[fF:-]+$/.test(value) ? undefined : "words",
  },
];

/** The anchors of the rules, and what searches around them. */
export function personalLiterals(): Literal<Look>[] {
  return PERSONAL_RULES.flatMap((rule) => {
    const value: Look = (text, _literal, at, report) => {
      searchAround(rule, text, at, report);
      return undefined;
    };
    const { mayMatch } = rule;
    return rule.anchors.map((text) => ({
      text,
      ignoresCase: true,
      ...mayMatch && { mayMatch },
      value,
    }));
  });
}

const DOT = 0x2e;
const COLON = 0x3a;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

/** Whether a character may end the name before an at sign. */
function isNamePart(code: number): boolean {
  return isAlphanumeric(code) || NAME_PUNCTUATION.includes(code);
}

const NAME_PUNCTUATION: readonly number[] = Array.from(
  "_%+-",
  (char) => codeAt(char, 0),
);

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || code >= 65 && code <= 70 || code >= 97 && code <= 102;
}

/** Whether a character is part of a word, and no number begins after it. */
function joinsNumber(code: number): boolean {
  return isAlphanumeric(code) || code === UNDERSCORE || code === HYPHEN;
}

/**
 * Whether the first or the second of four numbers ends at an offset: the first alone would not do,
 * since a token before an address may have taken it.
 */
function isAddress(text: string, at: number): boolean {
  const start = startOfNumber(text, at);
  return isFirstNumber(text, start, at) || codeAt(text, start - 1) === DOT &&
      isDigit(codeAt(text, start - 2)) &&
      isFirstNumber(text, startOfNumber(text, start - 2), start - 2);
}

function startOfNumber(text: string, at: number): number {
  let start = at;
  while (start > at - 3 && isDigit(codeAt(text, start - 1))) start--;
  return start;
}

function isFirstNumber(text: string, start: number, at: number): boolean {
  const before = codeAt(text, start - 1);
  if (joinsNumber(before) || before === DOT) return false;
  let end = at + 1;
  for (let dots = 0; dots < 3; dots++) {
    if (codeAt(text, end) !== DOT) return false;
    const number = ++end;
    while (end < number + 3 && isDigit(codeAt(text, end))) end++;
    if (end === number) return false;
  }
  return true;
}

/** The longest address: eight groups of four digits. */
const MAX_IPV6 = 39;
const GROUPS = 8;

/**
 * Whether the first or the second group of digits before a colon ends at an offset, and what they
 * are in has colons as an address does: no time has, and no word.
 */
function isIpv6Start(text: string, at: number): boolean {
  let start = at;
  while (start > at - MAX_IPV6 && isIpv6Part(codeAt(text, start - 1))) start--;
  const before = codeAt(text, start - 1);
  if (joinsNumber(before) || before === DOT) return false;
  let groups = 0;
  for (let earlier = start; earlier < at; earlier++) {
    const isColon = codeAt(text, earlier + 1) === COLON;
    if (isColon && codeAt(text, earlier) !== COLON) groups++;
    if (groups > 1) return false;
  }
  let colons = 0;
  let hasGap = false;
  for (let end = start; isIpv6Part(codeAt(text, end)); end++) {
    if (end - start > MAX_IPV6) return false;
    if (codeAt(text, end) !== COLON) continue;
    colons++;
    hasGap ||= codeAt(text, end + 1) === COLON;
  }
  return hasGap || colons === GROUPS - 1;
}

function isIpv6Part(code: number): boolean {
  return code === COLON || isHexDigit(code);
}

/** Whether the first or the second of six pairs of digits ends at an offset. */
function isMacAddress(text: string, at: number): boolean {
  return isFirstPair(text, at) || isFirstPair(text, at - 3);
}

function isFirstPair(text: string, at: number): boolean {
  const before = codeAt(text, at - 2);
  if (joinsNumber(before) || before === COLON) return false;
  for (let pair = at - 1; pair <= at - 1 + 5 * 3; pair += 3) {
    const isPair = isHexDigit(codeAt(text, pair)) &&
      isHexDigit(codeAt(text, pair + 1));
    if (!isPair) return false;
  }
  return true;
}

function searchAround(
  rule: PersonalRule,
  text: string,
  at: number,
  report: Report,
): void {
  const { kind, window: [before, after], pattern, reach } = rule;
  const from = Math.max(0, at - before);
  for (const match of text.slice(from, at + after).matchAll(pattern)) {
    // It may be the rest of something that is longer.
    if (match.index === 0 && from > 0) continue;
    const [first = 0, last = 0] = match.indices?.[1] ?? match.indices?.[0] ??
      [];
    // What the pattern has before the value is no escape: `\Users\nora`.
    const start = first > match.index
      ? from + first
      : afterEscape(text, from + first);
    const end = from + last;
    if (end === at + after && end < text.length) continue;
    const found = reach(text.slice(start, end), text, start);
    if (found === undefined) continue;
    report({ start, end, kind, level: "personal", reach: found });
  }
}

/** The start of a match without the letter of an escape before it: `\njane@…`. */
function afterEscape(text: string, start: number): number {
  return text[start - 1] === "\\" && /[nrtbfv]/.test(text.charAt(start))
    ? start + 1
    : start;
}

/** Keys of JSON whose value is a name of a user or of a host. */
const NAMED: readonly (readonly [kind: string, key: RegExp])[] = [
  ["user-name", /^(?:user_?name|login|log_?name|os_?user|sudo_?user)$/i],
  ["host-name", /^(?:host_?name|computer_?name|machine_?name|node_?name)$/i],
];

/** Reports the value of a key that names a user or a host. */
export function reportNamed(
  key: string,
  text: string,
  report: Report,
): void {
  if (text.length === 0 || text.length > 80 || /[\s/]/.test(text)) return;
  for (const [kind, pattern] of NAMED) {
    if (!pattern.test(key)) continue;
    const reach = reachOfName(text);
    if (reach === undefined) continue;
    report({ start: 0, end: text.length, kind, level: "personal", reach });
  }
}

/** Addresses that every machine has. */
function isOrdinaryAddress(value: string): boolean {
  return value.startsWith("127.") || value === "0.0.0.0" ||
    value === "255.255.255.255" || value.startsWith("255.255.");
}

function isVersion(text: string, start: number): boolean {
  return /(?:version|[vV=~^<>])["':\s]{0,4}$/.test(
    text.slice(Math.max(0, start - 14), start),
  ) && !/(?:host|addr|ip|HOST|ADDR|IP)[\w]{0,8}=$/.test(
    text.slice(Math.max(0, start - 20), start),
  );
}

/** Whether a row of hexadecimal groups is an address of a network: not a time, not a path of code. */
function isIpv6(value: string): boolean {
  const groups = value.split(":");
  const filled = groups.filter((group) => group !== "").length;
  const isShort = value.includes("::");
  if (value.indexOf("::") !== value.lastIndexOf("::")) return false;
  if (isShort ? filled < 2 || filled > 7 : groups.length !== 8) return false;
  if (!isShort) return true;
  return /^(?:[23][0-9a-f]{3}|f[cde][0-9a-f]{2})$/i.test(groups[0] ?? "");
}

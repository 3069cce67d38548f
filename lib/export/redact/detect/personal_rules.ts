/**
 * The detectors of what identifies a person or a machine.
 *
 * @module
 */

import { withoutPlaceholders } from "../placeholder.ts";
import type { Reach, Report } from "../finding.ts";
import { isOrdinaryName } from "./ordinary_names.ts";

/** One kind of personal data. */
export interface PersonalRule {
  /** The kind of its findings. */
  readonly kind: string;
  /** What every text with a match has: a test that is cheaper than the pattern. */
  mayOccurIn(text: string): boolean;
  /** What is found; the first group is the value, where there is one. */
  readonly pattern: RegExp;
  /** How far a value is replaced; `undefined` where it is none. */
  reach(value: string, text: string, start: number): Reach | undefined;
}

const has = (...parts: readonly string[]) => (text: string) =>
  parts.some((part) => text.includes(part));

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
    mayOccurIn: has("git@", ".git", "git://"),
    pattern:
      /(?<![\w.@/-])(?:(?:git\+)?ssh:\/\/)?git@[\w.-]{1,100}(?::\d{1,5})?[:/][\w./~-]{1,200}|(?<![\w.])(?:git\+)?(?:https?|git|ssh):\/\/(?:[^\s"'`/@]{1,256}@)?[\w.-]{1,100}(?::\d{1,5})?\/[\w./~-]{1,200}?\.git(?![\w-])/dg,
    reach: everywhere,
  },
  {
    kind: "email",
    mayOccurIn: has("@"),
    pattern:
      /(?<![\w.%+@-])([A-Za-z0-9](?:[\w.%+-]{0,62}[A-Za-z0-9])?@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24})(?![\w-])/dg,
    reach: (value) => /^git@/.test(value) ? undefined : "everywhere",
  },
  {
    kind: "user-name",
    mayOccurIn: has("/home/", "/Users/", "\\Users\\", "/export/home/"),
    pattern:
      /(?:\/home\/|\/Users\/|\\Users\\{1,8}|\/var\/home\/)([^/\\\s"'`:;,<>|()[\]{}*?$&%#=!@]{0,63}[^/\\\s"'`:;,<>|()[\]{}*?$&%#=!@.])/dg,
    reach: reachOfName,
  },
  {
    kind: "user-name",
    mayOccurIn: has("USER", "LOGNAME", "user=", "~"),
    pattern:
      /(?<![A-Z])(?:USER|LOGNAME|USERNAME|SUDO_USER|GIT_AUTHOR_NAME)=["']?([A-Za-z_][\w.-]{1,40})/dg,
    reach: reachOfName,
  },
  {
    kind: "user-name",
    mayOccurIn: has(":~", ":/"),
    pattern:
      /(?<![\w.%+/@-])([a-z_][\w.-]{0,31})@[A-Za-z0-9][A-Za-z0-9.-]{1,62}:(?=[~/])/dg,
    reach: (value) => value === "git" ? undefined : reachOfName(value),
  },
  {
    kind: "host-name",
    mayOccurIn: has(":~", ":/"),
    pattern:
      /(?<![\w.%+/@-])[a-z_][\w.-]{0,31}@([A-Za-z0-9][A-Za-z0-9.-]{1,62}):(?=[~/])/dg,
    reach: reachOfName,
  },
  {
    kind: "host-name",
    mayOccurIn: has("HOST", "hostname"),
    pattern:
      /(?<![A-Z])(?:HOST|HOSTNAME|COMPUTERNAME)=["']?([A-Za-z0-9][A-Za-z0-9.-]{2,80})/dg,
    reach: reachOfName,
  },
  {
    kind: "host-name",
    mayOccurIn: has(
      ".internal",
      ".local",
      ".lan",
      ".corp",
      ".intranet",
      ".localdomain",
    ),
    pattern:
      /(?<![\w./@-])((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}(?:internal|local|lan|corp|intranet|localdomain))(?![\w-]|\.\w)/dg,
    // Names of code end like this as well, and have neither digits nor hyphens.
    reach: (value) => /[\d-]/.test(value) ? "everywhere" : undefined,
  },
  {
    kind: "ip-address",
    mayOccurIn: (text) => /\d\.\d{1,3}\.\d/.test(text),
    pattern:
      /(?<![\w.-])((?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3})(?![\w-]|\.\d)/dg,
    reach: (value, text, start) =>
      isOrdinaryAddress(value) || isVersion(text, start) ? undefined : "words",
  },
  {
    kind: "ip-address",
    mayOccurIn: (text) => /[0-9a-f]{1,4}:[0-9a-f]{0,4}:/i.test(text),
    pattern:
      /(?<![\w:.-])([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:])/dg,
    reach: (value) => isIpv6(value) ? "words" : undefined,
  },
  {
    kind: "mac-address",
    mayOccurIn: (text) => /[0-9a-f]{2}[:-][0-9a-f]{2}[:-]/i.test(text),
    pattern:
      /(?<![\w:-])([0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5}))(?![\w:-])/dg,
    reach: (value) => /^[0:-]+$|^[fF:-]+$/.test(value) ? undefined : "words",
  },
];

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

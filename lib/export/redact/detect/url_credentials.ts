/**
 * The detector of credentials in URLs: `scheme://user:password@host`, `scheme://token@host`.
 *
 * @module
 */

import { codeAt } from "./code_at.ts";
import type { Literal } from "./literal_set.ts";
import { withoutPlaceholders } from "../placeholder.ts";
import type { Report } from "../finding.ts";
import type { Look } from "./tokens.ts";

/** How the authority of a URL begins, and what looks for credentials in it. */
export function urlLiterals(): Literal<Look>[] {
  return [{
    text: "://",
    ignoresCase: false,
    mayMatch: hasAtSign,
    value: credentialsAt,
  }];
}

/** What neither a user nor a password has. */
const ENDS_AUTHORITY = new Set(
  Array.from(" \t\r\n\"'`<>/?#", (char) => codeAt(char, 0)),
);
const AT_SIGN = 0x40;
/** More than the characters of the longest user and password. */
const MAX_USER_INFO = 800;

/** Whether an at sign is in the authority of a URL: few have one. */
function hasAtSign(text: string, at: number): boolean {
  const end = Math.min(text.length, at + MAX_USER_INFO);
  for (let next = at + "://".length; next < end; next++) {
    const code = codeAt(text, next);
    if (code === AT_SIGN) return true;
    if (ENDS_AUTHORITY.has(code)) return false;
  }
  return false;
}

const USER_INFO = /([^\s"'`<>/@:?#\\]{0,256})(?::([^\s"'`<>/@?#]{0,512}))?@/y;
/** What represents a password. */
const EXAMPLE = /^(?:[$%<{*]|x+$|pass(?:word)?$|pwd$|secret$|\.{3})/i;
const MIN_TOKEN = 12;
/** The password of a token that is given as the user. */
const NO_PASSWORD = /^(?:x-oauth-basic|x-token-auth|)$/;

function credentialsAt(
  text: string,
  literal: string,
  at: number,
  report: Report,
): number | undefined {
  const start = at + literal.length;
  USER_INFO.lastIndex = start;
  const match = USER_INFO.exec(text);
  if (match === null) return undefined;
  const [, user = "", password = ""] = match;
  const end = USER_INFO.lastIndex - 1;
  if (NO_PASSWORD.test(password)) {
    const isToken = user.length >= MIN_TOKEN && /\d/.test(user);
    if (!isToken || withoutPlaceholders(user).length < MIN_TOKEN) return;
    report({
      start,
      end: start + user.length,
      kind: "url-credentials",
      level: "secret",
      reach: "everywhere",
    });
    return end;
  }
  if (EXAMPLE.test(password)) return undefined;
  const passwordStart = start + user.length + 1;
  if (withoutPlaceholders(text.slice(start, end)).replace(":", "") === "") {
    return undefined;
  }
  const isRare = password.length >= 8 && /[^a-z]/.test(password);
  report({
    start: passwordStart,
    end,
    kind: "url-credentials",
    level: "secret",
    reach: isRare ? "everywhere" : "here",
  });
  if (user === "") return end;
  report({
    start,
    end: passwordStart - 1,
    kind: "url-user",
    level: "secret",
    reach: "here",
  });
  return end;
}

/**
 * The detector of credentials in URLs: `scheme://user:password@host`, `scheme://token@host`.
 *
 * @module
 */

import type { Literal } from "./literal_set.ts";
import { withoutPlaceholders } from "../placeholder.ts";
import type { Report } from "../finding.ts";
import type { Look } from "./tokens.ts";

/** How the authority of a URL begins, and what looks for credentials in it. */
export function urlLiterals(): Literal<Look>[] {
  return [{ text: "://", ignoresCase: false, value: credentialsAt }];
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

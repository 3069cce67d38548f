/**
 * The detector of private keys in PEM, also of one whose end was truncated.
 *
 * @module
 */

import type { Literal } from "./literal_set.ts";
import { withoutPlaceholders } from "../placeholder.ts";
import type { Report } from "../finding.ts";
import type { Look } from "./tokens.ts";

/** How a key begins, and what looks for its end. */
export function privateKeyLiterals(): Literal<Look>[] {
  return [
    { text: "-----BEGIN ", ignoresCase: false, value: keyAt },
    { text: "---- BEGIN ", ignoresCase: false, value: keyAt },
    { text: "PuTTY-User-Key-File-", ignoresCase: false, value: puttyKeyAt },
  ];
}

const HEADER = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/y;
const FOOTER = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/y;
/**
 * Lines of a key: base64, headers, line ends in any spelling; and what is at both ends of a line in
 * comments, frames, listings, and in code that joins strings.
 */
const BODY =
  /(?:[A-Za-z0-9+/=:,. \t\r\n>-]|\\+[rn]|%0[AaDd]|%[23][0-9BbDdFf]|[#*;|│$"'`](?=[ \t]{0,80}[+.,;#*|│"'`]{0,8}[ \t]{0,80}(?:\r?\n|\\{1,8}[rn]))|(?<=(?:[\r\n]|\\[rn])[ \t+-]{0,40})[#*;|│"'`])*/y;
/** A line of one with something before it. */
const FRAMED = /^(?:\s|\\{1,8}[rn]){0,80}[#*;|│$"'`]/;
const LINE = /[A-Za-z0-9+/=]{20}/;
const MAX_FRAME = 200;
const MAX_KEY = 64 * 1024;
const MIN_BODY = 16;
/** Characters before the body that decide how a line begins: there are more in the header. */
const LINE_BEFORE = 8;

function keyAt(
  text: string,
  _literal: string,
  at: number,
  report: Report,
): number | undefined {
  HEADER.lastIndex = at;
  if (!HEADER.test(text)) return undefined;
  const body = HEADER.lastIndex;
  if (isString(text.slice(body, body + MAX_FRAME))) return undefined;
  const end = endOf(text, body);
  const lines = withoutPlaceholders(text.slice(body, end));
  if (lines.length < MIN_BODY || isString(lines)) return undefined;
  return reported(at, end, report);
}

/** Whether a header is the string of code that has it beside others, by what follows. */
function isString(lines: string): boolean {
  return !lines.includes("[") && FRAMED.test(lines) &&
    !LINE.test(lines.slice(0, MAX_FRAME));
}

/** The end of the footer; where there is none, that of what looks like lines of a key. */
function endOf(text: string, body: number): number {
  const max = Math.min(text.length, body + MAX_KEY);
  // Of a longer text, the expression would take all of the stack.
  BODY.lastIndex = LINE_BEFORE;
  BODY.test(text.slice(body - LINE_BEFORE, max));
  const bodyEnd = body - LINE_BEFORE + BODY.lastIndex;
  // The dashes of the footer may be part of what looks like a body.
  const footer = text.slice(body, Math.min(bodyEnd + 64, max)).search(
    /-{4,5} ?END /,
  );
  if (footer < 0) return bodyEnd;
  FOOTER.lastIndex = body + footer;
  return FOOTER.test(text) ? FOOTER.lastIndex : bodyEnd;
}

const PUTTY =
  /PuTTY-User-Key-File-\d:[^]{1,8192}?Private-(?:MAC|Hash): ?[0-9a-f]{40,64}/y;

function puttyKeyAt(
  text: string,
  _literal: string,
  at: number,
  report: Report,
): number | undefined {
  PUTTY.lastIndex = at;
  if (!PUTTY.test(text)) return undefined;
  return reported(at, PUTTY.lastIndex, report);
}

function reported(start: number, end: number, report: Report): number {
  report({
    start,
    end,
    kind: "private-key",
    level: "secret",
    reach: "everywhere",
  });
  return end;
}

/**
 * Other ways in which text has characters of ASCII: escapes of code, entities of HTML, and what is
 * not visible between them, such as codes of a terminal.
 *
 * @module
 */

import type { Literal } from "../detect/literal_set.ts";

/** How a text may be read. */
interface Reading {
  /** Without one of these there is nothing to read: most texts have none. */
  readonly markers: readonly string[] | RegExp;
  readonly pattern: RegExp;
  /** What a match is; `undefined` where it stays. */
  read(first?: string, second?: string): string | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A printable character, unless it would end the string that it is in. */
function character(code: number): string | undefined {
  const isText = code >= 0x20 && code < 0x7f;
  return isText && code !== QUOTE && code !== BACKSLASH
    ? String.fromCharCode(code)
    : undefined;
}

const nothing = () => "";

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  apos: "'",
  quot: '"',
};

/** Characters that are not visible: between others they change no text that a person reads. */
const INVISIBLE =
  // deno-lint-ignore no-control-regex
  /[\0\x08\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/;

/** A text that can be read in another way has one of these characters. All beyond ASCII are one. */
export const MARKERS = "\\%&\0\b\x1b\ufeff";

const MARKER_TEXTS: readonly string[] = ["=\n", "=\r\n", "=3D", "^[["];

/** Or one of these texts. */
export function markerLiterals(): Literal<unknown>[] {
  return MARKER_TEXTS.map((text) => ({
    text,
    ignoresCase: false,
    value: null,
  }));
}

const READINGS: readonly Reading[] = [
  {
    markers: ["\\u", "\\U00", "\\x", "\\0", "\\1", "%u00"],
    pattern:
      /(?:\\+(?:u00|U0{6}|x)|%u00)(?!22|5[cC])([2-7][0-9a-fA-F])|\\+u\{0{0,4}(?!22|5[cC])([2-7][0-9a-fA-F])\}/g,
    read: (hex, other) => character(parseInt(hex ?? other ?? "", 16)),
  },
  {
    markers: ["\\0", "\\1"],
    pattern: /\\+(?!042|134)([01][0-7]{2})/g,
    read: (octal = "") => character(parseInt(octal, 8)),
  },
  {
    markers: ["&#"],
    pattern: /&#(?:[xX]0{0,6}([0-9a-fA-F]{2})|0{0,6}(\d{2,3}));/g,
    read: (hex, decimal) =>
      character(hex ? parseInt(hex, 16) : Number(decimal)),
  },
  {
    // The codes of ECMA-48; what introduces them may be escaped, or printed as `cat -v` does.
    markers: ["\x1b", "\x9b", "1b[", "1B[", "33[", "\\e[", "^["],
    pattern:
      // deno-lint-ignore no-control-regex
      /(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,4}[@-~]|(?:\x1b|\\+u001[bB])\][^\x07\x1b]{0,2048}?(?:\x07|\x1b\\|\\+u0007|\\+u001[bB]\\+)|\x1b[ -/]{1,3}[0-~]|\x1b[0-Z\\-~]|(?:\\+(?:u001[bB]|x1[bB]|033|e)|\^\[)\[[0-9;:?]{0,32}[A-Za-z]/g,
    read: nothing,
  },
  {
    markers: INVISIBLE,
    // A character that is printed over another one, and what is not printed.
    pattern: new RegExp(`[^\\n]\\x08|${INVISIBLE.source}`, "g"),
    read: nothing,
  },
  {
    // Text in UTF-16 that was printed as bytes.
    markers: ["\\u0000", "\\x00"],
    pattern: /\\+(?:u00|x)00/g,
    read: nothing,
  },
  {
    // A line that continues: in a shell, and in a mail.
    markers: ["\\\n", "\\\r\n", "=\n", "=\r\n"],
    pattern: /[\\=]\r?\n/g,
    read: nothing,
  },
  {
    // The characters of a mail.
    markers: ["=3D", "=5F", "=2E"],
    pattern: /=([2-7][0-9A-F])/g,
    read: (hex = "") => character(parseInt(hex, 16)),
  },
  // After the others: quotes and line ends change the structure of what they are in.
  {
    markers: ["22", "27", "0a", "0A", "0d", "0D", "042", "012", "015"],
    pattern: /(?:\\+(?:u00|x)|%u00)(2[27]|0[aAdD9])|\\+(042|012|015)(?![0-7])/g,
    read: (hex, octal = "") =>
      String.fromCharCode(hex ? parseInt(hex, 16) : parseInt(octal, 8)),
  },
  {
    markers: ["&amp;", "&lt;", "&gt;", "&apos;", "&quot;", "&#"],
    pattern:
      /&(?:(amp|lt|gt|apos|quot)|#(0{0,4}(?:34|10|13)|[xX]0{0,6}(?:22|[aAdD])));/g,
    read: (name, code = "") =>
      NAMED[name ?? ""] ??
        String.fromCharCode(Number(code.replace(/^x/i, "0x"))),
  },
];

/** Whether a text can be read in another way: most cannot. */
export function mayHaveEscapes(text: string): boolean {
  return text.includes("\\") || text.includes("&") || text.includes("%u00") ||
    MARKER_TEXTS.some((each) => text.includes(each)) ||
    text.includes("\x1b") || text.includes("\x9b") || INVISIBLE.test(text);
}

/** Yields what a text is without its escapes of one kind; nothing where it has none. */
export function* withoutEscapes(text: string): Generator<string> {
  for (const { markers, pattern, read } of READINGS) {
    if (!hasMarker(text, markers)) continue;
    const plain = text.replace(
      pattern,
      (match, first, second) => read(...groupsOf(first, second)) ?? match,
    );
    if (plain !== text) yield plain;
  }
}

function hasMarker(text: string, markers: Reading["markers"]): boolean {
  return markers instanceof RegExp
    ? markers.test(text)
    : markers.some((each) => text.includes(each));
}

/** The groups of a match: a pattern without any gets the offset in their place. */
function groupsOf(
  ...groups: readonly unknown[]
): (string | undefined)[] {
  return groups.map((each) => typeof each === "string" ? each : undefined);
}

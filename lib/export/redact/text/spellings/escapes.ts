/**
 * Other ways in which text has characters of ASCII: escapes of code, entities of HTML, and what is
 * not visible between them, such as codes of a terminal.
 *
 * @module
 */

import type { Literal } from "../../detect/literal_set.ts";
import { type Edit, editsBetween } from "./edits_between.ts";

/** How a text may be read. */
export interface EscapeRule {
  /** Without one of these there is nothing to read: most texts have none. */
  readonly markers: readonly string[] | RegExp | ((text: string) => boolean);
  /** Takes time that grows with the text only: no match begins inside a row of backslashes. */
  readonly pattern: RegExp;
  /** What a match is, by its groups; `undefined` where it stays. */
  readonly read: (groups: Groups) => string | undefined;
  /** Whether it removes characters between which there may be a value. */
  readonly isRemoval?: boolean;
}

/** The groups of a match: at most one of them has a text. */
type Groups = readonly (string | undefined)[];

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

/** Entities of punctuation that values have. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  colon: ":",
  commat: "@",
  dash: "-",
  equals: "=",
  hyphen: "-",
  lowbar: "_",
  period: ".",
  plus: "+",
  sol: "/",
};

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  apos: "'",
  quot: '"',
};

/**
 * Characters that are not visible: between others they change no text that a person reads. The last one
 * begins those of Unicode's tags.
 */
const INVISIBLE =
  // deno-lint-ignore no-control-regex
  /[\x01-\x08\x0b\x0c\x0e-\x1b\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\udb40]/;

/**
 * A zero of text in UTF-16 that was printed as bytes: two characters from another one. Others are
 * between texts, such as the variables of an environment.
 */
const WIDE_ZERO = String.raw`\0(?=[^\0]\0)|(?<=\0[^\0])\0`;
/** Text that may have what is not visible. */
const MAYBE_INVISIBLE = new RegExp(String.raw`\0|${INVISIBLE.source}`);

/** The first characters of a row of backslashes, of which an escape may have any number. */
const ESCAPE = String.raw`(?<!\\)\\+`;

/** After `\x`, more digits are those of many bytes. */
const NO_ROW = "(?![0-9a-fA-F]{16})";

/** The escape character, as code and `cat -v` write it. */
const ESCAPED_ESC = String
  .raw`(?:${ESCAPE}(?:u001[bB]|u\{1[bB]\}|x1[bB]|033|e)|\^\[)`;
const ESCAPED_BEL = String.raw`(?:\\+(?:u0007|x07|007|a)|\^G)`;

/** The codes of ECMA-48; what introduces them may be escaped. */
const TERMINAL_CODES = [
  String.raw`(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,4}[@-~]`,
  // Strings, such as titles and links, up to what ends them.
  String
    .raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]{0,2048}(?:\x07|\x1b\\|\x9c)`,
  String.raw`\x1b[ -/]{1,3}[0-~]|\x1b[0-Z\\-~]`,
  String.raw`${ESCAPED_ESC}\[[0-9;:?]{0,32}[A-Za-z]`,
  String
    .raw`${ESCAPED_ESC}\][^\x07\x1b\\^]{0,2048}(?:\x07|${ESCAPED_BEL}|(?:\\+(?:u001[bB]|x1[bB]|033|e)|\^\[)\\+)`,
  String.raw`${ESCAPED_ESC}[()][AB0-2]`,
].join("|");

const ZERO = "(?:u00|x)00";

/** Characters that are not visible, as escapes and entities. */
const INVISIBLE_ESCAPES = [
  String
    .raw`${ESCAPE}${ZERO}(?=[^\\]\\+${ZERO})|(?<=${ZERO}[^\\])${ESCAPE}${ZERO}`,
  String.raw`${ESCAPE}xe2\\+x80\\+x8[b-f]`,
  String
    .raw`${ESCAPE}(?:u00|x)(?:0[1-8bcefBCEF]|1[0-9abAB]|7[fF]|[89][0-9a-fA-F]|[aA][dD])`,
  String
    .raw`${ESCAPE}u(?:034[fF]|061[cC]|180[b-fB-F]|20(?:0[b-fB-F]|2[a-eA-E]|6[0-9a-fA-F])|[fF][eE](?:0[0-9a-fA-F]|[fF][fF]))`,
  String
    .raw`&(?:shy|zwn?j|ZeroWidthSpace|NoBreak|#(?:173|820[3-7]|8288|65279)|#[xX](?:[aA][dD]|200[b-fB-F]|2060|[fF][eE][fF][fF]));|<wbr ?\/?>`,
].join("|");

/** What begins the lines of a diff, a quotation, a comment or a frame. */
const LINE_MARK = String
  .raw`(?:[+-]|(?:>|#|\*|\||\/\/|│) ?|(?:[^\s:]{1,200}:)?[ \t]{0,8}L?\d{1,7}[:|→\t] ?)`;
const BASE64_DIGIT = "[A-Za-z0-9+/_-]";
const MARKED_BASE64 = `${LINE_MARK}(?=${BASE64_DIGIT}{36})`;
/** Apart, since all texts are searched: an expression for both takes ten times as long. */
const MARKED_START = new RegExp(`^${MARKED_BASE64}`);
const MARKED_LINE = new RegExp(`\\n${MARKED_BASE64}`);

function hasMarkedBase64(text: string): boolean {
  return MARKED_START.test(text) || MARKED_LINE.test(text);
}

/** A text that can be read in another way has one of these characters. All beyond ASCII are one. */
export const MARKERS = "\\%&\x7f\ufeff" +
  Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code))
    .filter((char) => MAYBE_INVISIBLE.test(char)).join("");

const MARKER_TEXTS: readonly string[] = [
  ...["=\n", "=\r\n", "^[[", "^[]", "^[(", "<wbr"],
  ...["=3D", "=3d", "=5F", "=2E", "=2D", "=2F", "=2B"],
];

/** Or one of these texts. */
export function markerLiterals(): Literal<unknown>[] {
  return MARKER_TEXTS.map((text) => ({
    text,
    ignoresCase: false,
    value: null,
  }));
}

const RULES: readonly EscapeRule[] = [
  {
    // Lines of base64. The last one may be short.
    markers: hasMarkedBase64,
    pattern: new RegExp(
      String
        .raw`(?:^|(?<=\n))${LINE_MARK}(?=${BASE64_DIGIT}{16}|${BASE64_DIGIT}{4,}={0,2}[ \t│|]{0,4}\r?(?:\n|$))`,
      "g",
    ),
    read: nothing,
  },
  {
    markers: ["\\u", "\\U00", "\\x", "%u00"],
    pattern: new RegExp(
      String
        .raw`(?:${ESCAPE}(?:u00|U0{6}|x${NO_ROW})|%u00)(?!22|5[cC])([2-7][0-9a-fA-F])|${ESCAPE}u\{0{0,4}(?!22|5[cC])([2-7][0-9a-fA-F])\}`,
      "g",
    ),
    read: ([hex, other]) => character(parseInt(hex ?? other ?? "", 16)),
  },
  {
    markers: ["\\0", "\\1"],
    pattern: new RegExp(`${ESCAPE}(?!042|134)([01][0-7]{2})`, "g"),
    read: ([octal = ""]) => character(parseInt(octal, 8)),
  },
  {
    markers: ["&"],
    pattern:
      /&(?:#(?:[xX]0{0,6}([0-9a-fA-F]{2})|0{0,6}(\d{2,3}))|(colon|commat|dash|equals|hyphen|lowbar|period|plus|sol));/g,
    read: ([hex, decimal, name]) =>
      name === undefined
        ? character(hex ? parseInt(hex, 16) : Number(decimal))
        : PUNCTUATION[name],
  },
  {
    markers:
      // deno-lint-ignore no-control-regex
      /[\x1b\x90\x98\x9b\x9d-\x9f]|(?:1[bB]|1[bB]\}|033|\\e|\^\[)[[\]()]/,
    pattern: new RegExp(TERMINAL_CODES, "g"),
    read: nothing,
  },
  {
    markers: MAYBE_INVISIBLE,
    // A character that is printed over another one, and what is not printed.
    pattern: new RegExp(
      `[^\\n]\\x08|\\udb40[\\udc00-\\udfff]|${INVISIBLE.source}|${WIDE_ZERO}`,
      "g",
    ),
    read: nothing,
    isRemoval: true,
  },
  {
    // Also text in UTF-16 that was printed as bytes.
    markers: ["\\u", "\\x", "&", "<wbr"],
    pattern: new RegExp(INVISIBLE_ESCAPES, "g"),
    read: nothing,
    isRemoval: true,
  },
  {
    // A line that continues: in a shell, and in a mail.
    markers: ["\\\n", "\\\r\n", "=\n", "=\r\n"],
    pattern: /[\\=]\r?\n/g,
    read: nothing,
    isRemoval: true,
  },
  {
    // The characters of a mail.
    markers: MARKER_TEXTS.filter((each) => /^=\d/.test(each)),
    pattern: /=(?:([2-7][0-9A-Fa-f])|[eE]2=80=8[B-Fb-f])/g,
    read: ([hex]) => hex === undefined ? "" : character(parseInt(hex, 16)),
    isRemoval: true,
  },
  // After the others: quotes, backslashes and line ends change the structure of what they are in.
  {
    markers: [
      "22",
      "27",
      "5c",
      "5C",
      "134",
      "0a",
      "0A",
      "0d",
      "0D",
      "042",
      "012",
      "015",
    ],
    pattern: new RegExp(
      String
        .raw`(?:${ESCAPE}(?:u00|U0{6}|x${NO_ROW})|%u00)(2[27]|5[cC]|0[aAdD9])|${ESCAPE}(042|134|012|015)`,
      "g",
    ),
    read: ([hex, octal = ""]) =>
      String.fromCharCode(hex ? parseInt(hex, 16) : parseInt(octal, 8)),
  },
  {
    markers: ["&amp;", "&lt;", "&gt;", "&apos;", "&quot;", "&#"],
    pattern:
      /&(?:(amp|lt|gt|apos|quot)|#(0{0,4}(?:34|92|10|13)|[xX]0{0,6}(?:22|5[cC]|[aAdD])));/g,
    read: ([name, code = ""]) =>
      NAMED[name ?? ""] ??
        String.fromCharCode(Number(code.replace(/^x/i, "0x"))),
  },
];

/** Whether a text can be read in another way: most cannot. */
export function mayHaveEscapes(text: string): boolean {
  return text.includes("\\") || text.includes("&") || text.includes("%u00") ||
    MARKER_TEXTS.some((each) => text.includes(each)) ||
    MAYBE_INVISIBLE.test(text) ||
    hasMarkedBase64(text);
}

/** A way to read texts: without their escapes of one kind. */
export class EscapeReading {
  readonly #rule: EscapeRule;

  /** Reads texts by a rule. */
  constructor(rule: EscapeRule) {
    this.#rule = rule;
  }

  /** Whether it removes characters between which there may be a value. */
  get isRemoval(): boolean {
    return this.#rule.isRemoval === true;
  }

  /** Returns what a text is read as; the text itself where it has no such escapes. */
  read(text: string): string {
    const { markers, pattern, read } = this.#rule;
    if (!hasMarker(text, markers)) return text;
    return text.replace(
      pattern,
      (match, ...groups) => read(groups) ?? match,
    );
  }

  /**
   * Returns the text that is read as `changed`, with the escapes of `text` where nothing is changed;
   * `changed` itself where it cannot be known which they are.
   */
  restore(text: string, changed: string): string {
    const restored = this.#edited(text, editsBetween(this.read(text), changed));
    return this.read(restored) === changed ? restored : changed;
  }

  /** Applies edits of what a text is read as to the text: each is an ascending range. */
  #edited(text: string, edits: readonly Edit[]): string {
    let out = "";
    let copied = 0;
    /** The edits before it are done; of one at a half, its start. */
    let next = 0;
    /** From `from` on the text is as it is read from `plain` on, up to `end` there. */
    const pass = (from: number, plain: number, end: number) => {
      for (; next < 2 * edits.length; next++) {
        const edit = edits[next >> 1];
        if (edit === undefined) return;
        const isStart = next % 2 === 0;
        const offset = isStart ? edit.start : edit.end;
        if (offset > end) return;
        const at = from + offset - plain;
        if (isStart) out += text.slice(copied, at) + edit.replacement;
        else copied = at;
      }
    };
    let [from, plain] = [0, 0];
    const { pattern, read } = this.#rule;
    for (const match of text.matchAll(pattern)) {
      const own = read(match.slice(1));
      if (own === undefined) continue;
      const end = plain + match.index - from;
      pass(from, plain, end);
      plain = end + own.length;
      from = match.index + match[0].length;
    }
    pass(from, plain, Infinity);
    return out + text.slice(copied);
  }
}

/** The ways to read a text, in the order in which escapes are inside one another. */
export const READINGS: readonly EscapeReading[] = RULES.map((rule) =>
  new EscapeReading(rule)
);

function hasMarker(text: string, markers: EscapeRule["markers"]): boolean {
  if (typeof markers === "function") return markers(text);
  return markers instanceof RegExp
    ? markers.test(text)
    : markers.some((each) => text.includes(each));
}

/**
 * Other ways in which text has characters of ASCII: escapes of code, entities of HTML, and codes of a
 * terminal between them.
 *
 * @module
 */

/** How a text may be read. */
interface Reading {
  /** Without one of these there is nothing to read: most texts have none. */
  readonly markers: readonly string[];
  readonly pattern: RegExp;
  /** What a match is; `undefined` where it stays. */
  read(hexadecimal?: string, other?: string): string | undefined;
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

const READINGS: readonly Reading[] = [
  {
    markers: ["\\u00", "\\x", "\\0", "\\1"],
    pattern:
      /\\+(?:u00|x)(?!22|5[cC])([2-7][0-9a-fA-F])|\\+(?!042|134)([01][0-7]{2})/g,
    read: (hex, octal = "") =>
      character(hex ? parseInt(hex, 16) : parseInt(octal, 8)),
  },
  {
    markers: ["&#"],
    pattern: /&#(?:[xX]0*([0-9a-fA-F]{2})|0*(\d{2,3}));/g,
    read: (hex, decimal) =>
      character(hex ? parseInt(hex, 16) : Number(decimal)),
  },
  {
    markers: ["\x1b[", "1b[", "1B[", "33[", "\\e["],
    // deno-lint-ignore no-control-regex
    pattern: /(?:\x1b|\\+(?:u001[bB]|x1[bB]|033|e))\[[0-9;?]{0,32}[A-Za-z]/g,
    read: () => "",
  },
];

/** Whether a text can be read in another way: most cannot. */
export function mayHaveEscapes(text: string): boolean {
  return text.includes("\\") || text.includes("&#") || text.includes("\x1b");
}

/** Yields what a text is without its escapes of one kind; nothing where it has none. */
export function* withoutEscapes(text: string): Generator<string> {
  for (const { markers, pattern, read } of READINGS) {
    if (!markers.some((each) => text.includes(each))) continue;
    const plain = text.replace(
      pattern,
      (match, hex, other) => read(hex, other) ?? match,
    );
    if (plain !== text) yield plain;
  }
}

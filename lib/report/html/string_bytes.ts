/**
 * JSON of ASCII without a character that means something in HTML, printed from UTF-8.
 *
 * @module
 */

/** How a byte is printed in a string. */
const PLAIN = 0;
const SHORT = 1;
const MARKUP = 2;
const CONTROL = 3;
const BEYOND_ASCII = 4;
/** Bytes of an escape such as `\u003c`; a character beyond U+FFFF takes two. */
const ESCAPE = 6;
/** Bytes that are printed between two checks whether there is room. */
const STEP = 16 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX_DIGITS = new TextEncoder().encode("0123456789abcdef");

/** The letter behind the backslash, of bytes that are printed as two. */
const LETTERS = new Uint8Array(0x80);
/** How each byte is printed. Of all 256: a read beyond the end would make the loop slow. */
const FORMS = formsOf();

function formsOf(): Uint8Array {
  const forms = new Uint8Array(0x100).fill(CONTROL, 0, 0x20)
    .fill(BEYOND_ASCII, 0x80);
  for (const each of "<>&") forms[each.charCodeAt(0)] = MARKUP;
  for (const each of '"\\\b\f\n\r\t') {
    const byte = each.charCodeAt(0);
    forms[byte] = SHORT;
    LETTERS[byte] = JSON.stringify(each).charCodeAt(2);
  }
  return forms;
}

/** Growing storage for what is printed. */
export class StringBytes {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(2 * STEP);
  #length = 0;
  /** Characters, in UTF-16, that are escaped although JSON does not require it. */
  #escaped = 0;
  #beyondAscii = 0;

  /** How many bytes of UTF-8 the characters beyond ASCII have besides one for each. */
  get beyondAscii(): number {
    return this.#beyondAscii;
  }

  /** Length of the JSON in UTF-16 where only what JSON requires is escaped. */
  get characters(): number {
    return this.#length - this.#escaped * (ESCAPE - 1);
  }

  /** Returns what was printed. Valid until more is. */
  content(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Removes everything. */
  clear(): void {
    this.#length = 0;
    this.#escaped = 0;
    this.#beyondAscii = 0;
  }

  /** Adds a text of ASCII, unchanged. */
  addAscii(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) {
      this.#bytes[this.#length++] = text.charCodeAt(i);
    }
  }

  /**
   * Adds a text as a string of JSON. Returns false where it is not UTF-8 or begins with a byte
   * order mark; what was printed is of no use then.
   */
  addString(text: Uint8Array): boolean {
    if (text[0] === 0xef && codePointAt(text, 0) === 0xfeff) return false;
    this.addAscii('"');
    for (let at = 0; at < text.length;) {
      const end = Math.min(at + STEP, text.length);
      // A character at the end of a step may begin in it and end behind it.
      this.#reserve((end - at + 1) * ESCAPE);
      at = this.#print(text, at, end);
      if (at < 0) return false;
    }
    this.addAscii('"');
    return true;
  }

  /** Prints the characters that begin before `end`. Returns where the next begins; -1 for no UTF-8. */
  #print(text: Uint8Array, start: number, end: number): number {
    const bytes = this.#bytes;
    let at = start;
    let length = this.#length;
    for (;;) {
      let byte = 0;
      let form = PLAIN;
      // Nearly all are plain. With a loop of their own, they take half of the time.
      for (; at < end; at++) {
        byte = text[at] ?? 0;
        form = FORMS[byte] ?? PLAIN;
        if (form !== PLAIN) break;
        bytes[length++] = byte;
      }
      if (at >= end) break;
      if (form === SHORT) {
        bytes[length++] = BACKSLASH;
        bytes[length++] = LETTERS[byte] ?? QUOTE;
        at++;
      } else if (form !== BEYOND_ASCII) {
        length = this.#escape(length, byte);
        if (form === MARKUP) this.#escaped++;
        at++;
      } else {
        const code = codePointAt(text, at);
        if (code < 0) return -1;
        at += code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        length = this.#escapeBeyondAscii(length, code);
      }
    }
    this.#length = length;
    return at;
  }

  #escapeBeyondAscii(length: number, code: number): number {
    this.#escaped++;
    this.#beyondAscii += code < 0x800 ? 1 : 2;
    if (code < 0x10000) return this.#escape(length, code);
    this.#escaped++;
    const high = this.#escape(length, 0xd7c0 + (code >> 10));
    return this.#escape(high, 0xdc00 + (code & 0x3ff));
  }

  /** Prints a unit of UTF-16 by its number, and returns where it ends. */
  #escape(length: number, unit: number): number {
    const bytes = this.#bytes;
    bytes[length] = BACKSLASH;
    bytes[length + 1] = 0x75; // "u"
    for (let digit = 0; digit < 4; digit++) {
      const value = unit >> (12 - 4 * digit) & 15;
      bytes[length + 2 + digit] = HEX_DIGITS[value] ?? 0;
    }
    return length + ESCAPE;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#length + more));
    grown.set(this.content());
    this.#bytes = grown;
  }
}

/** The character beyond ASCII that begins at a byte; -1 where that is not UTF-8. */
function codePointAt(text: Uint8Array, at: number): number {
  const lead = text[at] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  let code = lead & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const byte = text[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return -1;
    code = code << 6 | byte & 0x3f;
  }
  if (lead < 0xc2 || lead > 0xf4) return -1;
  if (length === 2) return code;
  const isSurrogate = code >= 0xd800 && code < 0xe000;
  if (length === 3) return code < 0x800 || isSurrogate ? -1 : code;
  return code < 0x10000 || code > 0x10ffff ? -1 : code;
}

/**
 * Texts as the engine has them: the codes of their characters, and the memory that they keep.
 *
 * @module
 */

const { charCodeAt } = String.prototype;

/**
 * Returns the code of a character; 0 where there is none. For loops over texts of all kinds
 * (complete, parts of others, joined ones), in which the engine searches for the method of
 * `text.charCodeAt(at)` anew at each character; and once it was called for an offset outside of a
 * text, the engine never compiles it to an access of the memory again.
 */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? charCodeAt.call(text, at) : 0;
}

/**
 * Returns the same text in memory of its own. A part of a text, which `slice` or an expression
 * returns, is a reference to all of that text: what remembers a word of a document would keep the
 * document. Texts that are joined keep their parts in the same way.
 */
export function ownText(text: string): string {
  if (text.length < MIN_REFERENCE) return text;
  // The joined text is copied when a part of it is taken.
  return ` ${text}`.slice(1);
}

/** A part of a text that is shorter is no reference, nor are texts joined to a shorter one. */
const MIN_REFERENCE = 13;

/** The code of every character beyond ASCII. */
const OTHER = 0xff;
/** Shorter texts are read character by character. */
const MIN_ENCODED = 64;
/** Zeros after the characters, so that those after the last one can be read. */
const PADDING = 4;
/** Memory that is not kept for texts that need much less of it. */
const MAX_KEPT = 1024 * 1024;

const encoder = new TextEncoder();

/** The codes of the characters of one text at a time, in bytes: faster to read than the text. */
export class TextCodes {
  /** The codes; zeros after the last one. */
  bytes = new Uint8Array(256);
  /** How many there are. */
  length = 0;

  /** Returns the codes of a text. */
  static of(text: string): TextCodes {
    const codes = new TextCodes();
    codes.read(text);
    return codes;
  }

  /** Reads another text. */
  read(text: string): void {
    const { length } = text;
    this.#reserve(length + PADDING);
    this.length = length;
    if (length < MIN_ENCODED || !this.#encode(text)) {
      const { bytes } = this;
      for (let at = 0; at < length; at++) {
        const code = codeAt(text, at);
        bytes[at] = code < 0x80 ? code : OTHER;
      }
    }
    this.bytes.fill(0, length, length + PADDING);
  }

  /** Writes the bytes of a text of ASCII; returns whether it is one. */
  #encode(text: string): boolean {
    const { read, written } = encoder.encodeInto(text, this.bytes);
    return read === text.length && written === read;
  }

  #reserve(size: number): void {
    const { length } = this.bytes;
    const isWaste = length > MAX_KEPT && size < length / 8;
    if (size > length || isWaste) this.bytes = new Uint8Array(2 * size);
  }
}

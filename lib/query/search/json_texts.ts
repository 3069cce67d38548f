/**
 * The texts in a JSON document, one after the other, each with its path: keys, values, and
 * whatever is no JSON at all.
 *
 * It validates nothing and follows any nesting, in memory that grows with the depth only.
 *
 * @module
 */

/** A text in a document. */
export interface JsonText {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset after its last byte. */
  readonly end: number;
  /** Whether it is the key of a member, a string, or anything else. */
  readonly type: "key" | "string" | "other";
}

/** The position of a reader, from which it can continue in another document with the same prefix. */
export interface JsonPlace {
  readonly at: number;
  readonly frames: readonly Frame[];
}

interface Frame {
  readonly isObject: boolean;
  /** Index of the element, or of the member. */
  index: number;
  /** Whether the key of the member was read. */
  hasKey: boolean;
  /** Range of its bytes. */
  keyStart: number;
  keyEnd: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Of a deeper path, the last steps are printed. */
const MAX_STEPS = 16;
const MAX_KEY = 64;
/** Frames that a position copies at most. */
const MAX_FRAMES = 64;

const decoder = new TextDecoder();

/** Reads the texts of one document. */
export class JsonTexts {
  readonly #bytes: Uint8Array;
  #at: number;
  #frames: Frame[];

  /** Reads `bytes` from the start, or from a place where another document was left. */
  constructor(bytes: Uint8Array, place: JsonPlace = { at: 0, frames: [] }) {
    this.#bytes = bytes;
    this.#at = place.at;
    this.#frames = place.frames.map((frame) => ({ ...frame }));
  }

  /** The place before the next text, `undefined` where it is too deep to be worth it. */
  place(): JsonPlace | undefined {
    if (this.#frames.length > MAX_FRAMES) return undefined;
    return {
      at: this.#at,
      frames: this.#frames.map((frame) => ({ ...frame })),
    };
  }

  /** The next text, `undefined` at the end. */
  next(): JsonText | undefined {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at];
      switch (byte) {
        case QUOTE:
          return this.#string();
        case OPEN_BRACE:
        case OPEN_BRACKET:
          this.#frames.push({
            isObject: byte === OPEN_BRACE,
            index: 0,
            hasKey: false,
            keyStart: 0,
            keyEnd: 0,
          });
          this.#at++;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#frames.pop();
          this.#at++;
          break;
        case COMMA:
          this.#comma();
          break;
        case COLON:
        case 0x20:
        case 0x0a:
        case 0x0d:
        case 0x09:
          this.#at++;
          break;
        default:
          return this.#other();
      }
    }
    return undefined;
  }

  /** The path of the text that was read last, such as `input[3].output`. */
  path(): string {
    const shown = this.#frames.slice(-MAX_STEPS);
    let path = shown.length < this.#frames.length ? "…" : "";
    for (const [step, frame] of shown.entries()) {
      if (!frame.isObject) path += `[${frame.index}]`;
      else if (frame.hasKey) {
        path += (step === 0 ? "" : ".") + this.#keyOf(frame);
      }
    }
    return path;
  }

  #keyOf({ keyStart, keyEnd }: Frame): string {
    const end = Math.min(keyEnd, keyStart + 4 * MAX_KEY);
    const key = decoder.decode(this.#bytes.subarray(keyStart, end));
    return key.length > MAX_KEY ? `${key.slice(0, MAX_KEY)}…` : key;
  }

  #comma(): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) {
      frame.index++;
      frame.hasKey = false;
    }
    this.#at++;
  }

  #string(): JsonText {
    const start = this.#at + 1;
    const end = this.#stringEnd(start);
    this.#at = end + 1;
    const frame = this.#frames.at(-1);
    if (frame === undefined || !frame.isObject || frame.hasKey) {
      return { start, end, type: "string" };
    }
    frame.hasKey = true;
    frame.keyStart = start;
    frame.keyEnd = end;
    return { start, end, type: "key" };
  }

  /** Offset of the quote that ends a string, or of the end. */
  #stringEnd(start: number): number {
    const bytes = this.#bytes;
    let end = bytes.indexOf(QUOTE, start);
    while (end !== -1) {
      let first = end;
      while (first > start && bytes[first - 1] === BACKSLASH) first--;
      if ((end - first) % 2 === 0) return end;
      end = bytes.indexOf(QUOTE, end + 1);
    }
    return bytes.length;
  }

  /** A number or a word; anything else is one text up to the end. */
  #other(): JsonText {
    const bytes = this.#bytes;
    const start = this.#at;
    let end = start;
    while (end < bytes.length && isWordByte(bytes[end] ?? 0)) end++;
    const word = decoder.decode(
      bytes.subarray(start, Math.min(end, start + 4096)),
    );
    const isJson = /^(?:true|false|null|-?\d[\d.eE+-]*)$/.test(word);
    if (!isJson) end = bytes.length;
    this.#at = end;
    return { start, end, type: "other" };
  }
}

/** Letters, digits, signs and points: what numbers and words are made of. */
function isWordByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) || byte === 0x2b || byte === 0x2d ||
    byte === 0x2e;
}

/** A text as it is meant: without the escapes of a string. */
export function textOf(bytes: Uint8Array, { start, end, type }: JsonText) {
  const text = decoder.decode(bytes.subarray(start, end));
  if (type === "other" || !text.includes("\\")) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

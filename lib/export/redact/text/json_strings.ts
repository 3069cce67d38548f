/**
 * Walks the strings of a JSON text and replaces them one by one. All other characters stay as they
 * are: order and spelling of keys, numbers and white space.
 *
 * It reads any text: a truncated document, one that is no JSON, or a line of code with quotes.
 *
 * @module
 */

import { codeAt, ownText } from "../detect/code_at.ts";

/** Where a string is: a key or an element of an array, below another place. */
export class StringPlace {
  /** The key; `[]` for elements. */
  readonly name: string;
  /** The place around it. */
  readonly parent: StringPlace | undefined;
  /** Whether it is an element of an array, or inside one. */
  readonly isInArray: boolean;
  readonly #children = new Map<string, StringPlace>();

  /** A place inside `parent`; the outermost one has none. */
  constructor(name: string, parent?: StringPlace) {
    this.name = name;
    this.parent = parent;
    this.isInArray = name === ELEMENT || parent?.isInArray === true;
  }

  /** The place of a key or of an element inside this one: always the same object. */
  child(name: string): StringPlace {
    let child = this.#children.get(name);
    if (child === undefined) {
      const own = ownText(name);
      child = new StringPlace(own, this);
      if (this.#children.size < MAX_CHILDREN) this.#children.set(own, child);
    }
    return child;
  }

  /** A root of which the places inside are not distinguished. */
  static untracked(): StringPlace {
    return new UntrackedPlace("");
  }

  /** The path, as `input[].content[].text`. */
  path(): string {
    const outer = this.parent?.path() ?? "";
    if (this.name === ELEMENT) return outer + ELEMENT;
    return outer === "" ? this.name : `${outer}.${this.name}`;
  }
}

class UntrackedPlace extends StringPlace {
  override child(): StringPlace {
    return this;
  }
}

/** A string of the text. */
export interface StringToken {
  /** Its characters between the quotes, as they are escaped. */
  readonly raw: string;
  /** Offset of the characters in the piece that was fed. */
  readonly start: number;
  /** Its number in the document, from 0. */
  readonly ordinal: number;
  /** Where it is. */
  readonly place: StringPlace;
  /** Whether it is a key. */
  readonly isKey: boolean;
  /**
   * What names it: its key, that of the array that it is an element of, the flag before it, or the
   * value of `name` beside it.
   */
  readonly name: string | undefined;
}

/** Returns what replaces a string: characters as they are escaped. */
export type OnString = (token: StringToken) => string;

/** Whether a string is of interest, by the offsets of its characters and by what names it. */
export type IsTaken = (
  start: number,
  end: number,
  name: string | undefined,
) => boolean;

const ELEMENT = "[]";
/** Keys of one object that are distinguished: an object may be a table of any size. */
const MAX_CHILDREN = 1024;
/** Beyond it, places are not distinguished. */
const MAX_DEPTH = 256;

interface Frame {
  readonly isObject: boolean;
  readonly place: StringPlace;
  /** What names the elements of an array. */
  readonly name: string | undefined;
  key: string | undefined;
  /** The last string: of an array, or of the key `name`. */
  previous: string | undefined;
}

/** Where a walk is in a document: after one of its strings. */
export interface StringsMark {
  /** The strings before it. */
  readonly strings: number;
  readonly frames: readonly Frame[];
  readonly depth: number;
}

/** Walks one document, which may be fed in pieces. */
export class JsonStrings {
  readonly #onString: OnString;
  readonly #root: StringPlace;
  readonly #isTaken: IsTaken | undefined;
  #frames: Frame[] = [];
  #depth = 0;
  #ordinal = 0;
  #hasText = false;

  /**
   * Calls `onString` for each string that is taken, by default all; `root` is the place of the
   * document itself.
   */
  constructor(root: StringPlace, onString: OnString, isTaken?: IsTaken) {
    this.#root = root;
    this.#onString = onString;
    this.#isTaken = isTaken;
  }

  /** Whether there are characters between the strings that are no JSON. */
  get hasText(): boolean {
    return this.#hasText;
  }

  /** Where the walk is after the string that is walked. */
  mark(): StringsMark {
    const frames = this.#frames.map((frame) => ({
      ...frame,
      name: frame.name && ownText(frame.name),
      key: frame.key && ownText(frame.key),
      previous: frame.previous && ownText(frame.previous),
    }));
    return { strings: this.#ordinal, frames, depth: this.#depth };
  }

  /** Continues where a walk of the same root was, in a document that begins with the same text. */
  resume({ strings, frames, depth }: StringsMark): void {
    this.#ordinal = strings;
    this.#frames = frames.map((frame) => ({ ...frame }));
    this.#depth = depth;
  }

  /** What names the next value. */
  get nextName(): string | undefined {
    return this.#current().name;
  }

  /**
   * Returns a piece of the document with its strings replaced.
   *
   * @param last No string that begins after this offset is of interest.
   * @param first Where to begin; what is returned begins there, too.
   */
  feed(text: string, last: number = text.length, first = 0): string {
    let out = "";
    let copied = first;
    for (let at = first; at <= last && at < text.length;) {
      const open = text.indexOf('"', at);
      this.#passGap(text, at, open < 0 ? text.length : open);
      if (open < 0) break;
      const close = closingQuote(text, open + 1);
      const raw = text.slice(open + 1, close);
      const isKey = isBeforeColon(text, close + 1);
      const replaced = this.#take(raw, open + 1, isKey);
      if (replaced !== raw) {
        out += text.slice(copied, open + 1) + replaced;
        copied = close;
      }
      at = close + 1;
    }
    return copied === 0 ? text : out + text.slice(copied);
  }

  #passGap(text: string, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      switch (codeAt(text, at)) {
        case 0x7b:
          this.#open(true);
          break;
        case 0x5b:
          this.#open(false);
          break;
        case 0x7d:
        case 0x5d:
          if (this.#depth > this.#frames.length) this.#depth--;
          else if (this.#frames.pop() !== undefined) this.#depth--;
          break;
        default:
          if (!this.#hasText) this.#hasText = !isJsonGap(codeAt(text, at));
      }
    }
  }

  #open(isObject: boolean): void {
    this.#depth++;
    if (this.#frames.length >= MAX_DEPTH) return;
    const { place, name } = this.#current();
    this.#frames.push({
      isObject,
      place,
      name,
      key: undefined,
      previous: undefined,
    });
  }

  /** Where the next value is, and what names it. */
  #current(): { place: StringPlace; name: string | undefined } {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return { place: this.#root, name: undefined };
    const { isObject, place, key, previous } = frame;
    if (!isObject) {
      const name = isNameLike(previous) ? previous : frame.name;
      return { place: place.child(ELEMENT), name };
    }
    const name = key === "value" ? previous ?? key : key;
    return { place: place.child(key ?? ""), name };
  }

  #take(raw: string, start: number, isKey: boolean): string {
    const frame = this.#frames.at(-1);
    const ordinal = this.#ordinal++;
    const isKeyHere = isKey && frame?.isObject === true;
    if (isKeyHere) {
      frame.key = raw;
      const { place } = frame;
      const name = undefined;
      if (this.#isTaken?.(start, start + raw.length, name) === false) {
        return raw;
      }
      return this.#onString({ raw, start, ordinal, place, isKey, name });
    }
    const { place, name } = this.#current();
    if (frame !== undefined) {
      if (!frame.isObject) frame.previous = raw;
      else if (namesValue(frame.key)) frame.previous = raw;
    }
    if (this.#isTaken?.(start, start + raw.length, name) === false) return raw;
    return this.#onString({ raw, start, ordinal, place, isKey: false, name });
  }
}

/** Whether the value of a key is the name of the value beside it. */
function namesValue(key: string | undefined): boolean {
  return key !== undefined && key.length <= "header".length &&
    /^(?:name|key|header)$/i.test(key);
}

/** Whether an element may be the name of the next one, as in `["--token", "…"]`. */
function isNameLike(text: string | undefined): text is string {
  return text !== undefined && text.length <= 48 && /^-{0,2}[\w-]+$/.test(text);
}

/** The offset of the quote that ends a string; the end of the text where none does. */
function closingQuote(text: string, start: number): number {
  for (let at = start;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let backslashes = 0;
    while (codeAt(text, quote - 1 - backslashes) === 0x5c) {
      backslashes++;
      if (quote - backslashes <= start) break;
    }
    if (backslashes % 2 === 0) return quote;
    at = quote + 1;
  }
}

function isBeforeColon(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = codeAt(text, at);
    if (code === 0x3a) return true;
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
      return false;
    }
  }
  return false;
}

const GAP = new Uint8Array(128);
for (const char of " \t\r\n,:0123456789.+-eEtrufalsn") {
  GAP[char.charCodeAt(0)] = 1;
}

function isJsonGap(code: number): boolean {
  return GAP[code] === 1;
}

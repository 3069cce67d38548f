/**
 * Walks the strings of one document after another, and remembers the result for each string: a
 * request repeats the conversation before it.
 *
 * @module
 */

import type { Detectors } from "../detect/detectors.ts";
import { JsonStrings, StringPlace, type StringToken } from "./json_strings.ts";
import type { SplitPart } from "./split_values.ts";
import {
  decodedString,
  encodedString,
  type TextState,
  TextWalker,
  type WalkNotes,
} from "./text_walker.ts";
import type { OnText } from "./text_walker.ts";
import type { ValueTable } from "./value_table.ts";

/** A document of a bundle: a manifest, a line of the log, a payload. */
export interface DocumentInfo {
  /** Names it, and nothing else. */
  readonly id: string;
  /** The file that it is in, relative to the bundle. */
  readonly file: string;
  /** What it is: the kind of a payload, `manifest` or `event`. */
  readonly kind: string;
  /** The threads that it is of; empty where that is unknown. */
  readonly threads: ReadonlySet<string>;
}

/** What of a document is replaced. */
export interface Edit {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
  /** What replaces it. */
  readonly replacement: string;
}

/** What is done with the strings of documents. */
export interface StringHandler<Hit> {
  /** {@inheritDoc OnText} */
  readonly onText: OnText;
  /** Called with every string, in plain spelling. */
  onString?(token: StringToken, document: DocumentInfo, text: string): void;
  /** The parts of split values in a string. */
  partsIn(document: string, ordinal: number): readonly SplitPart[];
  /** Replaces the parts of split values, and what `onText` replaces. */
  replaceParts(text: string, parts: readonly SplitPart[]): string;
  /** Returns what was replaced since it was called last. */
  takeHits(): readonly Hit[];
  /** Called with what was replaced in a string. */
  onHits(hits: readonly Hit[], document: DocumentInfo, place: string): void;
  /** What a pass before found a string to be. */
  stateOf?(document: string, ordinal: number): TextState;
  /** Called with what a string was walked to. */
  onWalked?(walked: WalkedString): void;
  /** Replaces the complete text of a string; `undefined` to walk it. */
  replaceString?(
    token: StringToken,
    document: DocumentInfo,
    text: string,
  ): string | undefined;
  /** Replaces what is no JSON between the strings of a document; `undefined` to walk it. */
  replaceBetween?(document: DocumentInfo, text: string): string | undefined;
}

/** A string that was walked. */
export interface WalkedString {
  readonly document: DocumentInfo;
  readonly token: StringToken;
  /** Its characters between the quotes now. */
  readonly raw: string;
  /** What it was found to be. */
  readonly state: TextState;
}

interface Known<Hit> {
  readonly before: string;
  /** What it decodes to, if it can be decoded. */
  readonly text: string | undefined;
  readonly raw: string;
  readonly hits: readonly Hit[];
  readonly state: TextState;
}

const CLEAN: TextState = { isClean: true, isPlain: true };
const REPLACED: TextState = { isClean: false, isPlain: false };

/** Characters of strings that are remembered, as they are and decoded. */
const MAX_REMEMBERED = 32 * 1024 * 1024;
/** The place of what is between the strings of a document that is no JSON. */
const BETWEEN = "(text)";

/** Walks documents. */
export class DocumentWalker<Hit> {
  readonly #detectors: Detectors;
  readonly #handler: StringHandler<Hit>;
  readonly #walker: TextWalker;
  readonly #roots = new Map<string, StringPlace>();
  readonly #known = new Map<string, Known<Hit>>();
  #remembered = 0;

  /**
   * `handler` gets every string.
   *
   * @param values What it searches for in texts, beside what is found.
   */
  constructor(
    detectors: Detectors,
    handler: StringHandler<Hit>,
    notes: WalkNotes,
    values?: ValueTable,
  ) {
    this.#detectors = detectors;
    this.#handler = handler;
    this.#walker = new TextWalker(detectors, handler.onText, notes, values);
  }

  /** Returns a document with its strings replaced. */
  walk(document: DocumentInfo, text: string): string {
    return this.walkPieces(document, [text])[0] ?? text;
  }

  /** Returns a text that is no part of a document, replaced, and does not count it. */
  walkText(text: string): string {
    const walked = this.#walker.walk(text);
    this.#handler.takeHits();
    return walked;
  }

  /** Releases the memory of the strings that are remembered. */
  forget(): void {
    this.#known.clear();
    this.#remembered = 0;
  }

  /** Returns what is replaced in a document, by its offsets. */
  edits(document: DocumentInfo, text: string): Edit[] {
    const edits: Edit[] = [];
    new JsonStrings(this.#rootOf(document.kind), (token) => {
      const { raw, start } = token;
      const replacement = this.#string(document, token);
      if (replacement !== raw) {
        edits.push({ start, end: start + raw.length, replacement });
      }
      return raw;
    }).feed(text);
    return edits;
  }

  /**
   * Returns the pieces of a document, replaced; none ends inside a string.
   *
   * @param onGap Called with the number of a piece that ends before a value whose name matters.
   */
  walkPieces(
    document: DocumentInfo,
    pieces: readonly string[],
    onGap: (gap: number, name: string) => void = () => {},
  ): string[] {
    const strings = new JsonStrings(
      this.#rootOf(document.kind),
      (token) => this.#string(document, token),
    );
    const walked = pieces.map((piece, at) => {
      const replaced = strings.feed(piece);
      const { nextName: name } = strings;
      if (name !== undefined && this.#detectors.dependsOn(name)) {
        onGap(at, name);
      }
      return replaced;
    });
    return strings.hasText
      ? walked.map((piece) => this.#between(document, piece))
      : walked;
  }

  #rootOf(kind: string): StringPlace {
    let root = this.#roots.get(kind);
    if (root === undefined) {
      root = new StringPlace("");
      this.#roots.set(kind, root);
    }
    return root;
  }

  #between(document: DocumentInfo, text: string): string {
    const other = this.#handler.replaceBetween?.(document, text);
    if (other !== undefined) return other;
    const walked = this.#walker.walk(text);
    this.#report(this.#handler.takeHits(), document, () => BETWEEN);
    return walked;
  }

  #string(document: DocumentInfo, token: StringToken): string {
    const { raw, ordinal, name, place, isKey } = token;
    if (raw === "") return raw;
    const { onString, replaceString, stateOf, onWalked } = this.#handler;
    const decoded = this.#decoded(raw);
    const text = decoded ?? raw;
    onString?.(token, document, text);
    const other = replaceString?.(token, document, text);
    // What is kept of it, such as a key, may be a value.
    if (other !== undefined) {
      return this.#walkRaw(encodedString(other), other, name).raw;
    }
    const parts = this.#handler.partsIn(document.id, ordinal);
    const placeOf = () => isKey ? `${place.path()} (key)` : place.path();
    if (parts.length > 0) {
      const replaced = this.#handler.replaceParts(text, parts);
      const hits = this.#handler.takeHits();
      this.#report(hits, document, placeOf);
      const rest = this.#walkRaw(encodedString(replaced), replaced, name);
      this.#report(rest.hits, document, placeOf);
      onWalked?.({ document, token, raw: rest.raw, state: REPLACED });
      return rest.raw;
    }
    const state = stateOf?.(document.id, ordinal);
    const known = this.#walkRaw(raw, decoded, name, state);
    onWalked?.({ document, token, raw: known.raw, state: known.state });
    this.#report(known.hits, document, placeOf);
    return known.raw;
  }

  /** What a string decodes to: it takes longer to decode a long one than to look it up. */
  #decoded(raw: string): string | undefined {
    if (raw.length <= MAX_SHORT) return decodedString(raw);
    const known = this.#known.get(`\0${keyOf(raw)}`);
    return known?.before === raw ? known.text : decodedString(raw);
  }

  #report(
    hits: readonly Hit[],
    document: DocumentInfo,
    placeOf: () => string,
  ): void {
    if (hits.length > 0) this.#handler.onHits(hits, document, placeOf());
  }

  /** Walks a string; `text` is what it decodes to, if it can be decoded. */
  #walkRaw(
    raw: string,
    text: string | undefined,
    name: string | undefined,
    state?: TextState,
  ): Known<Hit> {
    const context = name !== undefined && this.#detectors.dependsOn(name)
      ? name
      : undefined;
    // It takes longer to remember a short one than to walk it again.
    if (raw.length <= MAX_SHORT) {
      return this.#walkNew(raw, text, context, state);
    }
    const key = `${context ?? ""}\0${keyOf(raw)}`;
    const known = this.#known.get(key);
    if (known?.before === raw) return known;
    const found = this.#walkNew(raw, text, context, state);
    const size = text === raw ? raw.length : raw.length + (text?.length ?? 0);
    this.#remembered += size;
    if (this.#remembered > MAX_REMEMBERED) {
      this.#known.clear();
      this.#remembered = size;
    }
    this.#known.set(key, found);
    return found;
  }

  #walkNew(
    raw: string,
    text: string | undefined,
    context: string | undefined,
    before: TextState | undefined,
  ): Known<Hit> {
    const plain = text ?? raw;
    const { text: walked, isClean, isPlain } = this.#walker.walkKnown(
      plain,
      context,
      before,
    );
    const isEncoded = walked !== plain && text !== undefined;
    return {
      before: raw,
      text,
      raw: walked === plain ? raw : isEncoded ? encodedString(walked) : walked,
      hits: this.#handler.takeHits(),
      state: isClean && isPlain ? CLEAN : { isClean, isPlain },
    };
  }
}

/** Longer strings are remembered. */
const MAX_SHORT = 96;
const KEY_PART = 32;

/** Returns a key that differs for most long strings, without reading all of them. */
function keyOf(raw: string): string {
  const { length } = raw;
  const middle = length >> 1;
  return `${length} ${raw.slice(0, KEY_PART)}${
    raw.slice(middle, middle + KEY_PART)
  }${raw.slice(-KEY_PART)}`;
}

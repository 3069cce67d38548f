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
  TextWalker,
  type WalkNotes,
} from "./text_walker.ts";
import type { OnText } from "./text_walker.ts";

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
  /** Whether nothing was found in a string before. */
  isClean?(document: string, ordinal: number): boolean;
  /** Called with what a string was walked to, and whether nothing was found in it. */
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
  /** Whether nothing was found in it. */
  readonly isClean: boolean;
}

interface Known<Hit> {
  readonly raw: string;
  readonly hits: readonly Hit[];
  /** Whether nothing was found. */
  readonly isClean: boolean;
}

/** Characters of strings whose result is remembered. */
const MAX_REMEMBERED = 64 * 1024 * 1024;
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

  /** `handler` gets every string. */
  constructor(
    detectors: Detectors,
    handler: StringHandler<Hit>,
    notes: WalkNotes,
  ) {
    this.#detectors = detectors;
    this.#handler = handler;
    this.#walker = new TextWalker(detectors, handler.onText, notes);
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
    const { onString, replaceString, isClean, onWalked } = this.#handler;
    const text = decodedString(raw);
    onString?.(token, document, text ?? raw);
    const other = replaceString?.(token, document, text ?? raw);
    // What is kept of it, such as a key, may be a value.
    if (other !== undefined) {
      return this.#walkRaw(encodedString(other), name).raw;
    }
    const parts = this.#handler.partsIn(document.id, ordinal);
    const placeOf = () => isKey ? `${place.path()} (key)` : place.path();
    if (parts.length > 0) {
      const replaced = this.#handler.replaceParts(text ?? raw, parts);
      const hits = this.#handler.takeHits();
      this.#report(hits, document, placeOf);
      const rest = this.#walkRaw(encodedString(replaced), name);
      this.#report(rest.hits, document, placeOf);
      onWalked?.({ document, token, raw: rest.raw, isClean: false });
      return rest.raw;
    }
    const known = this.#walkRaw(
      raw,
      name,
      isClean?.(document.id, ordinal) === true,
    );
    onWalked?.({ document, token, raw: known.raw, isClean: known.isClean });
    this.#report(known.hits, document, placeOf);
    return known.raw;
  }

  #report(
    hits: readonly Hit[],
    document: DocumentInfo,
    placeOf: () => string,
  ): void {
    if (hits.length > 0) this.#handler.onHits(hits, document, placeOf());
  }

  #walkRaw(
    raw: string,
    name: string | undefined,
    isClean = false,
  ): Known<Hit> {
    const context = name !== undefined && this.#detectors.dependsOn(name)
      ? name
      : undefined;
    const key = context === undefined ? raw : `${context}\0${raw}`;
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    const text = decodedString(raw);
    const { found } = this.#walker;
    const walked = this.#walker.walk(text ?? raw, context, isClean);
    const isChanged = walked !== (text ?? raw);
    const known = {
      raw: isChanged && text !== undefined ? encodedString(walked) : walked,
      hits: this.#handler.takeHits(),
      isClean: this.#walker.found === found,
    };
    if (!isChanged) known.raw = raw;
    this.#remembered += raw.length;
    if (this.#remembered > MAX_REMEMBERED) {
      this.#known.clear();
      this.#remembered = raw.length;
    }
    this.#known.set(key, known);
    return known;
  }
}

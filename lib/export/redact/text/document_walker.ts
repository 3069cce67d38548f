/**
 * Walks the strings of one document after another, and remembers the result for each string: a
 * request repeats the conversation before it.
 *
 * @module
 */

import type { Detectors } from "../detect/detectors.ts";
import { JsonStrings, StringPlace, type StringToken } from "./json_strings.ts";
import { concatBytes } from "../../../bundle/byte_buffer.ts";
import { documentText, ownBytes } from "./document_text.ts";
import type { Edit } from "./spellings/edits_between.ts";
import { WalkMarks } from "./walk_marks.ts";
import {
  MIN_REPEATED,
  type PlacedHits,
  RepeatedDocuments,
  type Repetition,
} from "./repeated_documents.ts";
import { type Known, KnownStrings } from "./known_strings.ts";
import type { SplitPart } from "./split_values.ts";
import {
  decodedString,
  encodedString,
  type OnText,
  type TextState,
  TextWalker,
  type WalkNotes,
} from "./text_walker.ts";
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

/** What is done with the strings of documents. */
export interface StringHandler<Hit> {
  /** Whether every key is of interest: else one in which nothing is, is passed over. */
  readonly hasTexts?: boolean;
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
  /** What differs between documents beside their kind and text: `""` for most. */
  groupOf?(document: DocumentInfo): string;
  /** Whether the first strings of a document are walked as those of another one. */
  isSame?(document: string, other: string, strings: number): boolean;
  /** Returns what notes about another document that it has the same strings so far. */
  mark?(document: DocumentInfo, strings: number): Repeat;
}

/** Notes about a document that its first strings are those of another one. */
export type Repeat = (document: DocumentInfo) => void;

/** What a document repeats. */
type Same<Hit> = Repetition<Hit, Repeat | undefined>;

/** A string that was walked. */
export interface WalkedString {
  readonly document: DocumentInfo;
  readonly token: StringToken;
  /** Its characters between the quotes now. */
  readonly raw: string;
  /** What it was found to be. */
  readonly state: TextState;
}

const CLEAN: TextState = { isClean: true, isPlain: true };
const REPLACED: TextState = { isClean: false, isPlain: false };

/** The place of what is between the strings of a document that is no JSON. */
const BETWEEN = "(text)";

/** Walks documents. */
export class DocumentWalker<Hit> {
  readonly #detectors: Detectors;
  readonly #handler: StringHandler<Hit>;
  readonly #walker: TextWalker;
  readonly #roots = new Map<string, StringPlace>();
  readonly #known = new KnownStrings<Hit>();
  readonly #repeated = new RepeatedDocuments<Hit, Repeat | undefined>();
  /** What is found in the document that is walked, if it will be remembered. */
  #placed: PlacedHits<Hit>[] | undefined;

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
  walkText(text: string, onHits?: (hits: readonly Hit[]) => void): string {
    const walked = this.#walker.walk(text);
    const hits = this.#handler.takeHits();
    onHits?.(hits);
    return walked;
  }

  /** Releases the memory of the strings that are remembered. */
  forget(): void {
    this.#known.clear();
    this.#repeated.clear();
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

  /**
   * Returns the bytes of a document with its strings replaced, of which only what it does not repeat
   * of one before it is walked. Returns `undefined` for a short one, and for one that is not UTF-8.
   */
  walkLong(document: DocumentInfo, given: Uint8Array): Uint8Array | undefined {
    if (given.length < MIN_REPEATED) return undefined;
    const bytes = ownBytes(given);
    const { id, kind } = document;
    const group = `${kind} ${this.#handler.groupOf?.(document) ?? ""}`;
    const same = this.#repeated.find(
      group,
      bytes,
      (other, strings) => this.#handler.isSame?.(id, other, strings) ?? true,
    );
    const rest = documentText(bytes.subarray(same?.mark.at ?? 0));
    if (!rest.isUtf8) return undefined;
    const { text, hasText, hits, marks } = this.#walkRest(
      document,
      rest.text,
      same,
    );
    const start = same?.before.walked.subarray(0, same.mark.walkedAt) ??
      NOTHING;
    if (hasText) {
      const complete = documentText(start).text + text;
      return rest.encode(this.#between(document, complete));
    }
    const walked = marks.isReplaced
      ? concatBytes([start, rest.encode(text)])
      : bytes;
    this.#repeated.add(
      { id, group, bytes, walked, hits, marks: marks.marks },
      same?.before,
    );
    return walked;
  }

  /** Walks the strings that a document does not repeat: those of `rest`. */
  #walkRest(
    document: DocumentInfo,
    rest: string,
    same: Same<Hit> | undefined,
  ): {
    text: string;
    hasText: boolean;
    hits: PlacedHits<Hit>[];
    marks: WalkMarks<Repeat | undefined>;
  } {
    const hits = this.#placed = this.#repeat(document, same);
    const marks = new WalkMarks(same, rest);
    const strings = new JsonStrings(this.#rootOf(document.kind), (token) => {
      const walked = this.#string(document, token);
      const at = marks.pass(token, walked);
      if (at !== undefined && !strings.hasText) {
        const mark = strings.mark();
        const state = this.#handler.mark?.(document, mark.strings);
        marks.add({ ...at, hits: hits.length, strings: mark, state });
      }
      return walked;
    });
    if (same !== undefined) strings.resume(same.mark.strings);
    const text = strings.feed(rest);
    this.#placed = undefined;
    return { text, hasText: strings.hasText, hits, marks };
  }

  /** Notes what is known of the strings that a document repeats. Returns what was found in them. */
  #repeat(
    document: DocumentInfo,
    same: Same<Hit> | undefined,
  ): PlacedHits<Hit>[] {
    if (same === undefined) return [];
    same.mark.state?.(document);
    const hits = same.before.hits.slice(0, same.mark.hits);
    for (const { hits: found, place } of hits) {
      this.#handler.onHits(found, document, place);
    }
    return hits;
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
    this.#report(this.#handler.takeHits(), document, undefined);
    return walked;
  }

  #string(document: DocumentInfo, token: StringToken): string {
    const { raw, ordinal, name, isKey } = token;
    if (raw === "") return raw;
    if (isKey && this.#known.hasKey(raw)) return raw;
    const { onString, replaceString, stateOf, onWalked } = this.#handler;
    // It takes longer to decode a long one than to look it up.
    const long = raw.length > MAX_SHORT
      ? this.#known.find(raw, undefined)
      : undefined;
    const decoded = long === undefined ? decodedString(raw) : long.text;
    const text = decoded ?? raw;
    onString?.(token, document, text);
    const other = replaceString?.(token, document, text);
    // What is kept of it, such as a key, may be a value.
    if (other !== undefined) {
      return this.#walkRaw(encodedString(other), other, name).raw;
    }
    const parts = this.#handler.partsIn(document.id, ordinal);
    if (parts.length > 0) {
      const replaced = this.#handler.replaceParts(text, parts);
      const hits = this.#handler.takeHits();
      this.#report(hits, document, token);
      const rest = this.#walkRaw(encodedString(replaced), replaced, name);
      this.#report(rest.hits, document, token);
      onWalked?.({ document, token, raw: rest.raw, state: REPLACED });
      return rest.raw;
    }
    const state = stateOf?.(document.id, ordinal);
    const known = this.#walkRaw(raw, decoded, name, state, long);
    onWalked?.({ document, token, raw: known.raw, state: known.state });
    this.#report(known.hits, document, token);
    if (isKey && known.state === CLEAN && this.#handler.hasTexts !== true) {
      this.#known.addKey(known);
    }
    return known.raw;
  }

  #report(
    hits: readonly Hit[],
    document: DocumentInfo,
    token: Pick<StringToken, "place" | "isKey"> | undefined,
  ): void {
    if (hits.length === 0) return;
    const place = token === undefined
      ? BETWEEN
      : token.isKey
      ? `${token.place.path()} (key)`
      : token.place.path();
    this.#placed?.push({ hits, place });
    this.#handler.onHits(hits, document, place);
  }

  /**
   * Walks a string; `text` is what it decodes to, if it can be decoded, and `long` what is known of it
   * without a name, if that was looked up.
   */
  #walkRaw(
    raw: string,
    text: string | undefined,
    name: string | undefined,
    state?: TextState,
    long?: Known<Hit>,
  ): Known<Hit> {
    const context = name !== undefined && this.#detectors.dependsOn(name)
      ? name
      : undefined;
    // It takes longer to remember a short one than to walk it again.
    if (raw.length <= MAX_SHORT) {
      return this.#walkNew(raw, text, context, state);
    }
    const known = context === undefined && long !== undefined
      ? long
      : this.#known.find(raw, context);
    if (known !== undefined) return known;
    const found = this.#walkNew(raw, text, context, state);
    this.#known.add(found, context);
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

const NOTHING = new Uint8Array(0);

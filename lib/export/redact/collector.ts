/**
 * The pass that finds values: in a bundle, or what is left of them in a copy.
 *
 * @module
 */

import type { DocumentHandler } from "./bundle/bundle_pass.ts";
import { DocumentDigests } from "./bundle/document_digests.ts";
import type { Piece } from "./bundle/fragments.ts";
import {
  addTexts,
  groupOf,
  isContent,
  isJson,
  keepsTexts,
  type TextRule,
} from "./content.ts";
import type { Detectors } from "./detect/detectors.ts";
import type { Offsets } from "./detect/literal_set.ts";
import type { Finding } from "./finding.ts";
import { NotCoveredCounts } from "./not_covered.ts";
import { inFileName } from "./placeholder.ts";
import type { LeftOver } from "./receipt.ts";
import {
  type DocumentInfo,
  DocumentWalker,
  type Repeat,
} from "./text/document_walker.ts";
import type { StringPlace, StringToken } from "./text/json_strings.ts";
import type { TextState } from "./text/text_walker.ts";
import { SplitValues } from "./text/split_values.ts";
import { ValueTable } from "./text/value_table.ts";

/** A payload of which a fragment ends inside a string. */
export interface Composed {
  readonly document: DocumentInfo;
  readonly pieces: readonly Piece[];
}

/** Left-overs that are listed. */
const MAX_LEFT_OVER = 100;
/** Nothing is found in most strings. */
const CLEAN: TextState = { isClean: true, isPlain: true };

const NOTHING_LEFT = { places: [] };

/** Finds values, and changes nothing. */
export class Collector implements DocumentHandler {
  /** What was not looked into. */
  readonly notCovered = new NotCoveredCounts();
  /** Payloads of which a fragment ends inside a string. */
  readonly composed: Composed[] = [];
  /** Values that are split over strings. */
  readonly split: SplitValues;
  /** The values. */
  readonly values = new ValueTable();
  /** The documents of a bundle. */
  readonly digests = new DocumentDigests();
  readonly #texts: TextRule | undefined;
  readonly #before: ValueTable | undefined;
  readonly #walker: DocumentWalker<string>;
  readonly #leftOver = new Map<string, LeftOver>();
  /** What is left over in the document that is walked, beside values. */
  #leftHere: { id: string; places: string[] } = { id: "", places: [] };
  /** The document whose first strings one repeats, and how many. */
  readonly #same = new Map<string, { id: string; strings: number }>();
  /** Strings that are not clean and plain, by document; but those that it repeats. */
  readonly #states = new Map<string, Map<number, TextState>>();
  #hits: string[] = [];
  /** Whether a path has a placeholder, which is spelled in another way in the copy. */
  #hasOtherPath = false;
  /** What is walked. */
  #here: { document?: DocumentInfo; place?: StringPlace } = {};
  readonly #placeOf = () => ({
    file: this.#here.document?.file ?? "",
    place: this.#here.place?.path() ?? "",
  });

  /**
   * @param texts Which texts a copy has, if not all: those that stay are added to it.
   * @param before Of a copy, the values that it must not have.
   */
  constructor(detectors: Detectors, texts?: TextRule, before?: ValueTable) {
    this.#texts = texts;
    this.#before = before;
    this.split = new SplitValues(detectors, this.values);
    this.#walker = new DocumentWalker(detectors, {
      onText: (text, findings, offsets) => this.#take(text, findings, offsets),
      onString: (token, document, text) => this.#note(token, document, text),
      partsIn: () => [],
      replaceParts: (text) => text,
      onWalked: ({ document: { id }, token: { ordinal }, state }) => {
        if (state.isClean && state.isPlain) return;
        const known = this.#states.get(id);
        if (known === undefined) {
          this.#states.set(id, new Map([[ordinal, state]]));
        } else known.set(ordinal, state);
      },
      takeHits: () => this.#takeHits(),
      replaceBetween: (document) => void (this.#here = { document }),
      groupOf: (document) => groupOf(this.#texts, document),
      mark: (document, strings) => this.#mark(document, strings),
      onHits: (kinds, { file }, place) => {
        for (const kind of kinds) this.#leave({ kind, file, place });
      },
    }, {
      onBinary: (bytes, head) =>
        this.notCovered.addBinary(bytes, head, this.#placeOf),
      onTooDeep: () => this.notCovered.add("nested too deep", 0, this.#placeOf),
    }, before);
  }

  /** What was found; for a copy, what is left over. */
  get leftOver(): LeftOver[] {
    return [...this.#leftOver.values()];
  }

  /** Whether nothing is to be replaced in any document. */
  get hasNothing(): boolean {
    return this.values.size === 0 && this.#texts === undefined &&
      !this.#hasOtherPath;
  }

  /** What a string was found to be. */
  stateOf(document: string, ordinal: number): TextState {
    let id = document;
    for (let same = this.#same.get(id); same && ordinal < same.strings;) {
      id = same.id;
      same = this.#same.get(id);
    }
    return this.#states.get(id)?.get(ordinal) ?? CLEAN;
  }

  /** Ends the pass: every value has its placeholder. Returns them. */
  finish(): ValueTable {
    this.split.finish();
    if (this.split.found > 0) {
      this.#leave({ kind: "split value", file: "", place: "" });
    }
    this.values.assign();
    this.split.resolve();
    this.#walker.forget();
    return this.values;
  }

  /** {@inheritDoc DocumentHandler.passesOver} */
  passesOver(bytes: Uint8Array): boolean {
    if (this.#before === undefined) this.digests.add(bytes);
    return false;
  }

  /** {@inheritDoc DocumentHandler.walk} */
  walk(document: DocumentInfo, text: string): string {
    return this.#walker.walk(document, text);
  }

  /** {@inheritDoc DocumentHandler.walkLong} */
  walkLong(document: DocumentInfo, bytes: Uint8Array): Uint8Array | undefined {
    return this.#walker.walkLong(document, bytes);
  }

  /** {@inheritDoc DocumentHandler.walkPieces} */
  walkPieces(
    document: DocumentInfo,
    pieces: readonly string[],
    partAfter: (fragment: number) => string,
  ): string[] {
    return this.#walker.walkPieces(document, pieces, (at, name) => {
      const part = partAfter(at);
      // What the part is found to be is replaced in its own record, which has no name.
      if (!part.startsWith('"')) return;
      const id = `${document.id}#${at}`;
      this.#walker.walk({ ...document, id }, `{"${name}":${part}}`);
    });
  }

  /** {@inheritDoc DocumentHandler.walkComposed} */
  walkComposed(
    document: DocumentInfo,
    pieces: readonly Piece[],
  ): readonly string[] {
    this.composed.push({ document, pieces });
    this.#walker.walk(document, pieces.map(({ text }) => text).join(""));
    return pieces.filter(({ part }) => part === undefined)
      .map(({ text }) => text);
  }

  /** {@inheritDoc DocumentHandler.walkName} What is found in it is a value of the bundle. */
  walkName(text: string): string {
    this.#here = {};
    return this.#walker.walkText(text, (kinds) => {
      for (const kind of kinds) this.#leave({ kind, file: text, place: "" });
    });
  }

  /** {@inheritDoc DocumentHandler.pathOf} No event may name it. */
  pathOf(path: string): string {
    this.walkName(path);
    return path;
  }

  /** {@inheritDoc DocumentHandler.replacedPart} */
  replacedPart(): undefined {}

  /** {@inheritDoc DocumentHandler.onOtherEncoding} */
  onOtherEncoding(document: DocumentInfo, bytes: number): void {
    const { file } = document;
    this.notCovered.add("not UTF-8", bytes, () => ({ file, place: "" }));
  }

  #take(
    text: string,
    findings: readonly Finding[],
    offsets?: Offsets,
  ): string | undefined {
    const hits = this.#hits.length;
    const isReserved = this.values.reserve(text);
    for (const finding of findings) {
      this.values.add(text.slice(finding.start, finding.end), finding);
      this.#hits.push(finding.kind);
    }
    this.#before?.search(
      text,
      ({ value }) => void this.#hits.push(value.kind),
      offsets,
    );
    return isReserved || this.#hits.length > hits ? text : undefined;
  }

  #takeHits(): readonly string[] {
    if (this.#hits.length === 0) return [];
    const hits = this.#hits;
    this.#hits = [];
    return hits;
  }

  #note(token: StringToken, document: DocumentInfo, text: string): void {
    const { id } = document;
    const { place, ordinal, isKey } = token;
    this.#here = { document, place };
    if (isKey) return;
    if (place.name === "path" && inFileName(text) !== text) {
      this.#hasOtherPath = true;
    }
    if (this.#texts !== undefined) {
      this.#noteText(this.#texts, token, document, text);
    }
    if (place.name === "encrypted_content") {
      this.notCovered.addEncrypted(text, this.#placeOf);
    }
    this.split.add(place, { document: id, ordinal }, text);
  }

  /** Of a bundle, notes a text that stays; of a copy, reports one that should not have. */
  #noteText(
    rule: TextRule,
    { place }: StringToken,
    document: DocumentInfo,
    text: string,
  ): void {
    if (keepsTexts(rule, document)) {
      if (this.#before === undefined) addTexts(rule.kept, text);
      return;
    }
    if (this.#before === undefined || rule.kept.has(text)) return;
    if (!isContent(place, text) || isJson(text)) return;
    this.#leaveText(document, place.path());
  }

  #leaveText({ id, file }: DocumentInfo, place: string): void {
    if (this.#leftHere.id !== id) this.#leftHere = { id, places: [] };
    this.#leftHere.places.push(place);
    this.#leave({ kind: "text", file, place });
  }

  /** Returns what notes that another document has the first strings of this one. */
  #mark({ id }: DocumentInfo, strings: number): Repeat {
    const streams = this.split.mark(id);
    const { places } = this.#leftHere.id === id ? this.#leftHere : NOTHING_LEFT;
    const count = places.length;
    return (other) => {
      this.#same.set(other.id, { id, strings });
      streams(other.id);
      for (const place of places.slice(0, count)) this.#leaveText(other, place);
    };
  }

  #leave(left: LeftOver): void {
    if (this.#leftOver.size >= MAX_LEFT_OVER) return;
    this.#leftOver.set(`${left.kind}\n${left.file}\n${left.place}`, left);
  }
}

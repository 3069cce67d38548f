/**
 * The pass that replaces values.
 *
 * @module
 */

import { ownText } from "./detect/code_at.ts";
import type { DocumentHandler } from "./bundle/bundle_pass.ts";
import type { DigestComparison } from "./bundle/document_digests.ts";
import { editPieces, type Piece } from "./bundle/fragments.ts";
import type { Collector } from "./collector.ts";
import { ContentTable, groupOf, keepsTexts, type TextRule } from "./content.ts";
import type { Detectors } from "./detect/detectors.ts";
import { inFileName } from "./placeholder.ts";
import { type Hit, Replacements } from "./replacements.ts";
import { type DocumentInfo, DocumentWalker } from "./text/document_walker.ts";
import type { StringToken } from "./text/json_strings.ts";
import { decodedString } from "./text/text_walker.ts";

/** What is left of a part that a value was taken of. */
const EMPTY_PART = "0";

/** Replaces what a collector found. */
export class Replacer implements DocumentHandler {
  /** What was replaced. */
  readonly replacements: Replacements;
  /** Texts of kept threads that other documents have, as they are in the copy. */
  readonly keptTexts = new Set<string>();
  readonly #walker: DocumentWalker<Hit>;
  readonly #composed = new Map<string, readonly string[]>();
  readonly #emptied = new Set<string>();
  /** Where nothing is replaced in the documents of the collector. */
  readonly #unchanged: DigestComparison | undefined;

  /**
   * @param collector It is done with the bundle.
   * @param texts Which texts stay, if not all.
   */
  constructor(detectors: Detectors, collector: Collector, texts?: TextRule) {
    const { values, split } = collector;
    if (collector.hasNothing) this.#unchanged = collector.digests.compare();
    const content = texts && new ContentTable(texts.kept);
    const isReplaced = (document: DocumentInfo) =>
      texts !== undefined && !keepsTexts(texts, document);
    const replacements = new Replacements(values);
    this.replacements = replacements;
    this.#walker = new DocumentWalker(
      detectors,
      {
        hasTexts: texts !== undefined,
        onText: (text, findings, offsets) =>
          replacements.replace(text, findings, offsets),
        stateOf: (document, ordinal) => collector.stateOf(document, ordinal),
        partsIn: (document, ordinal) => split.partsIn(document, ordinal),
        replaceParts: (text, parts) => replacements.replaceParts(text, parts),
        takeHits: () => replacements.takeHits(),
        groupOf: (document) => groupOf(texts, document),
        isSame: (document, other, strings) =>
          split.isSame(document, other, strings),
        onHits: (hits, document, place) =>
          replacements.count(hits, document, place),
        replaceString: (token, document, text) =>
          this.#pathIn(token, text) ??
            (token.isKey || !isReplaced(document)
              ? undefined
              : content?.replace(token.place, text)),
        replaceBetween: (document, text) =>
          isReplaced(document) ? content?.replaceText(text) : undefined,
        onWalked: ({ document, token, raw }) => {
          if (!isReplaced(document)) return;
          const isKept = texts?.kept.has(decodedString(token.raw) ?? token.raw);
          if (isKept) this.keptTexts.add(ownText(decodedString(raw) ?? raw));
        },
      },
      { onBinary: () => {}, onTooDeep: () => {} },
      values,
    );
    for (const { document, pieces } of collector.composed) {
      const text = pieces.map((piece) => piece.text).join("");
      const edits = this.#walker.edits(document, text);
      const { fragments, parts } = editPieces(pieces, edits);
      this.#composed.set(document.id, fragments);
      for (const part of parts) this.#emptied.add(part);
    }
  }

  /** Releases memory: all documents were walked. */
  forget(): void {
    this.#walker.forget();
  }

  /** {@inheritDoc DocumentHandler.passesOver} One that is written right now may have changed. */
  passesOver(bytes: Uint8Array): boolean {
    return this.#unchanged?.isNext(bytes) === true;
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
  walkPieces(document: DocumentInfo, pieces: readonly string[]): string[] {
    return this.#walker.walkPieces(document, pieces);
  }

  /** {@inheritDoc DocumentHandler.walkComposed} */
  walkComposed(
    { id }: DocumentInfo,
    pieces: readonly Piece[],
  ): readonly string[] {
    return this.#composed.get(id) ??
      pieces.flatMap(({ text, part }) => part === undefined ? [text] : []);
  }

  /** {@inheritDoc DocumentHandler.walkName} */
  walkName(text: string): string {
    return this.#walker.walkText(text);
  }

  /** {@inheritDoc DocumentHandler.pathOf} */
  pathOf(path: string): string {
    return inFileName(this.walkName(path));
  }

  /** {@inheritDoc DocumentHandler.replacedPart} */
  replacedPart(id: string): string | undefined {
    return this.#emptied.has(id) ? EMPTY_PART : undefined;
  }

  /** {@inheritDoc DocumentHandler.onOtherEncoding} */
  onOtherEncoding(): void {}

  /** The path of a payload in an event, as that of the file in the copy. */
  #pathIn({ place, isKey }: StringToken, text: string): string | undefined {
    if (isKey || place.name !== "path" || !isPayloadPlace(place.path())) {
      return undefined;
    }
    const path = this.pathOf(text);
    return path === text ? undefined : path;
  }
}

/** Whether a path in an event is that of a payload: `payload.request_payload.path`. */
function isPayloadPlace(place: string): boolean {
  return /^payload\.(?:\w+_payload|payloads\[\])\.path$/.test(place);
}

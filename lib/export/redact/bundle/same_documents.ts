/**
 * The scan of a copy in which nothing was replaced: it has the documents in which a pass found
 * nothing, byte for byte.
 *
 * @module
 */

import type { DocumentHandler } from "./bundle_pass.ts";
import type { DigestComparison } from "./document_digests.ts";

/** Compares the documents of a copy, and walks none. */
export class SameDocuments implements DocumentHandler {
  readonly #comparison: DigestComparison;
  #isSame = true;

  /** Compares them with those of a comparison. */
  constructor(comparison: DigestComparison) {
    this.#comparison = comparison;
  }

  /** Whether all documents until now are the same. */
  get isSame(): boolean {
    return this.#isSame;
  }

  /** Whether the pass had the same documents, and all of them. */
  isSameAtEnd(): boolean {
    return this.#isSame && this.#comparison.isEnd();
  }

  /** {@inheritDoc DocumentHandler.passesOver} */
  passesOver(bytes: Uint8Array): boolean {
    this.#isSame = this.#isSame && this.#comparison.isNext(bytes);
    return true;
  }

  /** {@inheritDoc DocumentHandler.walk} */
  walk(_: unknown, text: string): string {
    return text;
  }

  /** {@inheritDoc DocumentHandler.walkLong} */
  walkLong(): undefined {}

  /** {@inheritDoc DocumentHandler.walkPieces} */
  walkPieces(_: unknown, pieces: readonly string[]): string[] {
    return [...pieces];
  }

  /** {@inheritDoc DocumentHandler.walkComposed} */
  walkComposed(): readonly string[] {
    return [];
  }

  /** {@inheritDoc DocumentHandler.walkName} */
  walkName(text: string): string {
    return text;
  }

  /** {@inheritDoc DocumentHandler.pathOf} */
  pathOf(path: string): string {
    return path;
  }

  /** {@inheritDoc DocumentHandler.replacedPart} */
  replacedPart(): undefined {}

  /** {@inheritDoc DocumentHandler.onOtherEncoding} */
  onOtherEncoding(): void {}
}

/**
 * Counts what a redaction does not look into.
 *
 * @module
 */

import { ownText } from "./detect/code_at.ts";
import type { NotCovered, NotCoveredKind } from "./receipt.ts";

/** Where something was not looked into. */
export interface NotCoveredPlace {
  readonly file: string;
  readonly place: string;
}

/** Counts by kind. */
export class NotCoveredCounts {
  readonly #counts = new Map<
    NotCoveredKind,
    { count: number; bytes: number; first: NotCoveredPlace }
  >();
  readonly #encrypted = new Set<string>();

  /** Counts bytes in base64, by how they begin. */
  addBinary(
    bytes: number,
    head: Uint8Array,
    placeOf: () => NotCoveredPlace,
  ): void {
    this.add(kindOfBytes(head), bytes, placeOf);
  }

  /** Counts an encrypted text, once. */
  addEncrypted(text: string, placeOf: () => NotCoveredPlace): void {
    // The start of a text of this kind is as good as all of it.
    const key = `${text.length} ${text.slice(0, 64)}${text.slice(-64)}`;
    if (this.#encrypted.has(key)) return;
    this.#encrypted.add(ownText(key));
    this.add("encrypted content", text.length, placeOf);
  }

  /** Counts something; `placeOf` is called for the first of its kind. */
  add(
    what: NotCoveredKind,
    bytes: number,
    placeOf: () => NotCoveredPlace,
  ): void {
    const known = this.#counts.get(what);
    if (known === undefined) {
      this.#counts.set(what, { count: 1, bytes, first: placeOf() });
    } else {
      known.count++;
      known.bytes += bytes;
    }
  }

  /** The counts. */
  list(): NotCovered[] {
    return Array.from(this.#counts, ([what, { count, bytes, first }]) => ({
      what,
      count,
      bytes: what === "nested too deep" ? null : bytes,
      ...first,
    }));
  }
}

/** The first characters of files, one a byte; RIFF is distinguished by those after its size. */
const SIGNATURES: Readonly<Record<string, NotCoveredKind>> = {
  "\x89PNG": "image",
  "\xff\xd8\xff": "image",
  "GIF8": "image",
  "II*\0": "image",
  "MM\0*": "image",
  "ID3": "audio",
  "OggS": "audio",
  "fLaC": "audio",
  "\xff\xf1": "audio",
  "\xff\xfb": "audio",
  "\x1f\x8b": "compressed data",
  "PK\x03\x04": "compressed data",
  "\x28\xb5\x2f\xfd": "compressed data",
  "BZh": "compressed data",
  "\xfd7zXZ": "compressed data",
  "7z\xbc\xaf": "compressed data",
};

function kindOfBytes(head: Uint8Array): NotCoveredKind {
  const text = String.fromCharCode(...head);
  if (text.startsWith("RIFF")) {
    return text.slice(8, 12) === "WAVE" ? "audio" : "image";
  }
  const start = Object.keys(SIGNATURES).find((each) => text.startsWith(each));
  return SIGNATURES[start ?? ""] ?? "binary data";
}

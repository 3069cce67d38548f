/**
 * Documents that begin as one before them: each request repeats the conversation so far. What was
 * walked once is not walked again.
 *
 * @module
 */

import type { StringsMark } from "./json_strings.ts";

/** What was found at a place of a document. */
export interface PlacedHits<Hit> {
  readonly hits: readonly Hit[];
  readonly place: string;
}

/** Where a walk can be continued. */
export interface WalkMark<State> {
  /** Offset in the document, in bytes. */
  readonly at: number;
  /** Offset in what the document was walked to. */
  readonly walkedAt: number;
  /** Whether anything before it was replaced. */
  readonly isReplaced: boolean;
  /** How many entries of {@linkcode WalkedDocument.hits} are before it. */
  readonly hits: number;
  /** Where the walk of the strings is. */
  readonly strings: StringsMark;
  /** What the caller knows there. */
  readonly state: State;
}

/** A document that was walked. */
export interface WalkedDocument<Hit, State> {
  /** Names it. */
  readonly id: string;
  /** Documents of one group are compared with each other. */
  readonly group: string;
  /** In memory of its own. */
  readonly bytes: Uint8Array;
  /** What it was walked to. */
  readonly walked: Uint8Array;
  readonly hits: readonly PlacedHits<Hit>[];
  /** In ascending order. */
  readonly marks: readonly WalkMark<State>[];
}

/** Where a document continues one before it. */
export interface Repetition<Hit, State> {
  readonly before: WalkedDocument<Hit, State>;
  /** One of its marks. */
  readonly mark: WalkMark<State>;
}

/** Bytes between two marks. */
export const MARK_DISTANCE = 8 * 1024;
/** Shorter documents are walked as fast as they are compared. */
export const MIN_REPEATED = 2 * MARK_DISTANCE;
/** Documents that are remembered: threads alternate. */
const MAX_DOCUMENTS = 8;
/** Bytes of all of them. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The documents that were walked last. */
export class RepeatedDocuments<Hit, State> {
  /** The last one first. */
  #documents: WalkedDocument<Hit, State>[] = [];

  /**
   * Returns where a document continues one before it: that with which it has the longest start in
   * common. `undefined` where there is none.
   *
   * @param isSame Whether what is known of the first strings of another document is true of this
   * one.
   */
  find(
    group: string,
    bytes: Uint8Array,
    isSame: (id: string, strings: number) => boolean,
  ): Repetition<Hit, State> | undefined {
    let found: Repetition<Hit, State> | undefined;
    for (const before of this.#documents) {
      if (before.group !== group) continue;
      const common = commonStart(before.bytes, bytes);
      const mark = before.marks.findLast(({ at }) => at < common);
      if (mark === undefined || mark.at <= (found?.mark.at ?? 0)) continue;
      if (isSame(before.id, mark.strings.strings)) found = { before, mark };
    }
    return found;
  }

  /** Adds a document, in place of the one that it continues, if any. */
  add(
    document: WalkedDocument<Hit, State>,
    continued: WalkedDocument<Hit, State> | undefined,
  ): void {
    const others = this.#documents.filter((each) => each !== continued);
    this.#documents = [];
    let size = 0;
    for (const each of [document, ...others.slice(0, MAX_DOCUMENTS - 1)]) {
      size += sizeOf(each);
      if (size > MAX_BYTES) break;
      this.#documents.push(each);
    }
  }

  /** Releases the memory. */
  clear(): void {
    this.#documents = [];
  }
}

function sizeOf(
  { bytes, walked }: WalkedDocument<unknown, unknown>,
): number {
  return walked === bytes ? bytes.length : bytes.length + walked.length;
}

/** How many bytes two documents have in common at their start. Both begin at a word of memory. */
function commonStart(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  const words = length >> 2;
  const [x, y] = [wordsOf(a, words), wordsOf(b, words)];
  let word = 0;
  while (word < words && x[word] === y[word]) word++;
  let at = word << 2;
  while (at < length && a[at] === b[at]) at++;
  return at;
}

function wordsOf({ buffer, byteOffset }: Uint8Array, length: number) {
  return new Int32Array(buffer, byteOffset, length);
}

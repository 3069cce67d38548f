/**
 * Values that are split over strings: chunks of a stream, elements of an array.
 *
 * The elements of an array, and strings at the same place of successive documents, are one stream
 * where the end of one and the start of the next can be inside a word. What a detector finds in
 * their concatenation, and what was found elsewhere, is replaced in each of them.
 *
 * @module
 */

import type { Detectors } from "../detect/detectors.ts";
import type { Finding } from "../finding.ts";
import type { StringPlace } from "./json_strings.ts";
import type { Value, ValueTable } from "./value_table.ts";

/** Where a string is: its document, and its number there. */
export interface StringLocation {
  /** The document. */
  readonly document: string;
  /** The number of the string. */
  readonly ordinal: number;
}

/** A part of a string that is a part of a split value. */
export interface SplitPart {
  readonly start: number;
  readonly end: number;
  /** The value. */
  readonly value: Value;
  /** Whether the placeholder is here: at the first part. */
  readonly isFirst: boolean;
}

/** One string of a stream, or an end of a long one. */
interface Piece extends StringLocation {
  readonly text: string;
  /** Offset of `text` in the string. */
  readonly offset: number;
}

/** Characters of a long string that are compared with its neighbors. */
const MAX_EDGE = 4096;
/** Characters of all streams together that are kept. */
const MAX_KEPT = 128 * 1024 * 1024;
const INSIDE_WORD = /[A-Za-z0-9_+/=.@:%-]/;
const OPEN_KEY = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?![^]*-{4,5} ?END )/;

/** Finds values that are split. */
export class SplitValues {
  readonly #detectors: Detectors;
  readonly #values: ValueTable;
  readonly #streams = new Map<StringPlace, Piece[]>();
  readonly #runs: Piece[][] = [];
  #kept = 0;
  readonly #parts = new Map<string, Map<number, SplitPart[]>>();

  /** Adds what is found to `values`. */
  constructor(detectors: Detectors, values: ValueTable) {
    this.#detectors = detectors;
    this.#values = values;
  }

  /** Adds the next string at a place. */
  add(place: StringPlace, location: StringLocation, text: string): void {
    if (text === "") return;
    const run = this.#streams.get(place);
    const last = run?.at(-1);
    const isLong = text.length > 2 * MAX_EDGE;
    const head = isLong ? text.slice(0, MAX_EDGE) : text;
    const isSame = last?.document === location.document || !place.isInArray;
    if (run !== undefined && last && isSame && joins(last.text, text)) {
      run.push({ ...location, text: head, offset: 0 });
      if (!isLong && run.length < MAX_PIECES) return;
      this.#end(run);
    } else if (run !== undefined) this.#end(run);
    const offset = isLong ? text.length - MAX_EDGE : 0;
    this.#streams.set(place, [
      { ...location, text: text.slice(offset), offset },
    ]);
  }

  /** Ends all streams, and finds values of the table in them. The table has its placeholders. */
  resolve(): void {
    for (const run of this.#runs) this.#search(run);
    this.#runs.length = 0;
  }

  /** Ends all streams: what is found in them is in the table from now on. */
  finish(): void {
    for (const run of this.#streams.values()) this.#end(run);
    this.#streams.clear();
  }

  /** The parts of split values in a string. */
  partsIn(document: string, ordinal: number): readonly SplitPart[] {
    return this.#parts.get(document)?.get(ordinal) ?? [];
  }

  #end(run: Piece[]): void {
    if (run.length < 2) return;
    const text = run.map((piece) => piece.text).join("");
    this.#kept += text.length;
    if (this.#kept <= MAX_KEPT) this.#runs.push(run);
    for (const finding of this.#detectors.scan(text)) {
      if (this.#isSplit(run, finding, text)) {
        this.#values.add(text.slice(finding.start, finding.end), finding);
      }
    }
  }

  /** Whether a finding is one value over several strings, and not two words that meet. */
  #isSplit(run: readonly Piece[], finding: Finding, text: string): boolean {
    if (finding.reach !== "everywhere") return false;
    let start = 0;
    for (const piece of run) {
      const end = start + piece.text.length;
      const isFirst = start <= finding.start;
      if (end > finding.start && start < finding.end) {
        if (isFirst && finding.end <= end) return false;
        const alone = this.#detectors.scanAll(piece.text);
        const begins = alone.some((each) =>
          each.start + start === finding.start
        );
        if (begins) return isRandom(text.slice(end, finding.end));
        if (alone.length > 0) return false;
      }
      start = end;
    }
    return true;
  }

  #search(run: readonly Piece[]): void {
    const text = run.map((piece) => piece.text).join("");
    this.#values.search(text, ({ start, end, value }) => {
      const first = pieceAt(run, start);
      if (first === undefined || end <= first.end) return;
      let at = 0;
      for (const piece of run) {
        const from = Math.max(start - at, 0);
        const to = Math.min(end - at, piece.text.length);
        if (from < to) {
          this.#note(piece, {
            start: piece.offset + from,
            end: piece.offset + to,
            value,
            isFirst: at <= start,
          });
        }
        at += piece.text.length;
      }
    });
  }

  #note({ document, ordinal }: StringLocation, part: SplitPart): void {
    let strings = this.#parts.get(document);
    if (strings === undefined) {
      strings = new Map();
      this.#parts.set(document, strings);
    }
    const parts = strings.get(ordinal);
    if (parts === undefined) strings.set(ordinal, [part]);
    else parts.push(part);
  }
}

/** Strings of one stream that are joined at most; a longer one is cut into several. */
const MAX_PIECES = 4096;

function joins(before: string, after: string): boolean {
  return INSIDE_WORD.test(before.charAt(before.length - 1)) &&
      INSIDE_WORD.test(after.charAt(0)) ||
    before.includes("PRIVATE KEY") && OPEN_KEY.test(before);
}

function pieceAt(
  run: readonly Piece[],
  offset: number,
): { piece: Piece; start: number; end: number } | undefined {
  let start = 0;
  for (const piece of run) {
    const end = start + piece.text.length;
    if (offset < end) return { piece, start, end };
    start = end;
  }
  return undefined;
}

/** Whether the rest of a value is none of the words that follow one. */
function isRandom(rest: string): boolean {
  return rest.length >= 4 && /\d/.test(rest) && /[A-Za-z]/.test(rest);
}

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
import {
  type Edges,
  edgesOf,
  isFull,
  joins,
  lastOf,
  type Piece,
  pieceAt,
  type Run,
  textOf,
} from "./stream_run.ts";
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

/**
 * Names of texts that are complete: no document continues the one before it. Of a prompt, which the
 * end of a tool call repeats, the first words would be taken for the rest of a value.
 */
const COMPLETE_TEXTS: ReadonlySet<string> = new Set(["prompt"]);
/** Characters of all streams together that are kept. */
const MAX_KEPT = 128 * 1024 * 1024;

/** Streams of strings. */
interface Streams {
  readonly open: Map<StringPlace, Run>;
  /** Those with several strings. */
  ended: Run[];
}

/** The streams in arrays of one document, which no other document continues. */
interface DocumentStreams extends Streams {
  readonly document: string;
  /** How many of the ended streams of a document before it repeats. */
  readonly repeated: number;
  /** Documents that repeat its first strings. */
  readonly repeats: DocumentStreams[];
}

/** A string that is in no array, and that one of the next document may continue. */
interface OuterString {
  readonly place: StringPlace;
  readonly ordinal: number;
  readonly edges: Edges;
}

/** A stream in an array, as it was at a mark: more may be added to its pieces. */
interface MarkedRun {
  readonly place: StringPlace;
  readonly run: Run;
  readonly count: number;
  readonly length: number;
}

/** Notes that another document has the same strings so far. */
export type RepeatStreams = (document: string) => void;

/** Finds values that are split. */
export class SplitValues {
  readonly #detectors: Detectors;
  readonly #values: ValueTable;
  /** Streams of strings in no array, over all documents. */
  readonly #outer: Streams = { open: new Map(), ended: [] };
  #documents: DocumentStreams[] = [];
  #current: DocumentStreams | undefined;
  /** The strings in no array of the document that is walked. */
  #outerStrings: OuterString[] = [];
  /**
   * The streams in its arrays at its marks: at each, those that changed since the mark before it.
   * All of them at each mark would take memory that grows with the square of the document.
   */
  #markedRuns: MarkedRun[] = [];
  readonly #changed = new Set<StringPlace>();
  #kept = 0;
  #found = 0;
  readonly #parts = new Map<string, Map<number, SplitPart[]>>();

  /** Adds what is found to `values`. */
  constructor(detectors: Detectors, values: ValueTable) {
    this.#detectors = detectors;
    this.#values = values;
  }

  /** How many values were found in several strings that no string before had. */
  get found(): number {
    return this.#found;
  }

  /** Adds the next string at a place. */
  add(place: StringPlace, location: StringLocation, text: string): void {
    if (text === "") return;
    const current = this.#enter(location.document);
    const edges = edgesOf(text);
    const { ordinal } = location;
    if (place.isInArray) {
      this.#add(current, place, { document: undefined, ordinal }, edges);
      this.#changed.add(place);
    } else if (!COMPLETE_TEXTS.has(place.name)) {
      this.#addOuter(place, location, edges);
    }
  }

  /** Returns what notes that another document has the strings of this one so far. */
  mark(document: string): RepeatStreams {
    const same = this.#enter(document);
    const repeated = same.repeated + same.ended.length;
    this.#markRuns(same.open);
    const [outer, runs] = [this.#outerStrings, this.#markedRuns];
    const [outerCount, runCount] = [outer.length, runs.length];
    return (other) => {
      const { open } = this.#begin(other, same, repeated);
      for (const { place, ordinal, edges } of outer.slice(0, outerCount)) {
        this.#addOuter(place, { document: other, ordinal }, edges);
      }
      this.#resumeRuns(open, runs.slice(0, runCount));
    };
  }

  /** Ends all streams, and finds values of the table in them. The table has its placeholders. */
  resolve(): void {
    if (this.#values.size === 0) {
      this.#outer.ended = [];
      this.#documents = [];
      return;
    }
    for (const run of this.#outer.ended) {
      this.#search(
        run,
        ({ document = "", ordinal }, part) =>
          this.#note({ document, ordinal }, part),
      );
    }
    this.#outer.ended = [];
    for (const streams of this.#documents) {
      for (const [at, run] of streams.ended.entries()) {
        this.#search(
          run,
          ({ ordinal }, part) =>
            this.#noteAll(streams, streams.repeated + at, ordinal, part),
        );
      }
    }
    this.#documents = [];
  }

  /** Ends all streams: what is found in them is in the table from now on. */
  finish(): void {
    this.#leave();
    const { open, ended } = this.#outer;
    for (const run of open.values()) this.#end(run, ended);
    open.clear();
  }

  /** Whether the first strings of two documents have the same parts of split values. */
  isSame(document: string, other: string, strings: number): boolean {
    const [a, b] = [this.#parts.get(document), this.#parts.get(other)];
    if (a === undefined && b === undefined) return true;
    const ordinals = new Set([...a?.keys() ?? [], ...b?.keys() ?? []]);
    for (const ordinal of ordinals) {
      const isEqual = ordinal >= strings ||
        areSame(a?.get(ordinal) ?? [], b?.get(ordinal) ?? []);
      if (!isEqual) return false;
    }
    return true;
  }

  /** The parts of split values in a string. */
  partsIn(document: string, ordinal: number): readonly SplitPart[] {
    return this.#parts.get(document)?.get(ordinal) ?? [];
  }

  #markRuns(open: ReadonlyMap<StringPlace, Run>): void {
    for (const place of this.#changed) {
      const run = open.get(place);
      if (run === undefined) continue;
      const { pieces: { length: count }, length } = run;
      this.#markedRuns.push({ place, run, count, length });
    }
    this.#changed.clear();
  }

  /** Continues streams where they were at a mark: the last one of each place. */
  #resumeRuns(open: Map<StringPlace, Run>, marked: readonly MarkedRun[]): void {
    const last = new Map(marked.map((each) => [each.place, each]));
    for (const { place, run, count, length } of last.values()) {
      const pieces = run.pieces.slice(0, count);
      open.set(place, { pieces, overlap: run.overlap, length });
    }
    this.#markedRuns = [...last.values()];
  }

  #addOuter(place: StringPlace, location: StringLocation, edges: Edges): void {
    this.#outerStrings.push({ place, ordinal: location.ordinal, edges });
    this.#add(this.#outer, place, location, edges);
  }

  #add(
    { open, ended }: Streams,
    place: StringPlace,
    location: Pick<Piece, "document" | "ordinal">,
    { isLong, head, tail, offset }: Edges,
  ): void {
    const run = open.get(place);
    const last = run?.pieces.at(-1);
    if (run !== undefined && last && joins(last.text, head)) {
      run.pieces.push({ ...location, text: head, offset: 0 });
      run.length += head.length;
      if (!isLong && !isFull(run)) return;
      this.#end(run, ended);
      if (!isLong) return void open.set(place, lastOf(run));
    } else if (run !== undefined) this.#end(run, ended);
    const pieces = [{ ...location, text: tail, offset }];
    open.set(place, { pieces, overlap: 0, length: tail.length });
  }

  /** What is known of a document, which is walked from now on. */
  #enter(document: string): DocumentStreams {
    const current = this.#current;
    return current?.document === document
      ? current
      : this.#begin(document, undefined, 0);
  }

  #begin(
    document: string,
    same: DocumentStreams | undefined,
    repeated: number,
  ): DocumentStreams {
    this.#leave();
    const current: DocumentStreams = {
      document,
      repeated,
      repeats: [],
      open: new Map(),
      ended: [],
    };
    same?.repeats.push(current);
    this.#documents.push(current);
    this.#outerStrings = [];
    this.#markedRuns = [];
    this.#changed.clear();
    return this.#current = current;
  }

  #leave(): void {
    if (this.#current === undefined) return;
    const { open, ended } = this.#current;
    for (const run of open.values()) this.#end(run, ended);
    open.clear();
    this.#current = undefined;
  }

  /** Ends a stream, which is one of `runs` from now on. */
  #end(run: Run, runs: Run[]): void {
    const { pieces, overlap, length } = run;
    if (pieces.length < 2 || length === overlap) return;
    this.#kept += length;
    if (this.#kept <= MAX_KEPT) runs.push(run);
    const text = textOf(run);
    for (const finding of this.#detectors.scan(text)) {
      if (finding.end > overlap && this.#isSplit(pieces, finding, text)) {
        const { size } = this.#values;
        this.#values.add(text.slice(finding.start, finding.end), finding);
        if (this.#values.size > size) this.#found++;
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
        // One beside it, in the same string, decides nothing about it.
        const isPart = alone.some((each) =>
          each.end + start > finding.start && each.start + start < finding.end
        );
        if (isPart) return false;
      }
      start = end;
    }
    return true;
  }

  /** Calls `onPart` for each part of a value that is in several strings of a stream. */
  #search(
    run: Run,
    onPart: (piece: Piece, part: SplitPart) => void,
  ): void {
    const { pieces, overlap } = run;
    this.#values.search(textOf(run), ({ start, end, value }) => {
      const first = pieceAt(pieces, start);
      if (first === undefined || end <= first.end || end <= overlap) return;
      let at = 0;
      for (const piece of pieces) {
        const from = Math.max(start - at, 0);
        const to = Math.min(end - at, piece.text.length);
        if (from < to) {
          onPart(piece, {
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

  /** Notes a part in a document, and in those that repeat the stream with a number. */
  #noteAll(
    streams: DocumentStreams,
    stream: number,
    ordinal: number,
    part: SplitPart,
  ): void {
    // Each document may repeat the one before it: too many of them for the stack.
    const pending = [streams];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      this.#note({ document: at.document, ordinal }, part);
      for (const other of at.repeats) {
        if (stream < other.repeated) pending.push(other);
      }
    }
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

function areSame(a: readonly SplitPart[], b: readonly SplitPart[]): boolean {
  return a.length === b.length && a.every((part, at) => {
    const other = b[at];
    return part.start === other?.start && part.end === other.end &&
      part.value === other.value && part.isFirst === other.isFirst;
  });
}

/** Whether the rest of a value is none of the words that follow one. */
function isRandom(rest: string): boolean {
  return rest.length >= 4 && /\d/.test(rest) && /[A-Za-z]/.test(rest);
}

/**
 * Stretches of a stream of strings, in which values may be split.
 *
 * @module
 */

import { codeAt, ownText } from "../detect/code_at.ts";

/** One string of a stream, or an end of a long one. */
export interface Piece {
  /** The document, where the stream is one over several documents. */
  readonly document: string | undefined;
  readonly ordinal: number;
  readonly text: string;
  /** Offset of `text` in the string. */
  readonly offset: number;
}

/** A stretch of a stream. */
export interface Run {
  readonly pieces: Piece[];
  /** Characters at its start that are the end of the stretch before it. */
  readonly overlap: number;
  /** Characters. */
  length: number;
}

/** What of a string is compared with its neighbors: all of it, or its ends if it is long. */
export interface Edges {
  readonly isLong: boolean;
  readonly head: string;
  readonly tail: string;
  /** Offset of `tail` in the string. */
  readonly offset: number;
}

/** Characters of a long string that are compared with its neighbors. */
const MAX_EDGE = 4096;
/** 1 for what may be inside a word, by code. */
const INSIDE_WORD = new Uint8Array(128);
for (let code = 0; code < INSIDE_WORD.length; code++) {
  if (/[A-Za-z0-9_+/=.@:%-]/.test(String.fromCharCode(code))) {
    INSIDE_WORD[code] = 1;
  }
}
const OPEN_KEY = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?![^]*-{4,5} ?END )/;

/**
 * Strings, and characters, of one stretch of a stream. The next one overlaps it, so that a value is
 * found that is in both. Streams are long: each request repeats those of the request before it.
 */
const MAX_PIECES = 1024;
const MAX_RUN = 4 * MAX_EDGE;

/** Whether a stretch is long enough. */
export function isFull({ pieces, length }: Run): boolean {
  return pieces.length >= MAX_PIECES || length >= MAX_RUN;
}

/** Returns the end of a stretch, with which the next one begins: half of it at most. */
export function lastOf({ pieces }: Run): Run {
  const last: Piece[] = [];
  let length = 0;
  for (let at = pieces.length - 1; last.length < MAX_PIECES / 2; at--) {
    const piece = pieces[at];
    if (piece === undefined || length + piece.text.length > MAX_RUN / 2) break;
    last.push(piece);
    length += piece.text.length;
  }
  return { pieces: last.reverse(), overlap: length, length };
}

/** The strings, one after another. */
export function textOf({ pieces }: Run): string {
  return pieces.map(({ text }) => text).join("");
}

/** Returns what of a string is compared with its neighbors. */
export function edgesOf(text: string): Edges {
  if (text.length <= 2 * MAX_EDGE) {
    const own = ownText(text);
    return { isLong: false, head: own, tail: own, offset: 0 };
  }
  const head = ownText(text.slice(0, MAX_EDGE));
  const offset = text.length - MAX_EDGE;
  return { isLong: true, head, tail: ownText(text.slice(offset)), offset };
}

/** Whether a word, or a key, may continue from one string to the next one. */
export function joins(before: string, after: string): boolean {
  return INSIDE_WORD[codeAt(before, before.length - 1)] === 1 &&
      INSIDE_WORD[codeAt(after, 0)] === 1 ||
    before.includes("PRIVATE KEY") && OPEN_KEY.test(before);
}

/** The piece that an offset is in, and where it is. */
export function pieceAt(
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

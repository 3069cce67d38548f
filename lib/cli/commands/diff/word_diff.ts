/**
 * Two texts compared word by word.
 *
 * @module
 */

import { diffArrays } from "diff";

/** A piece of both texts; where nothing differs, `before` and `after` are the same. */
export interface WordPiece {
  readonly before: string;
  readonly after: string;
  readonly differs: boolean;
}

/** An id, a path or a number is one word; so is a stretch of spaces, or any other character. */
const WORDS = /[\p{L}\p{N}_/](?:[\p{L}\p{N}_.:/-]*[\p{L}\p{N}_/])?|\s+|[^]/gu;
/** More edits than these are another text. */
const MAX_EDITS = 400;

/** The pieces of two texts, in order; `undefined` where they differ in too much. */
export function wordPieces(a: string, b: string): WordPiece[] | undefined {
  const changes = diffArrays(wordsOf(a), wordsOf(b), {
    maxEditLength: MAX_EDITS,
  });
  const pieces = changes?.map(({ value, added, removed }): WordPiece => {
    const text = value.join("");
    return {
      before: added ? "" : text,
      after: removed ? "" : text,
      differs: added || removed,
    };
  });
  return pieces === undefined ? undefined : joined(withoutBridges(pieces));
}

function wordsOf(text: string): string[] {
  return text.match(WORDS) ?? [];
}

/** Differences with no more than spaces between them are one. */
function withoutBridges(pieces: readonly WordPiece[]): WordPiece[] {
  return pieces.map((piece, at) => {
    const isBridge = piece.before.trim() === "" &&
      pieces[at - 1]?.differs === true && pieces[at + 1]?.differs === true;
    return isBridge ? { ...piece, differs: true } : piece;
  });
}

function joined(pieces: readonly WordPiece[]): WordPiece[] {
  const merged: WordPiece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last?.differs === true && piece.differs) {
      merged[merged.length - 1] = {
        before: last.before + piece.before,
        after: last.after + piece.after,
        differs: true,
      };
    } else merged.push(piece);
  }
  return merged;
}

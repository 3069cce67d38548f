/**
 * The hits of one object: all are counted, the first are kept.
 *
 * @module
 */

import type { SearchHit } from "./search_answer.ts";
import type { SearchPattern, TextMatch } from "./search_pattern.ts";

/** Of the text on each side of a match. */
const CONTEXT = 160;
const LONGEST_MATCH = 200;

/** Collects the hits of one object. */
export class HitList {
  /** How many there are. */
  count = 0;
  /** The first of them. */
  readonly hits: SearchHit[] = [];
  readonly #most: number;

  /** Keeps `most` hits. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Searches one field; `field` is asked for its name when there is a hit to keep. */
  search(pattern: SearchPattern, text: string, field: () => string): void {
    for (const match of pattern.matches(text)) {
      this.count++;
      if (this.hits.length < this.#most) {
        this.hits.push(hitOf(text, match, field()));
      }
    }
  }
}

function hitOf(text: string, { start, end }: TextMatch, field: string) {
  return {
    field,
    offset: start,
    length: end - start,
    before: whole(text, Math.max(0, start - CONTEXT), start),
    match: whole(text, start, Math.min(end, start + LONGEST_MATCH)),
    after: whole(text, end, Math.min(text.length, end + CONTEXT)),
  };
}

/** A piece of the text that holds no half of a character; copied, so that the text may go. */
function whole(text: string, start: number, end: number): string {
  const piece = text.slice(start, end)
    .replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "");
  return JSON.parse(JSON.stringify(piece));
}

/**
 * The hits of one object: all are counted, the first are kept.
 *
 * @module
 */

import type { ObjectRef } from "../session/names/object_kind.ts";
import type { SearchHit } from "./search_answer.ts";
import type { SearchPattern, TextMatch } from "./search_pattern.ts";

/** Of the text on each side of a match. */
const CONTEXT = 160;
const MAX_MATCH = 200;

/** Returns the object of the graph that already has a text, if there is one. */
export type OwnerOf = (text: string) => ObjectRef | undefined;

const NO_OWNER: OwnerOf = () => undefined;

/** Hits of all objects that are counted: each takes a microsecond or two to find. */
export const MAX_COUNTED_HITS = 500_000;

/** How many more hits of a search are counted; an object has its first ones in any case. */
export interface HitBudget {
  left: number;
}

/** Collects the hits of one object. */
export class HitList {
  /** How many there are. */
  count = 0;
  /** How many of them are copies of hits of other objects. */
  copied = 0;
  /** Whether there are more, which were not counted. */
  hasMore = false;
  readonly #budget: HitBudget;
  readonly #own: SearchHit[] = [];
  readonly #copies: SearchHit[] = [];
  readonly #owners: Map<string, ObjectRef> = new Map();
  readonly #maxHits: number;
  readonly #ownerOf: OwnerOf;

  /** Keeps `maxHits` hits, and counts what `budget` has left. */
  constructor(
    maxHits: number,
    budget: HitBudget,
    ownerOf: OwnerOf = NO_OWNER,
  ) {
    this.#maxHits = maxHits;
    this.#budget = budget;
    this.#ownerOf = ownerOf;
  }

  /** The first of them; those that are no copies are first. */
  get hits(): SearchHit[] {
    return [...this.#own, ...this.#copies].slice(0, this.#maxHits);
  }

  /** The objects that have some of them already. */
  get owners(): ObjectRef[] {
    return [...this.#owners.values()];
  }

  /** Counts the entire text as one hit: it is encrypted content that the pattern names by its ends. */
  addEntireText(text: string, field: string): void {
    this.count++;
    if (this.#own.length >= this.#maxHits) return;
    this.#own.push(hitOf(text, { start: 0, end: text.length }, field, null));
  }

  /** Searches one field; `field` is asked for its name when there is a hit to keep. */
  search(pattern: SearchPattern, text: string, field: () => string): void {
    let owner: ObjectRef | undefined;
    let isFirst = true;
    for (const match of pattern.matches(text)) {
      if (this.#budget.left <= 0 && this.count >= this.#maxHits) {
        this.hasMore = true;
        return;
      }
      this.#budget.left--;
      if (isFirst) owner = this.#ownerOf(text);
      isFirst = false;
      this.count++;
      if (owner !== undefined) {
        this.copied++;
        this.#owners.set(owner.handle, owner);
      }
      const kept = owner === undefined ? this.#own : this.#copies;
      if (kept.length < this.#maxHits) {
        kept.push(hitOf(text, match, field(), owner ?? null));
      }
    }
  }
}

function hitOf(
  text: string,
  { start, end }: TextMatch,
  field: string,
  owner: ObjectRef | null,
): SearchHit {
  return {
    field,
    offset: start,
    length: end - start,
    before: sliceCharacters(text, Math.max(0, start - CONTEXT), start),
    match: sliceCharacters(text, start, Math.min(end, start + MAX_MATCH)),
    after: sliceCharacters(text, end, Math.min(text.length, end + CONTEXT)),
    copy_of: owner,
  };
}

/** A piece of the text that holds no half of a character; copied, so that the text may go. */
function sliceCharacters(text: string, start: number, end: number): string {
  const piece = text.slice(start, end)
    .replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "");
  return JSON.parse(JSON.stringify(piece));
}

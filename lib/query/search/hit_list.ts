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
const LONGEST_MATCH = 200;

/** Tells which object of the graph says a text already, if one does. */
export type TellerOf = (text: string) => ObjectRef | undefined;

const NOBODY: TellerOf = () => undefined;

/** Collects the hits of one object. */
export class HitList {
  /** How many there are. */
  count = 0;
  /** How many of them other objects tell already. */
  copied = 0;
  readonly #own: SearchHit[] = [];
  readonly #copies: SearchHit[] = [];
  readonly #tellers: Map<string, ObjectRef> = new Map();
  readonly #most: number;
  readonly #tellerOf: TellerOf;

  /** Keeps `most` hits. */
  constructor(most: number, tellerOf: TellerOf = NOBODY) {
    this.#most = most;
    this.#tellerOf = tellerOf;
  }

  /** The first of them: those that no other object tells come first. */
  get hits(): SearchHit[] {
    return [...this.#own, ...this.#copies].slice(0, this.#most);
  }

  /** The objects that tell some of them already. */
  get tellers(): ObjectRef[] {
    return [...this.#tellers.values()];
  }

  /** Searches one field; `field` is asked for its name when there is a hit to keep. */
  search(pattern: SearchPattern, text: string, field: () => string): void {
    let teller: ObjectRef | undefined;
    let isFirst = true;
    for (const match of pattern.matches(text)) {
      if (isFirst) teller = this.#tellerOf(text);
      isFirst = false;
      this.count++;
      if (teller !== undefined) {
        this.copied++;
        this.#tellers.set(teller.handle, teller);
      }
      const kept = teller === undefined ? this.#own : this.#copies;
      if (kept.length < this.#most) {
        kept.push(hitOf(text, match, field(), teller ?? null));
      }
    }
  }
}

function hitOf(
  text: string,
  { start, end }: TextMatch,
  field: string,
  teller: ObjectRef | null,
): SearchHit {
  return {
    field,
    offset: start,
    length: end - start,
    before: whole(text, Math.max(0, start - CONTEXT), start),
    match: whole(text, start, Math.min(end, start + LONGEST_MATCH)),
    after: whole(text, end, Math.min(text.length, end + CONTEXT)),
    copy_of: teller,
  };
}

/** A piece of the text that holds no half of a character; copied, so that the text may go. */
function whole(text: string, start: number, end: number): string {
  const piece = text.slice(start, end)
    .replace(/^[\udc00-\udfff]/, "").replace(/[\ud800-\udbff]$/, "");
  return JSON.parse(JSON.stringify(piece));
}

/**
 * What a search found, without what payloads repeat: each copy is counted with its original.
 *
 * @module
 */

import type {
  ObjectHit,
  SearchAnswer,
} from "../../../query/search/search_answer.ts";

/** An object in the list. */
export interface Listed {
  /** What was found, with the hits that are listed. */
  readonly found: ObjectHit;
  /** The handles of payloads with the same text. */
  readonly copies: readonly string[];
}

/** What is listed, and how much is not. */
export interface Listing {
  readonly listed: readonly Listed[];
  /** Hits of what is listed. */
  readonly hits: number;
  /** Hits that are copies, and not listed. */
  readonly folded: number;
}

/** Everything that was found, copies included. */
export function everything({ objects, hit_count }: SearchAnswer): Listing {
  const listed = objects.map((found) => ({ found, copies: [] }));
  return { listed, hits: hit_count, folded: 0 };
}

/** What was found, without hits that an object of the graph has already. */
export function withoutCopies({ objects, hit_count }: SearchAnswer): Listing {
  const copies = new Map<string, string[]>();
  for (const { object, copy_of: originals } of objects) {
    for (const { handle } of originals) {
      const known = copies.get(handle);
      if (known === undefined) copies.set(handle, [object.handle]);
      else known.push(object.handle);
    }
  }
  const listed = objects
    .filter((each) => each.hit_count > each.copied_hit_count)
    .map((found) => ({
      found: {
        ...found,
        hit_count: found.hit_count - found.copied_hit_count,
        hits: found.hits.filter(({ copy_of: original }) => original === null),
      },
      copies: copies.get(found.object.handle) ?? [],
    }));
  const hits = listed.reduce((sum, { found }) => sum + found.hit_count, 0);
  return { listed, hits, folded: hit_count - hits };
}

/**
 * The object to ask about: a tool that is called so, else the first object of the graph; a
 * payload only where there is nothing else.
 */
export function bestSuggestion(
  listed: readonly Listed[],
): ObjectHit | undefined {
  const all = listed.map(({ found }) => found);
  return all.find(({ object: { kind } }) => kind === "tool_call") ??
    all.find(({ object: { kind } }) => kind !== "payload") ?? all[0];
}

/**
 * Keys of the view of agents.
 *
 * @module
 */

/** Keys and what they do, for the help. */
export const AGENTS_KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["Tab", "the next thread, edge, or end of an edge"],
  ["Enter", "open its details"],
];

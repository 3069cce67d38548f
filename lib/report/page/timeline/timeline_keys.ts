/**
 * Keys of the timeline.
 *
 * @module
 */

/** Keys and what they do, for the help. */
export const TIMELINE_KEYS: readonly (readonly [keys: string, what: string])[] =
  [];

/**
 * Keys of the transcript.
 *
 * @module
 */

/** Keys and what they do, for the help. */
export const TRANSCRIPT_KEYS:
  readonly (readonly [keys: string, what: string])[] = [
    ["j ↓ / k ↑", "next or previous item; in every list"],
    ["Home, End", "first or last item; in every list"],
    ["Enter", "details of the item; in every list"],
    ["[ / ]", "previous or next LLM request"],
    ["n", "first item that is new in this request"],
  ];

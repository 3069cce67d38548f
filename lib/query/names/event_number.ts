/**
 * Words that mean an event: its number, alone or as `seq:9`.
 *
 * A word of digits is never the beginning of an id, so that one number means the same event
 * whatever ids a bundle holds.
 *
 * @module
 */

const EVENT_NUMBER = /^(?:seq:)?(\d{1,20})$/;

/** The number of the event that a word means; `undefined` where it means none. */
export function eventNumber(word: string): bigint | undefined {
  const digits = EVENT_NUMBER.exec(word)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

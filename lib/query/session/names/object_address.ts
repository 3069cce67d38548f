/**
 * The address of an object in the page of a report: what follows `#`.
 *
 * @module
 */

import { HANDLE_WORDS, type ObjectRef } from "./object_kind.ts";

/**
 * Returns the address of an object, such as `#call=3`; in a page of several sessions, that of the
 * first is the same as in a page of one.
 *
 * @param session The number of the session in the page, from 1 on.
 */
export function objectAddress(
  session: number,
  { kind, id, handle }: ObjectRef,
): string {
  const word = HANDLE_WORDS[kind];
  const number = handle.slice(word.length + 1);
  const isNumber = handle.startsWith(`${word}:`) && /^\d+$/.test(number);
  const words = new URLSearchParams();
  if (session > 1) words.set("s", `${session}`);
  words.set(word, isNumber ? number : id);
  return `#${words}`;
}

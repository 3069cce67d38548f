/**
 * What the address of a page of several sessions shows: one of them, or a comparison.
 *
 * @module
 */

/** A session, or the first compared with another; sessions are counted from 1. */
export interface SessionPlace {
  readonly type: "session" | "comparison";
  readonly session: number;
}

/** Reads the address. Without anything, the page compares the first two sessions. */
export function readSessionPlace(hash: string, count: number): SessionPlace {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const numberIn = (name: string, from: number) => {
    const number = Number(words.get(name));
    return Number.isInteger(number) && number >= from && number <= count
      ? number
      : null;
  };
  const other = numberIn("compare", 2);
  if (other !== null) return { type: "comparison", session: other };
  const session = numberIn("s", 1);
  if (session !== null) return { type: "session", session };
  return [...words].length === 0
    ? { type: "comparison", session: 2 }
    : { type: "session", session: 1 };
}

/** The address of a place. */
export function placeHref({ type, session }: SessionPlace): string {
  return type === "comparison"
    ? `#compare=${session}`
    : `#s=${session}&view=overview`;
}

/**
 * What the address of a page of several sessions shows: one of them, or a comparison.
 *
 * @module
 */

/** A session, or the first compared with another; sessions are counted from 1. */
export type SessionPlace =
  | { readonly type: "session"; readonly session: number }
  | {
    readonly type: "comparison";
    readonly session: number;
    /** The pairs of turns that are open, by their numbers in the comparison, from 1. */
    readonly open: readonly number[];
  };

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
  const open = openIn(words.get("open") ?? "");
  if (other !== null) return { type: "comparison", session: other, open };
  const session = numberIn("s", 1);
  if (session !== null) return { type: "session", session };
  return [...words].length === 0
    ? { type: "comparison", session: 2, open: [] }
    : { type: "session", session: 1 };
}

function openIn(words: string): number[] {
  const numbers = words.split("_").filter((each) =>
    /^[1-9]\d{0,8}$/.test(each)
  );
  return [...new Set(numbers.map(Number))];
}

/** The address of a place. */
export function placeHref(place: SessionPlace): string {
  const { type, session } = place;
  if (type === "session") return `#s=${session}&view=overview`;
  const open = place.open.length === 0 ? "" : `&open=${place.open.join("_")}`;
  return `#compare=${session}${open}`;
}

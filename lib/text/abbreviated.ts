/**
 * Long texts named by their ends, as providers name encrypted content: `gAAA...CwHs`.
 *
 * @module
 */

/** The start and the end of a longer text. */
export interface TextEnds {
  /** The characters before the ellipsis. */
  readonly start: string;
  /** The characters after it. */
  readonly end: string;
}

/** Shorter ends could be those of any text. */
const ENDS = /([\w+/=-]{3,64})(?:\.{3}|…)([\w+/=-]{3,64})/gu;

/** The ends that a text consists of; null where it is anything else. */
export function endsOf(text: string): TextEnds | null {
  const [first] = endsIn(text);
  if (first === undefined) return null;
  const { start, end } = first;
  const isAll = [`${start}...${end}`, `${start}…${end}`].includes(text.trim());
  return isAll ? first : null;
}

/** The ends of longer texts that a text, such as an error, names. */
export function endsIn(text: string): TextEnds[] {
  return Array.from(text.matchAll(ENDS), ([, start = "", end = ""]) => ({
    start,
    end,
  }));
}

/** Whether a text begins and ends so, and has more between. */
export function hasEnds(text: string, { start, end }: TextEnds): boolean {
  return text.length > start.length + end.length && text.startsWith(start) &&
    text.endsWith(end);
}

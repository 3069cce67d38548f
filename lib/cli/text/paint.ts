/**
 * Colour, where it means something: what failed, what is unsure, what a heading is.
 *
 * @module
 */

/** Gives a text a meaning that is seen; it never changes what the text says. */
export interface Paint {
  /** What the eye should find first. */
  heading(text: string): string;
  /** What went wrong. */
  bad(text: string): string;
  /** What needs a second look. */
  odd(text: string): string;
  /** What went well; only beside things that did not. */
  good(text: string): string;
  /** What can be typed into the next command. */
  name(text: string): string;
  /** What matters less than what stands beside it. */
  faint(text: string): string;
  /** The key of a member in JSON. */
  key(text: string): string;
  /** A text in JSON. */
  text(text: string): string;
  /** A number, or one of JSON's words. */
  value(text: string): string;
}

const same = (text: string) => text;
const PLAIN: Paint = {
  heading: same,
  bad: same,
  odd: same,
  good: same,
  name: same,
  faint: same,
  key: same,
  text: same,
  value: same,
};
/**
 * SGR codes of ECMA-48, written here: libraries look at NO_COLOR themselves, over which a user's
 * `--color always` has the last word.
 */
const COLOURED: Paint = {
  heading: styled(1, 22),
  bad: styled(31, 39),
  odd: styled(33, 39),
  good: styled(32, 39),
  name: styled(36, 39),
  faint: styled(2, 22),
  key: styled(34, 39),
  text: styled(32, 39),
  value: styled(35, 39),
};

/** Begins anew what a style inside ended. */
function styled(on: number, off: number): (text: string) => string {
  const [begin, end] = [`\x1b[${on}m`, `\x1b[${off}m`];
  return (text) => begin + text.replaceAll(end, begin) + end;
}

/** The paint for a terminal that shows colour, or for one that does not. */
export function paintFor(color: boolean): Paint {
  return color ? COLOURED : PLAIN;
}

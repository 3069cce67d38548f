/**
 * Colour, where it means something: what failed, what is unsure, what a heading is.
 *
 * @module
 */

import styles from "ansi-styles";

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
const COLOURED: Paint = {
  heading: styled(styles.bold),
  bad: styled(styles.red),
  odd: styled(styles.yellow),
  good: styled(styles.green),
  name: styled(styles.cyan),
  faint: styled(styles.dim),
  key: styled(styles.blue),
  text: styled(styles.green),
  value: styled(styles.magenta),
};

/** The paint for a terminal that shows colour, or for one that does not. */
export function paintFor(color: boolean): Paint {
  return color ? COLOURED : PLAIN;
}

/** Puts a text between the codes of a style; it goes on after a style inside of it. */
function styled(
  { open, close }: { readonly open: string; readonly close: string },
): (text: string) => string {
  return (text) => `${open}${text.replaceAll(close, open)}${close}`;
}

/**
 * Colour, where it means something: what failed, what is unsure, what a heading is.
 *
 * @module
 */

import styles from "ansi-styles";

/** Gives a text a meaning that is seen; it never changes what the text says. */
export interface Style {
  /** What the eye should find first. */
  heading(text: string): string;
  /** What went wrong. */
  error(text: string): string;
  /** What needs a second look. */
  warning(text: string): string;
  /** What went well; only beside things that did not. */
  success(text: string): string;
  /** What can be typed into the next command. */
  id(text: string): string;
  /** What matters less than what stands beside it. */
  dim(text: string): string;
  /** The key of a member in JSON. */
  key(text: string): string;
  /** A text in JSON. */
  text(text: string): string;
  /** A number, or one of JSON's words. */
  value(text: string): string;
}

const same = (text: string) => text;
const PLAIN: Style = {
  heading: same,
  error: same,
  warning: same,
  success: same,
  id: same,
  dim: same,
  key: same,
  text: same,
  value: same,
};
const COLOURED: Style = {
  heading: styled(styles.bold),
  error: styled(styles.red),
  warning: styled(styles.yellow),
  success: styled(styles.green),
  id: styled(styles.cyan),
  dim: styled(styles.dim),
  key: styled(styles.blue),
  text: styled(styles.green),
  value: styled(styles.magenta),
};

/** The style for a terminal that shows colour, or for one that does not. */
export function styleFor(color: boolean): Style {
  return color ? COLOURED : PLAIN;
}

/** Puts a text between the codes of a style; it goes on after a style inside of it. */
function styled(
  { open, close }: { readonly open: string; readonly close: string },
): (text: string) => string {
  return (text) => `${open}${text.replaceAll(close, open)}${close}`;
}

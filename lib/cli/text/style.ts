/**
 * Colors, where they have a meaning: errors, warnings, headings.
 *
 * @module
 */

import styles from "ansi-styles";

/** Marks the meaning of a text; it never changes the text. */
export interface Style {
  /** What the eye should find first. */
  heading(text: string): string;
  error(text: string): string;
  warning(text: string): string;
  /** A success; only beside errors. */
  success(text: string): string;
  /** What can be typed into the next command. */
  id(text: string): string;
  /** What matters less than its surroundings. */
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

/** The style for a terminal that shows color, or for one that does not. */
export function styleFor(color: boolean): Style {
  return color ? COLOURED : PLAIN;
}

/** Puts a text between the codes of a style; it continues after a style inside of it. */
function styled(
  { open, close }: { readonly open: string; readonly close: string },
): (text: string) => string {
  return (text) => `${open}${text.replaceAll(close, open)}${close}`;
}

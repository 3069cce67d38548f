/**
 * Words of a shell. A file of its own: checks of paths load it, and with it no package.
 *
 * @module
 */

/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+,~-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

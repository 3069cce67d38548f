/**
 * Words of a shell. A file of its own: checks of paths load it, and with it no package.
 *
 * @module
 */

/** Returns a word as the shell of the system takes it: a POSIX shell, or those of Windows. */
export function shellWord(
  word: string,
  isWindows = Deno.build.os === "windows",
): string {
  if (isWindows) return windowsWord(word);
  // A shell replaces "~" and "=" at the start of a word.
  return /^[\w./:@%+,-][\w./:=@%+,~-]*$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A word that cmd and PowerShell take as the same. What either expands between double quotes is for
 * PowerShell alone, in single ones.
 */
function windowsWord(word: string): string {
  if (/^[\w./:=+~\\-][\w./:=@+~\\-]*$/.test(word)) return word;
  return /["$`%!]/.test(word)
    ? `'${word.replaceAll("'", "''")}'`
    : `"${word.replace(/\\+$/, "$&$&")}"`;
}

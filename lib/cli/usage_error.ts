/**
 * A command line that cannot be obeyed, what the user may have meant, and a checkout that lacks
 * what the command needs.
 *
 * @module
 */

/** The command line has to change: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do about it, one line. */
  readonly hint: string | undefined;
  /** How the command is called, one line, once the command is known. */
  readonly usage: string | undefined;

  /** `message` says what is wrong, `hint` what to do. */
  constructor(message: string, hint?: string, usage?: string) {
    super(message);
    this.hint = hint;
    this.usage = usage;
  }

  /** The same error, told with the first line of the command's help. */
  inCommand(help: string): UsageError {
    return new UsageError(this.message, this.hint, help.split("\n", 1)[0]);
  }
}

/** Something that the command needs was not made yet: exit code 2. */
export class SetupError extends Error {
  override readonly name = "SetupError";
  /** What to do about it, one line. */
  readonly hint: string;

  /** `message` says what is missing, `hint` what to do. */
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** How many letters may differ before a word is another word. */
const MOST_TYPOS = 2;
/** In shorter words, one letter makes all the difference, but for two that changed places. */
const LONG_WORD = 5;

/** The word of `known` that `word` was probably meant to be. */
export async function meantWord(
  word: string,
  known: readonly string[],
): Promise<string | undefined> {
  const { closestString, levenshteinDistance } = await import(
    "./word_distance.ts"
  );
  // Longer than any known word by more than the typos: no need to measure, however long it is.
  const longest = Math.max(...known.map((each) => each.length));
  if (known.length === 0 || word.length > longest + MOST_TYPOS) return;
  const nearest = closestString(word, known);
  const prefix = word.length >= 2 && nearest.startsWith(word);
  const typos = levenshteinDistance(word, nearest);
  const isMeant = prefix ||
    typos <= (word.length < LONG_WORD ? 1 : MOST_TYPOS) ||
    typos <= MOST_TYPOS && sorted(word) === sorted(nearest);
  return isMeant ? nearest : undefined;
}

function sorted(word: string): string {
  return [...word].sort().join("");
}

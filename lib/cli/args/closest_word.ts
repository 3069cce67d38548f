/**
 * The word that a user probably meant.
 *
 * @module
 */

/** How many letters may differ before a word is another word. */
const MAX_TYPOS = 2;
/** Shorter words may differ in one letter, or in two that changed places. */
const MIN_LONG_WORD = 5;

/** The word of `known` that the user probably meant by `word`; `undefined` where none is close. */
export async function closestWord(
  word: string,
  known: readonly string[],
): Promise<string | undefined> {
  const { closest, distance } = await import("./word_distance.ts");
  // A longer word cannot be close to any: measuring it would take long.
  const longest = Math.max(...known.map(({ length }) => length));
  if (known.length === 0 || word.length > longest + MAX_TYPOS) return;
  const nearest = closest(word, known);
  const isPrefix = word.length >= 2 && nearest.startsWith(word);
  const typos = distance(word, nearest);
  const isClose = isPrefix ||
    typos <= (word.length < MIN_LONG_WORD ? 1 : MAX_TYPOS) ||
    typos <= MAX_TYPOS && sortedLetters(word) === sortedLetters(nearest);
  return isClose ? nearest : undefined;
}

/** What an error about an unknown word adds: `; did you mean "show"?`, or nothing. */
export async function suggestion(
  word: string,
  known: readonly string[],
  prefix = "",
): Promise<string> {
  const close = await closestWord(word, known);
  return close === undefined ? "" : `; did you mean "${prefix}${close}"?`;
}

function sortedLetters(word: string): string {
  return [...word].sort().join("");
}

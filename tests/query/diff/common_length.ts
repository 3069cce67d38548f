/**
 * A slower way to align two lists, to compare with.
 *
 * @module
 */

/** The length of the longest common subsequence, by the table. */
export function commonLength(
  a: readonly string[],
  b: readonly string[],
): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const each of a) {
    const next = [0];
    b.forEach((other, at) => {
      next.push(
        each === other
          ? (row[at] ?? 0) + 1
          : Math.max(row[at + 1] ?? 0, next[at] ?? 0),
      );
    });
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The largest of any number of numbers: a call takes only so many arguments.
 *
 * @module
 */

/** The largest of `values`, but at least `least`. */
export function largest(values: Iterable<number>, least = 0): number {
  let most = least;
  for (const value of values) if (value > most) most = value;
  return most;
}

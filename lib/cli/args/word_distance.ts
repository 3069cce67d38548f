/**
 * Distances between words; loaded only when a word on the command line is unknown.
 *
 * @module
 */

export { closestString } from "@std/text/closest-string";
export { levenshteinDistance } from "@std/text/levenshtein-distance";

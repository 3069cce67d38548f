/**
 * How alike words are; loaded when a word on the command line is none that is known.
 *
 * @module
 */

export { closestString } from "@std/text/closest-string";
export { levenshteinDistance } from "@std/text/levenshtein-distance";

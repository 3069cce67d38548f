/**
 * Distances between words; loaded only when a word on the command line is unknown.
 *
 * @module
 */

export { closest, distance } from "fastest-levenshtein";

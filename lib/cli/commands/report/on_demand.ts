/**
 * What only some reports need, to be loaded together: each entry of its own would split the files that
 * every start of the program loads.
 *
 * @module
 */

export { pageComparison } from "../../../report/build/page_comparison.ts";
export { watchReport } from "./watch/watch_report.ts";

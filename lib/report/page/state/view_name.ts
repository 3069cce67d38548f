/**
 * The views of the page.
 *
 * @module
 */

/** A view of the page. */
export type ViewName =
  | "overview"
  | "timeline"
  | "transcript"
  | "agents"
  | "search"
  | "log";

/** Every view, in the order of the tabs. */
export const VIEWS: readonly ViewName[] = [
  "overview",
  "timeline",
  "transcript",
  "agents",
  "search",
  "log",
];

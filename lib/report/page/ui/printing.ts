/**
 * Whether the page is being printed: then lists are drawn whole.
 *
 * @module
 */

import { createContext } from "preact";

/** True while the page is being printed. */
export const Printing = createContext(false);

/** Rows of a list that are printed at most. */
export const MOST_PRINTED = 3000;

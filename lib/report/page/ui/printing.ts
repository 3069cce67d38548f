/**
 * Whether the page is being printed: then lists and tables show everything.
 *
 * @module
 */

import { createContext } from "preact";

/** True while the page is being printed. */
export const Printing = createContext(false);

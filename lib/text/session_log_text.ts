/**
 * What answers about a session log lack.
 *
 * @module
 */

/** In one line. */
export const SESSION_LOG_TEXT = "session log: no requests, no runtime evidence";

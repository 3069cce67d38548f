/**
 * Keys of the timeline.
 *
 * @module
 */

/** Keys and what they do, for the help. */
export const TIMELINE_KEYS: readonly (readonly [keys: string, what: string])[] =
  [
    ["← →", "previous or next span; with a filter, the next one that matches"],
    ["↓ ↑", "into the span, and out of it"],
    ["Page Up, Page Down", "the thread above or below"],
    ["Home, End", "the first or last span"],
    ["e, Shift+e", "the next or previous edge between threads"],
    ["Enter", "open the details"],
    ["+ −", "zoom in or out"],
    ["Shift+← →", "move in time"],
    ["0", "the complete session"],
    ["z", "zoom to the span"],
  ];

/**
 * Bundle text on the page: a text node, isolated so that it turns no neighbour around.
 *
 * @module
 */

import { shown, shownLine } from "./shown.ts";

/** A short text, on one line. */
export function Text({ value, most }: { value: string; most?: number }) {
  return <bdi class="text">{shownLine(value, most)}</bdi>;
}

/** A name, an id or a path: in type of one width, and never cut. */
export function Code({ value }: { value: string }) {
  return <code class="id" dir="ltr">{shown(value)}</code>;
}

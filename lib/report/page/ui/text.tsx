/**
 * Text of the bundle as a text node, isolated so that it cannot change the direction of other text.
 *
 * @module
 */

import { escapeLine, escapeText } from "./escape.ts";

/** A short text, on one line. */
export function Text({ value, max }: { value: string; max?: number }) {
  return <bdi class="text">{escapeLine(value, max)}</bdi>;
}

/** A name, an id or a path, in a monospaced font and never truncated. */
export function Code({ value }: { value: string }) {
  return <code class="id" dir="ltr">{escapeText(value)}</code>;
}

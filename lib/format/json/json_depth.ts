/**
 * How deep a text nests, told before anything parses it: a parser needs memory and time for
 * every level, even if it refuses the text in the end.
 *
 * @module
 */

/**
 * How deep what nobody looks into may nest, where nothing else is said: the value of a key that
 * the format does not know, or a payload that is merely checked.
 */
export const DEEPEST_SKIPPED = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Whether arrays and objects nest deeper than `depth` anywhere. `text` need not be JSON. */
export function nestsDeeper(text: string, depth: number): boolean {
  return deepOffset(text, depth) >= 0;
}

/** Offset of the first container beyond `most` levels, -1 when there is none. */
export function deepOffset(text: string, most: number): number {
  if (text.length <= most || !hasOpeners(text, most)) return -1;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = text.indexOf('"', i + 1);
        while (i >= 0 && isEscaped(text, i)) i = text.indexOf('"', i + 1);
        if (i < 0) return -1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > most) return i;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
    }
  }
  return -1;
}

/** Whether the text has more than `most` opening brackets, those in strings included. */
function hasOpeners(text: string, most: number): boolean {
  let count = 0;
  for (const opener of ["{", "["]) {
    for (
      let i = text.indexOf(opener);
      i >= 0;
      i = text.indexOf(opener, i + 1)
    ) {
      if (++count > most) return true;
    }
  }
  return false;
}

/** Whether the character at `index` follows an odd number of backslashes. */
export function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (index - first) % 2 === 1;
}

/**
 * Finds a text in the ends of several others, one piece after the other.
 *
 * @module
 */

/**
 * For each text, how much of `output` its end holds, from where the text before left off; 0
 * where it holds nothing.
 */
export function sharesOf(output: string, texts: readonly string[]): number[] {
  let at = 0;
  return texts.map((text) => {
    const length = overlap(output.slice(at, at + text.length), text);
    at += length;
    return length;
  });
}

/** The longest beginning of `pattern` that is the end of `text`. */
function overlap(pattern: string, text: string): number {
  const borders = bordersOf(pattern);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (length === pattern.length) length = borders[length - 1] ?? 0;
    while (length > 0 && pattern.charCodeAt(length) !== unit) {
      length = borders[length - 1] ?? 0;
    }
    if (pattern.charCodeAt(length) === unit) length++;
  }
  return length;
}

/** For each beginning of a text, the longest shorter beginning that is also its end. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    while (length > 0 && text.charCodeAt(length) !== unit) {
      length = borders[length - 1] ?? 0;
    }
    if (text.charCodeAt(length) === unit) length++;
    borders[at] = length;
  }
  return borders;
}

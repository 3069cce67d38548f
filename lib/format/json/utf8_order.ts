/**
 * The order of strings by their UTF-8 bytes, in which the reference sorts every map.
 *
 * JavaScript compares UTF-16 units, which sorts U+10000 and up (surrogates) before U+E000.
 *
 * @module
 */

const SURROGATE = /[\ud800-\udfff]/;

/** Compares two strings by their UTF-8 bytes: negative, zero or positive. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  return byteRank(a.charCodeAt(i)) - byteRank(b.charCodeAt(i));
}

/** Ranks a UTF-16 unit as its UTF-8 bytes rank: surrogates above all others. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Sorts strings in place by their UTF-8 bytes. */
export function sortUtf8(texts: string[]): string[] {
  // Without surrogates both orders agree, and the built-in one is several times faster.
  return texts.some((text) => SURROGATE.test(text))
    ? texts.sort(compareUtf8)
    : texts.sort();
}

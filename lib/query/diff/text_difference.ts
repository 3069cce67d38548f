/**
 * Where two texts differ, with the part of both that shows it.
 *
 * @module
 */

import { commonPrefix } from "./normalize_volatile.ts";

/** Two texts. */
export interface TextPair {
  /** Of the first. */
  readonly a: string;
  /** Of the second. */
  readonly b: string;
}

/** A place in each of two texts. */
export interface TextOffsets {
  /** In the first, counted from 0. */
  readonly a: number;
  /** In the second, counted from 0. */
  readonly b: number;
}

/** How two texts differ. */
export interface TextDifference {
  /** Both texts; of long ones a part, from shortly before they part. */
  readonly texts: TextPair;
  /** How many characters of both are before those. */
  readonly text_offset: number;
  /** Whether that is all of both. */
  readonly texts_complete: boolean;
  /** The first character that differs; null where the texts do not. */
  readonly differs_at: number | null;
  /** How many characters each begins with that differ in ids and times only. */
  readonly common_prefix: TextOffsets;
}

/** How much of long texts is kept, in characters. */
export interface TextWindow {
  /** At most. */
  readonly max: number;
  /** Before the first that differs. */
  readonly before: number;
}

/** Returns how two texts differ; `normalized` are the same texts without ids and times. */
export function textDifference(
  texts: TextPair,
  normalized: TextPair,
  { max, before }: TextWindow,
): TextDifference {
  const prefix = commonPrefix(texts.a, normalized.a, texts.b, normalized.b);
  const isLong = Math.max(texts.a.length, texts.b.length) > max;
  const real = firstDifference(
    texts.a.slice(prefix.a),
    texts.b.slice(prefix.b),
  );
  const parted = (real ?? 0) + Math.min(prefix.a, prefix.b);
  const from = isLong ? Math.max(0, parted - before) : 0;
  const part = (text: string) => text.slice(from, from + max);
  return {
    texts: { a: part(texts.a), b: part(texts.b) },
    text_offset: from,
    texts_complete: !isLong,
    differs_at: firstDifference(texts.a, texts.b),
    common_prefix: prefix,
  };
}

function firstDifference(a: string, b: string): number | null {
  if (a === b) return null;
  const least = Math.min(a.length, b.length);
  for (let at = 0; at < least; at++) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) return at;
  }
  return least;
}

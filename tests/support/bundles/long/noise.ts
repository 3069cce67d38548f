/**
 * Filler that looks like what a coding session holds: words, code, command output, ids.
 *
 * @module
 */

import { Prng } from "../random/prng.ts";

const WORDS =
  ("src main lib test error warning build cargo fn let const return if else match value index " +
    "buffer payload thread turn the of to and in is for on with as by at from path file line " +
    "column note help found expected type string number object array null true false async " +
    "await import export default class").split(" ");
const WIDE_WORDS = [
  "→",
  "│",
  "✓",
  "naïve",
  "日本語",
  "é",
  "—",
  "😀",
  "│──",
  "“so”",
] as const;
const BASE64 =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const LINE_LENGTH = 80;

/** A seeded source of filler. */
export class Noise {
  /** The chance behind it. */
  readonly prng: Prng;
  readonly #wide: number;

  /** Of a thousand words, `wide` are not ASCII. */
  constructor(seed: number, wide: number) {
    this.prng = new Prng(seed);
    this.#wide = wide / 1000;
  }

  /** At least `length` characters of words, with line feeds when `wrapped`. */
  text(length: number, wrapped = true): string {
    let text = "";
    let line = 0;
    while (text.length < length) {
      const word = this.#word();
      line += word.length + 1;
      const full = wrapped && line > LINE_LENGTH;
      if (full) line = 0;
      text += word + (full ? "\n" : " ");
    }
    return text;
  }

  /** At least `length` characters of what encryption leaves. */
  encrypted(length: number): string {
    let text = "gAAAAAB";
    while (text.length < length) text += BASE64[this.prng.int(64)];
    return text;
  }

  /** An id with a prefix, 24 digits long, like those a provider returns. */
  providerId(prefix: string): string {
    return `${prefix}_${this.prng.hex(24)}`;
  }

  #word(): string {
    const { prng } = this;
    let word = prng.pick(prng.chance(this.#wide) ? WIDE_WORDS : WORDS);
    if (prng.chance(0.05)) word = `"${word}"`;
    if (prng.chance(0.03)) word = `${word}\\${word}`;
    if (prng.chance(0.1)) word += String(prng.int(100_000));
    return word;
  }
}

/**
 * Walks a text in each way in which it can be read.
 *
 * A text with escapes of several kinds is read without those of the first kind, then without those of
 * the second one as well, and so on: in as many ways as there are kinds. All of their combinations
 * would take time that grows with the factorial of the kinds.
 *
 * @module
 */

import { type EscapeReading, READINGS } from "./escapes.ts";

/** Escapes may be inside one another: how many times all of them are read. */
const MAX_PASSES = 6;

/**
 * Returns a text with everything replaced that `walk` replaces in one of its readings; its other
 * escapes stay.
 *
 * @param onTooDeep Called if the text has escapes inside more others than are read.
 */
export function walkReadings(
  text: string,
  walk: (plain: string) => string,
  onTooDeep: () => void,
): string {
  const escaped = new EscapedText(text, walk);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    if (!escaped.walkAll()) return escaped.text;
  }
  onTooDeep();
  return escaped.text;
}

class EscapedText {
  /** The text, in which is replaced what was found. */
  text: string;
  readonly #walk: (plain: string) => string;
  /** What was read of it, one after the other; and the result. */
  readonly #done: EscapeReading[] = [];
  #plain: string;

  constructor(text: string, walk: (plain: string) => string) {
    this.text = text;
    this.#plain = text;
    this.#walk = walk;
  }

  /** Walks what the text is after each of the readings. Returns whether any changed it. */
  walkAll(): boolean {
    const before = this.#done.length;
    for (const reading of READINGS) {
      // What was removed may have been the end of a value.
      if (this.#done.some(({ isRemoval }) => isRemoval)) {
        this.#walkAlone(reading);
      }
      const plain = reading.read(this.#plain);
      if (plain === this.#plain) continue;
      this.#done.push(reading);
      this.#plain = plain;
      const walked = this.#walk(plain);
      if (walked !== plain) this.#replace(walked);
    }
    return this.#done.length > before;
  }

  #walkAlone(reading: EscapeReading): void {
    if (this.#done.includes(reading)) return;
    const plain = reading.read(this.text);
    if (plain === this.text) return;
    const walked = this.#walk(plain);
    if (walked === plain) return;
    this.text = reading.restore(this.text, walked);
    this.#plain = this.#done.reduce((read, each) => each.read(read), this.text);
  }

  /** Replaces in the text what `walked` has replaced. */
  #replace(walked: string): void {
    const texts = [this.text];
    for (const each of this.#done) texts.push(each.read(texts.at(-1) ?? ""));
    this.text = this.#done.reduceRight(
      (changed, reading, at) => reading.restore(texts[at] ?? "", changed),
      walked,
    );
    this.#plain = walked;
  }
}

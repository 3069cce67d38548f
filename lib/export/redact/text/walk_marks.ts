/**
 * The marks of a document that is walked: offsets in bytes, of a text.
 *
 * @module
 */

import { utf8Length } from "../../../text/utf8_length.ts";
import type { StringToken } from "./json_strings.ts";
import {
  MARK_DISTANCE,
  type Repetition,
  type WalkMark,
} from "./repeated_documents.ts";

const encoder = new TextEncoder();

/** Where a mark may be. */
export type MarkPlace = Pick<
  WalkMark<unknown>,
  "at" | "walkedAt" | "isReplaced"
>;

/** Finds where marks may be while the strings of a document are walked. */
export class WalkMarks<State> {
  /** Those of what the document repeats, and those that were added. */
  readonly marks: WalkMark<State>[];
  readonly #text: string;
  #isReplaced: boolean;
  /** The last mark: its offset in the text, in bytes, and in the bytes of what is walked. */
  #last = 0;
  #at: number;
  #walkedAt: number;
  #encoded = new Uint8Array(0);
  /** Bytes that strings after it grew by. */
  #longer = 0;

  /** @param text What the document does not repeat. */
  constructor(same: Repetition<unknown, State> | undefined, text: string) {
    const { at = 0, walkedAt = 0, isReplaced = false } = same?.mark ?? {};
    this.marks = same?.before.marks.filter((each) => each.at <= at) ?? [];
    this.#text = text;
    this.#at = at;
    this.#walkedAt = walkedAt;
    this.#isReplaced = isReplaced;
  }

  /** Whether anything was replaced. */
  get isReplaced(): boolean {
    return this.#isReplaced;
  }

  /** Notes what a string was walked to. Returns where a mark may be, if it is time for one. */
  pass(
    { raw, start }: Pick<StringToken, "raw" | "start">,
    walked: string,
  ): MarkPlace | undefined {
    if (walked !== raw) {
      this.#isReplaced = true;
      this.#longer += utf8Length(walked) - utf8Length(raw);
    }
    const end = start + raw.length + 1;
    // Whether a string is a key depends on what is after it: not on white space alone.
    if (end - this.#last < MARK_DISTANCE || !isSeparator(this.#text, end)) {
      return undefined;
    }
    const size = this.#sizeOf(this.#text.slice(this.#last, end));
    this.#last = end;
    this.#at += size;
    this.#walkedAt += size + this.#longer;
    this.#longer = 0;
    const { isReplaced } = this;
    return { at: this.#at, walkedAt: this.#walkedAt, isReplaced };
  }

  /** Bytes of a text: counted by the encoder, which is faster for a long one. */
  #sizeOf(text: string): number {
    const max = 3 * text.length;
    if (this.#encoded.length < max) this.#encoded = new Uint8Array(max);
    return encoder.encodeInto(text, this.#encoded).written;
  }

  /** Adds a mark, which is after the others. */
  add(mark: WalkMark<State>): void {
    this.marks.push(mark);
  }
}

/** Whether a comma, a colon or the end of an object or array is at an offset. */
function isSeparator(text: string, at: number): boolean {
  return SEPARATORS.includes(text.charAt(at)) && at < text.length;
}

const SEPARATORS = ",:]}";

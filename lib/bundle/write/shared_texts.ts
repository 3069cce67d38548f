/**
 * Texts that payloads repeat, such as the items of prompts: each is examined once and stored once.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";

/** A payload that is stored, or left out, and how long its text is. */
export interface StoredPayload {
  /** The reference to it. */
  readonly ref: RawPayloadRef;
  /** Bytes of its complete text with its parts, before truncation. */
  readonly bytes: number;
  /** Bytes of it that a reader composes: a missing part takes next to none. */
  readonly readable: number;
}

/** A string value in a text: from its first quote to after its last. */
export interface StringRange {
  /** Position of the first quote. */
  readonly start: number;
  /** Position after the last quote. */
  readonly end: number;
}

/** A call of the model: the item under a call id, and its content. */
export interface CallContent {
  /** The type of the item, and its call id. */
  readonly key: string;
  /** Hash of its content. */
  readonly content: number;
}

/** What readers take an item for: a call, another item, or nothing that is part of the conversation. */
export type ItemMeaning = CallContent | "item" | "ignored";

/** A text, and what is known of it. */
export interface SharedText {
  readonly text: string;
  /** Its strings that are stored apart from it. */
  separate: readonly StringRange[] | undefined;
  /** The payload that it is, if it is stored as a part of others. */
  stored: StoredPayload | undefined;
  /** What it is as an item, once it was found readable. */
  meaning: ItemMeaning | undefined;
}

/** Maximum number of text units that are kept. */
const MAX_LENGTH = 32 * 1024 * 1024;
/** Units of a longer text at its start and end that are its key. */
const KEY_PART = 1024;

/** The texts of one bundle. Those that were not used for long are forgotten, which only takes space. */
export class SharedTexts {
  readonly #maxLength: number;
  #recent = new Map<string, SharedText>();
  #recentLength = 0;
  /** What was not used since `recent` began. */
  #older = new Map<string, SharedText>();

  /** Knows no text. */
  constructor(maxLength: number = MAX_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** A text that is known, `undefined` if it is not. */
  find(text: string): SharedText | undefined {
    const key = keyOf(text);
    const recent = this.#recent.get(key);
    if (recent?.text === text) return recent;
    const older = this.#older.get(key);
    if (older?.text !== text) return undefined;
    this.#keep(key, older);
    return older;
  }

  /** A text, which is known from now on. */
  of(text: string): SharedText {
    return this.find(text) ?? this.add(text);
  }

  /** A text that is not known yet. */
  add(text: string): SharedText {
    const shared = {
      text,
      separate: undefined,
      stored: undefined,
      meaning: undefined,
    };
    this.#keep(keyOf(text), shared);
    return shared;
  }

  #keep(key: string, shared: SharedText): void {
    const { length } = shared.text;
    this.#recentLength += length;
    if (this.#recentLength > this.#maxLength / 2) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#recentLength = length;
    }
    this.#recent.set(key, shared);
  }
}

/**
 * The hash that the runtime makes of a long text is its length, so that a map of many such texts is a
 * list. Of texts with the same key, the last one is known.
 */
function keyOf(text: string): string {
  return text.length <= 2 * KEY_PART
    ? text
    : `${text.length}${text.slice(0, KEY_PART)}${text.slice(-KEY_PART)}`;
}

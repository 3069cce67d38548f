/**
 * Strings that were walked: a payload repeats those of others.
 *
 * @module
 */

import { ownText } from "../detect/code_at.ts";
import type { TextState } from "./text_walker.ts";

/** What is known of a string. */
export interface Known<Hit> {
  readonly before: string;
  /** What it decodes to, if it can be decoded. */
  readonly text: string | undefined;
  readonly raw: string;
  readonly hits: readonly Hit[];
  readonly state: TextState;
}

/** Characters of strings that are remembered, as they are and decoded. */
const MAX_REMEMBERED = 32 * 1024 * 1024;

/** Keys that are remembered, and characters of one. */
const MAX_KEYS = 10_000;
const MAX_KEY = 96;

/** Remembers strings. */
export class KnownStrings<Hit> {
  readonly #known = new Map<string, Known<Hit>>();
  #remembered = 0;
  /** Keys of objects in which there is nothing: most are repeated. */
  readonly #keys = new Set<string>();

  /** Whether a key has nothing in it. */
  hasKey(raw: string): boolean {
    return this.#keys.has(raw);
  }

  /** Remembers a key if it has nothing in it. */
  addKey({ before, raw, hits }: Known<Hit>): void {
    if (raw !== before || hits.length > 0 || raw.length > MAX_KEY) return;
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    this.#keys.add(ownText(raw));
  }

  /** What is known of a string, with what names it if that matters. */
  find(raw: string, context: string | undefined): Known<Hit> | undefined {
    const known = this.#known.get(keyOf(raw, context));
    return known?.before === raw ? known : undefined;
  }

  /** Remembers what is known of a string. */
  add(known: Known<Hit>, context: string | undefined): void {
    const { before, text } = known;
    const size = before.length + (text === before ? 0 : text?.length ?? 0);
    this.#remembered += size;
    if (this.#remembered > MAX_REMEMBERED) {
      this.#known.clear();
      this.#remembered = size;
    }
    this.#known.set(ownText(keyOf(before, context)), kept(known));
  }

  /** Releases the memory. */
  clear(): void {
    this.#known.clear();
    this.#keys.clear();
    this.#remembered = 0;
  }
}

/** What is remembered of a string, without the document that it is a part of. */
function kept<Hit>(known: Known<Hit>): Known<Hit> {
  const before = ownText(known.before);
  const text = known.text === known.before ? before : known.text;
  const raw = known.raw === known.before ? before : ownText(known.raw);
  return { ...known, before, text, raw };
}

const KEY_PART = 32;

/** Returns a key that differs for most long strings, without reading all of them. */
function keyOf(raw: string, context = ""): string {
  const { length } = raw;
  const middle = length >> 1;
  return `${context}\0${length} ${raw.slice(0, KEY_PART)}${
    raw.slice(middle, middle + KEY_PART)
  }${raw.slice(-KEY_PART)}`;
}

/**
 * Replaces values by their placeholders, and counts where.
 *
 * @module
 */

import { ownText } from "./detect/code_at.ts";
import type { Offsets } from "./detect/literal_set.ts";
import type { Finding } from "./finding.ts";
import type { DocumentInfo } from "./text/document_walker.ts";
import {
  type FoundValue,
  type KindCount,
  maskedExcerpt,
  type PlaceCount,
} from "./receipt.ts";
import type { SplitPart } from "./text/split_values.ts";
import type { Replacement, Value, ValueTable } from "./text/value_table.ts";

/** A value that was replaced, and what it was. */
export interface Hit {
  readonly value: Value;
  readonly text: string;
}

interface Counted {
  count: number;
  readonly file: string;
  readonly place: string;
  readonly excerpt: string;
}

/** Replaces the values of a table. */
export class Replacements {
  readonly #values: ValueTable;
  #hits: Hit[] = [];
  readonly #byValue = new Map<Value, Counted>();
  readonly #byPlace = new Map<
    string,
    { -readonly [K in keyof PlaceCount]: PlaceCount[K] }
  >();

  /** The table has its placeholders. */
  constructor(values: ValueTable) {
    this.#values = values;
  }

  /**
   * Returns a text without the values that were found in it, and those of the table; `undefined`
   * where there are none.
   *
   * @param offsets Where literals are, if that is known.
   */
  replace(
    text: string,
    findings: readonly Finding[],
    offsets?: Offsets,
  ): string | undefined {
    const found: Replacement[] = [];
    for (const { start, end, kind } of findings) {
      const value = this.#values.find(text.slice(start, end), kind);
      if (value !== undefined) found.push({ start, end, value });
    }
    this.#values.search(text, (each) => void found.push(each), offsets);
    if (found.length === 0) return undefined;
    let out = "";
    let copied = 0;
    for (const { start, end, value } of found.sort(inOrder)) {
      if (end <= copied) continue;
      const from = Math.max(start, copied);
      out += text.slice(copied, from) + value.placeholder;
      copied = end;
      this.#hits.push({ value, text: ownText(text.slice(from, end)) });
    }
    return out + text.slice(copied);
  }

  /** Returns a text without parts of split values. */
  replaceParts(text: string, parts: readonly SplitPart[]): string {
    let out = "";
    let copied = 0;
    for (const { start, end, value, isFirst } of parts.toSorted(byStart)) {
      if (end <= copied) continue;
      out += text.slice(copied, Math.max(start, copied));
      copied = end;
      if (!isFirst) continue;
      out += value.placeholder;
      this.#hits.push({ value, text: ownText(text.slice(start, end)) });
    }
    return out + text.slice(copied);
  }

  /** What was replaced since this was called last. */
  takeHits(): readonly Hit[] {
    if (this.#hits.length === 0) return [];
    const hits = this.#hits;
    this.#hits = [];
    return hits;
  }

  /** Counts what was replaced at a place. */
  count(
    hits: readonly Hit[],
    { file, kind: document }: DocumentInfo,
    place: string,
  ): void {
    for (const { value, text } of hits) {
      const known = this.#byValue.get(value);
      if (known !== undefined) known.count++;
      else {
        const excerpt = maskedExcerpt(text);
        this.#byValue.set(value, { count: 1, file, place, excerpt });
      }
      const { kind } = value;
      const key = `${kind}\n${document}\n${place}`;
      const at = this.#byPlace.get(key);
      if (at !== undefined) at.replacements++;
      else {
        this.#byPlace.set(key, {
          kind,
          document,
          place,
          file,
          replacements: 1,
        });
      }
    }
  }

  /** Counts by kind, the most frequent first. */
  kinds(): KindCount[] {
    const kinds = new Map<
      string,
      { -readonly [K in keyof KindCount]: KindCount[K] }
    >();
    for (const [{ kind, level }, { count }] of this.#byValue) {
      const key = `${level}:${kind}`;
      const known = kinds.get(key);
      if (known === undefined) {
        kinds.set(key, { kind, level, values: 1, replacements: count });
      } else {
        known.values++;
        known.replacements += count;
      }
    }
    return [...kinds.values()].sort(byReplacements);
  }

  /** Counts by kind and place, the most frequent first. */
  places(): PlaceCount[] {
    const name = (text: string) => this.#name(text);
    return [...this.#byPlace.values()].map((each) => ({
      ...each,
      place: name(each.place),
      file: name(each.file),
    })).sort(byReplacements);
  }

  /** The values that were replaced, in the order in which they were found. */
  found(): FoundValue[] {
    return Array.from(this.#byValue, ([value, counted]) => ({
      kind: value.kind,
      placeholder: value.placeholder,
      excerpt: counted.excerpt,
      replacements: counted.count,
      file: this.#name(counted.file),
      place: this.#name(counted.place),
    }));
  }

  /** A name of a file or key, which may have a value in it. */
  #name(text: string): string {
    const replaced = this.replace(text, []);
    this.takeHits();
    return replaced ?? text;
  }
}

/** What begins first; of two that begin together, the longer one. */
function inOrder(a: Replacement, b: Replacement): number {
  return a.start - b.start || b.end - a.end;
}

function byStart(a: SplitPart, b: SplitPart): number {
  return a.start - b.start || b.end - a.end;
}

function byReplacements(
  a: { replacements: number },
  b: { replacements: number },
): number {
  return b.replacements - a.replacements;
}

/**
 * Scans texts that were made of a copy, such as a page: what the rules find in them, and every value
 * that was replaced in the copy.
 *
 * @module
 */

import type { Detectors } from "./detect/detectors.ts";
import { JsonStrings, StringPlace } from "./text/json_strings.ts";
import {
  decodedString,
  isJsonDocument,
  TextWalker,
} from "./text/text_walker.ts";
import type { ValueTable } from "./text/value_table.ts";

const WORD = /^[A-Za-z_]+$/;

/** Finds what is left over in texts. */
export class OutputScan {
  readonly #walker: TextWalker;
  readonly #seen = new Set<string>();
  readonly #kinds = new Set<string>();

  /** `values` are those that were replaced. */
  constructor(detectors: Detectors, values: ValueTable) {
    this.#walker = new TextWalker(
      detectors,
      (text, findings, offsets) => {
        for (const { kind } of findings) this.#kinds.add(kind);
        values.search(
          text,
          ({ value }) => void this.#kinds.add(value.kind),
          offsets,
        );
        return text;
      },
      { onBinary: () => {}, onTooDeep: () => {} },
      values,
    );
  }

  /** The kinds of what was found, sorted. */
  get kinds(): readonly string[] {
    return [...this.#kinds].sort();
  }

  /**
   * Scans a text. Of a document of JSON, each string is scanned alone: what is beside it in a packed
   * table does not name it.
   */
  add(text: string): void {
    if (!isJsonDocument(text)) {
      this.#walker.walk(text);
      return;
    }
    new JsonStrings(new StringPlace(""), ({ raw, isKey }) => {
      // The output's own keys are words, and those of a session are clean in its copy.
      const isOwn = isKey && WORD.test(raw);
      if (!isOwn && !this.#seen.has(raw)) {
        this.#seen.add(raw);
        this.#walker.walk(decodedString(raw) ?? raw);
      }
      return raw;
    }).feed(text);
  }
}

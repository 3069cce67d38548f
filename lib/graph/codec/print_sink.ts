/**
 * Where printed values go.
 *
 * @module
 */

import type { ItemIdStorage } from "../item_id_list.ts";

/** Takes what is printed, in order. */
export interface PrintSink {
  /** Takes text. */
  text(text: string): void;
  /** Takes the first `length` ids of `storage`, at least one, as JSON strings. */
  ids(storage: ItemIdStorage, length: number, separator: string): void;
  /**
   * Takes the elements of a list, at least one. Lists of one `group` often begin with the same
   * objects, of which `print` need be asked only once.
   */
  elements<T>(
    group: object,
    list: readonly T[],
    separator: string,
    print: (element: T) => string,
  ): void;
}

/** Collects what is printed as one text. */
export class TextSink implements PrintSink {
  /** The text so far. */
  printed = "";

  /** {@inheritDoc PrintSink.text} */
  text(text: string): void {
    this.printed += text;
  }

  /** {@inheritDoc PrintSink.ids} */
  ids(storage: ItemIdStorage, length: number, separator: string): void {
    const ids = Array.from(
      { length },
      (_, index) => JSON.stringify(storage.idAt(index)),
    );
    this.printed += ids.join(separator);
  }

  /** {@inheritDoc PrintSink.elements} */
  elements<T>(
    _group: object,
    list: readonly T[],
    separator: string,
    print: (element: T) => string,
  ): void {
    this.printed += list.map(print).join(separator);
  }
}

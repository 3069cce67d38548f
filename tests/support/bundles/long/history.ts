/**
 * The history of a thread as its requests spell it: items rendered once, joined once.
 *
 * @module
 */

const utf8 = new TextEncoder();
const SEPARATOR = utf8.encode(",\n");
const INDENT = "    ";

/** An item of the Responses API. */
export interface ResponsesItem {
  readonly type: string;
  readonly id?: string;
  readonly [key: string]: unknown;
}

/** An item with its bytes inside a list. */
export interface HistoryItem {
  readonly item: ResponsesItem;
  /** The item pretty-printed and indented by four, as every list of items holds it. */
  readonly bytes: Uint8Array;
}

/** Renders an item. */
export function historyItem(item: ResponsesItem): HistoryItem {
  const text = JSON.stringify(item, null, 2);
  return {
    item,
    bytes: utf8.encode(INDENT + text.replaceAll("\n", "\n" + INDENT)),
  };
}

/** Joins items as they stand between the brackets of a list. */
export function joinItems(items: readonly HistoryItem[]): Uint8Array {
  const history = new History();
  for (const item of items) history.append(item);
  return history.bytes;
}

/** A list of items that mostly grows at its end. */
export class History {
  #items: HistoryItem[] = [];
  #joined = new Uint8Array(1 << 12);
  #length = 0;

  /** The items. */
  get items(): readonly HistoryItem[] {
    return this.#items;
  }

  /** The items as they stand in a request. Valid until the next change. */
  get bytes(): Uint8Array {
    return this.#joined.subarray(0, this.#length);
  }

  /** Appends an item. */
  append(item: HistoryItem): void {
    if (this.#items.length > 0) this.#push(SEPARATOR);
    this.#push(item.bytes);
    this.#items.push(item);
  }

  /** Puts other items in the place of all. */
  replace(items: readonly HistoryItem[]): void {
    this.#items = [];
    this.#length = 0;
    for (const item of items) this.append(item);
  }

  #push(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#joined.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.bytes);
      this.#joined = larger;
    }
    this.#joined.set(bytes, this.#length);
    this.#length = needed;
  }
}

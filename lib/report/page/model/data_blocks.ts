/**
 * The blocks of data in the page, each parsed when something in it is first needed.
 *
 * @module
 */

import type { ReportData, TextRef } from "../../report_data.ts";

/** Reads the text of a block; undefined where the page has none of that name, or not yet. */
export type ReadBlock = (name: string) => string | undefined;

/** Reads the block with everything but the long texts and the payloads. */
export function readData(read: ReadBlock): ReportData {
  const data: ReportData = JSON.parse(read("report") ?? "null");
  if (data?.format !== 1) throw new Error("this page holds no report");
  return data;
}

/** Long texts by their index, and payloads by their id. */
export class DataBlocks {
  readonly #read: ReadBlock;
  readonly #starts: readonly number[];
  readonly #texts: Map<number, readonly string[]> = new Map();
  readonly #payloads: Map<number, ReadonlyMap<string, string>> = new Map();

  /** `starts` is the index of the first text of each block. */
  constructor(read: ReadBlock, starts: readonly number[]) {
    this.#read = read;
    this.#starts = starts;
  }

  /** A text; empty while the page is still being read. */
  text(ref: TextRef): string {
    const block = this.#blockOf(ref);
    let texts = this.#texts.get(block);
    if (texts === undefined) {
      const json = this.#read(`texts-${block}`);
      if (json === undefined) return "";
      const parsed: readonly string[] = JSON.parse(json);
      texts = parsed;
      this.#texts.set(block, parsed);
    }
    return texts[ref - (this.#starts[block] ?? 0)] ?? "";
  }

  /** A payload, as in its file; undefined when it is not in the page. */
  payload(block: number, id: string): string | undefined {
    let payloads = this.#payloads.get(block);
    if (payloads === undefined) {
      const json = this.#read(`payloads-${block}`);
      if (json === undefined) return undefined;
      const entries: readonly (readonly [string, string])[] = JSON.parse(json);
      payloads = new Map(entries);
      this.#payloads.set(block, payloads);
    }
    return payloads.get(id);
  }

  /** The last block that starts at or before an index. */
  #blockOf(ref: TextRef): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= ref) low = middle;
      else high = middle;
    }
    return low;
  }
}

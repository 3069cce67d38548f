/**
 * Abridges the list of parts in a line: parts that the list before had are not parsed again.
 *
 * A prepared prompt names a part for every item of the conversation. In a long session most of the
 * log are lists that start with the same parts as the list before. A placeholder replaces these
 * parts in the text.
 *
 * @module
 */

import {
  PLACEHOLDER,
  PLACEHOLDER_KEY,
  SharedParts,
} from "../../format/decode/shared_parts.ts";
import type { DecodedLine } from "../../format/events/event_decoder.ts";
import type { RawPayloadRef } from "../../format/payload.ts";

/** The text before the first part. No JSON string can contain it, because of its quotes. */
const LIST_START = ',"parts":[';

/** The text of a line, and the text with a placeholder. */
export interface AbridgedLine {
  readonly full: string;
  /** The text with the placeholder. */
  readonly text: string;
  /** Offset of the first part. */
  readonly start: number;
  /** The parts that the placeholder replaces. */
  readonly shared: SharedParts;
  /** Number of these parts. */
  readonly count: number;
}

/** Remembers the last list of parts. */
export class PartLists {
  /** The parts, as they are written. */
  #text = "";
  /** The end of each part in that text. */
  #ends: number[] = [];
  /** The reference that has the parts; it may have more. */
  #owner: RawPayloadRef | undefined;

  /** Returns a line with a placeholder; `undefined` if it has no list of parts. */
  abridge(full: string): AbridgedLine | undefined {
    const at = full.indexOf(LIST_START);
    if (at < 0) return undefined;
    const start = at + LIST_START.length;
    const count = this.#countShared(full, start);
    const end = start + (this.#ends[count - 1] ?? 0);
    const head = full.slice(0, start);
    const rest = full.slice(end);
    if (head.includes(PLACEHOLDER_KEY) || rest.includes(PLACEHOLDER_KEY)) {
      return undefined;
    }
    const comma = count > 0 || rest.startsWith("]") ? "" : ",";
    const text = head + PLACEHOLDER + comma + rest;
    const shared = new SharedParts(this.#owner?.parts?.slice(0, count) ?? []);
    return { full, text, start, shared, count };
  }

  /** Remembers the list of a line that was decoded with its placeholder. */
  keep({ full, start, shared, count }: AbridgedLine, line: DecodedLine): void {
    const { list } = shared;
    this.#owner = line.payloads.find(({ parts }) => parts === list);
    this.#ends.length = this.#owner === undefined ? 0 : count;
    let end = this.#ends.at(-1) ?? 0;
    for (const part of this.#owner?.parts?.slice(count) ?? []) {
      const spelling = spellingOf(part);
      const from = end === 0 ? start : start + end + 1;
      if (spelling === undefined || !full.startsWith(spelling, from)) break;
      end = from + spelling.length - start;
      this.#ends.push(end);
    }
    this.#text = full.slice(start, start + end);
  }

  /** Returns how many leading parts of the last list are the leading parts of this one. */
  #countShared(full: string, start: number): number {
    let low = 0;
    let high = this.#ends.length;
    // Usually all of them.
    for (let tried = high; low < high; tried = (low + high + 1) >> 1) {
      const end = this.#ends[tried - 1] ?? 0;
      const isShared = full.slice(start, start + end) ===
        this.#text.slice(0, end);
      if (isShared) low = tried;
      else high = tried - 1;
    }
    return low;
  }
}

/** Returns a part as recorders write it; `undefined` if it has parts or 64-bit integers. */
function spellingOf(part: RawPayloadRef): string | undefined {
  const { parts, shard, capture } = part;
  const numbers = [shard, ...Object.values(capture ?? {})];
  const isPlain = parts === undefined &&
    numbers.every((number) => typeof number !== "bigint");
  return isPlain ? JSON.stringify(part) : undefined;
}

/**
 * What the list of parts in a line repeats of the one before.
 *
 * A prepared prompt names a part for every item of the conversation, so in a long session nearly
 * all of the log are lists that begin as the last one did. What they repeat is not parsed again:
 * a placeholder takes its place in the text.
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

/** Before the first part. No string of a JSON text can have it inside: its quotes would end it. */
const LIST_START = ',"parts":[';

/** The text of a line, and the same with a placeholder. */
export interface AbridgedLine {
  readonly full: string;
  /** The text with the placeholder. */
  readonly text: string;
  /** Offset of the first part. */
  readonly start: number;
  /** What the placeholder stands for. */
  readonly shared: SharedParts;
  /** How many parts that are. */
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

  /** Puts a placeholder in a line; `undefined` where it has no list of parts. */
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

  /** How many parts of the last list are the first ones here as well. */
  #countShared(full: string, start: number): number {
    let low = 0;
    let high = this.#ends.length;
    // Most often all are.
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

/** How recorders write a part; `undefined` where it has parts, or numbers that JSON cannot have. */
function spellingOf(part: RawPayloadRef): string | undefined {
  const { parts, shard, capture } = part;
  const numbers = [shard, ...Object.values(capture ?? {})];
  const isPlain = parts === undefined &&
    numbers.every((number) => typeof number !== "bigint");
  return isPlain ? JSON.stringify(part) : undefined;
}

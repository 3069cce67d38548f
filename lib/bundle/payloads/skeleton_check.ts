/**
 * Checks payloads with parts without their parts.
 *
 * Every part is one JSON value, which is checked with the part. So the whole text is JSON where
 * the fragments are JSON around a placeholder that is a value and cannot be inside a string.
 *
 * @module
 */

import { skeletonOf } from "./part_fragments.ts";

/** A fragment that is a comma, with the comma before it, as recorders write it. */
const COMMA = [0x2c, 0x22, 0x2c, 0x22];

const encoder = new TextEncoder();

/** The record of a plain list: commas between its parts, and bytes around. */
interface PlainList {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** Checks fragments, and remembers the last ones that were a plain list. */
export class SkeletonCheck {
  #last: PlainList | undefined;

  /**
   * Whether a record is known to be JSON around its parts: one that differs from the last list
   * in the number of its parts only, as the prompts of a session nearly always do.
   */
  knows(record: Uint8Array, parts: number): boolean {
    if (this.#last === undefined || parts < 2) return false;
    const { head, tail } = this.#last;
    const commas = COMMA.length * (parts - 1);
    const tailStart = head.length + commas;
    return record.length === tailStart + tail.length &&
      matches(record, 0, head) && matches(record, tailStart, tail) &&
      isCommas(record, head.length, tailStart);
  }

  /** Whether fragments are JSON; where they are not, it depends on the parts. */
  isJson(fragments: readonly string[], record: Uint8Array): boolean {
    try {
      JSON.parse(skeletonOf(fragments));
    } catch {
      return false;
    }
    this.#remember(fragments, record);
    return true;
  }

  #remember(fragments: readonly string[], record: Uint8Array): void {
    const parts = fragments.length - 1;
    if (parts < 2) return;
    const head = encoder.encode(`[${JSON.stringify(fragments[0])}`);
    const tailStart = head.length + COMMA.length * (parts - 1);
    const isPlain = tailStart < record.length && matches(record, 0, head) &&
      isCommas(record, head.length, tailStart) &&
      fragments.slice(1, -1).every((fragment) => fragment === ",");
    if (isPlain) this.#last = { head, tail: record.slice(tailStart) };
  }
}

function matches(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = expected.length - 1; i >= 0; i--) {
    if (bytes[at + i] !== expected[i]) return false;
  }
  return true;
}

function isCommas(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== COMMA[(at - start) % COMMA.length]) return false;
  }
  return true;
}

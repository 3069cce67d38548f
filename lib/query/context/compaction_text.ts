/**
 * What a compaction did, in a few words.
 *
 * @module
 */

import { bytesOf, countOf } from "../../text/figures.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type {
  AddedItem,
  CompactionEffect,
  PromptSize,
} from "./compaction_effect.ts";

/**
 * How the prompt changed, such as `prompt 39.3 KiB → 99.8 KiB` and `244 → 258 tokens: larger`;
 * nothing where one of the prompts is missing. Bytes and tokens that disagree are not judged.
 */
export function sizeChange(
  before: PromptSize | null,
  after: PromptSize | null,
): string[] {
  if (before === null || after === null) return [];
  const signs = [
    signOf(before.bytes, after.bytes),
    signOf(before.input_tokens, after.input_tokens),
  ].filter((sign) => sign !== null);
  const [verdict = null] = new Set(signs).size === 1 ? signs : [];
  return [
    `prompt ${bytesOf(before.bytes)} → ${bytesOf(after.bytes)}`,
    `${countOf(before.input_tokens)} → ${countOf(after.input_tokens)} tokens` +
    (verdict === null ? "" : `: ${verdict}`),
  ];
}

function signOf(a: Integer | null, b: Integer | null): string | null {
  if (a === null || b === null) return null;
  return a === b ? "as large" : b > a ? "larger" : "smaller";
}

export function sizeText({ bytes, input_tokens: tokens }: PromptSize): string {
  return `${bytesOf(bytes)}, ${countOf(tokens)} tokens`;
}

/** Pairs of items that were kept, such as `item:1 → item:16`. */
export function keptText({ kept }: CompactionEffect): string {
  return kept.map(({ before, after }) => `${before.handle} → ${after.handle}`)
    .join(", ");
}

/** Items, those with successive numbers as a range. */
export function rangesText(items: readonly ObjectRef[]): string {
  const ranges: { first: ObjectRef; last: ObjectRef }[] = [];
  for (const item of items) {
    const range = ranges.at(-1);
    if (range !== undefined && isNext(range.last, item)) range.last = item;
    else ranges.push({ first: item, last: item });
  }
  return ranges.map(({ first, last }) =>
    first === last ? first.handle : `${first.handle} … ${last.handle}`
  ).join(", ");
}

function isNext({ handle: a }: ObjectRef, { handle: b }: ObjectRef): boolean {
  const [kind, number] = a.split(":");
  return b === `${kind}:${Number(number) + 1}`;
}

/** An item that the compaction added, with its size. */
export function addedText({ bytes, is_encrypted: is }: AddedItem): string {
  return bytesOf(bytes) + (is ? " of ciphertext" : "");
}

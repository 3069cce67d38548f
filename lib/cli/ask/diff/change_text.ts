/**
 * How much a number changed.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import { minus } from "../../../query/timeline/integers.ts";
import { countOf } from "../../text/figures.ts";

/** `+1,200`, `-3`; empty where nothing changed, or where one is not known. */
export function changeText(
  a: Integer | null,
  b: Integer | null,
  spell: (size: Integer) => string = countOf,
): string {
  const change = minus(b, a);
  if (change === null || BigInt(change) === 0n) return "";
  return change < 0 ? `-${spell(minus(0, change) ?? 0)}` : `+${spell(change)}`;
}

/**
 * Several handles as text.
 *
 * @module
 */

import type { ObjectRef } from "../../query/session/names/object_kind.ts";

/** Handles with consecutive numbers joined: `item:3 … item:9`. */
export function refRanges(refs: readonly ObjectRef[]): string {
  const ranges: { first: ObjectRef; last: ObjectRef; count: number }[] = [];
  for (const ref of refs) {
    const range = ranges.at(-1);
    if (range !== undefined && follows(range.last, ref)) {
      range.last = ref;
      range.count++;
    } else ranges.push({ first: ref, last: ref, count: 1 });
  }
  return ranges.map(({ first, last, count }) => {
    if (count === 1) return first.handle;
    return `${first.handle}${count === 2 ? ", " : " … "}${last.handle}`;
  }).join(", ");
}

function follows(before: ObjectRef, after: ObjectRef): boolean {
  const number = ({ handle }: ObjectRef) =>
    Number(handle.slice(handle.lastIndexOf(":") + 1));
  return number(after) === number(before) + 1;
}

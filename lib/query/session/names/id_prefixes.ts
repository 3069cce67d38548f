/**
 * Objects whose ids begin alike, found without looking at the others.
 *
 * @module
 */

import { compared } from "../../../format/integers.ts";
import type { ObjectKind, ObjectRef } from "./object_kind.ts";

/** Objects in the order of their ids. */
export class IdPrefixes {
  readonly #sorted: readonly ObjectRef[];

  /** Takes the objects in any order. */
  constructor(refs: readonly ObjectRef[]) {
    this.#sorted = refs.toSorted((a, b) => compared(a.id, b.id));
  }

  /** Objects of some kinds whose ids begin with `prefix`; no more than `most` of them. */
  startingWith(
    prefix: string,
    kinds: readonly ObjectKind[],
    most: number,
  ): ObjectRef[] {
    const found: ObjectRef[] = [];
    if (prefix === "") return found;
    for (let at = this.#firstFrom(prefix); found.length < most; at++) {
      const ref = this.#sorted[at];
      if (ref === undefined || !ref.id.startsWith(prefix)) break;
      if (kinds.includes(ref.kind)) found.push(ref);
    }
    return found;
  }

  /** Index of the first id that is not before `prefix`. */
  #firstFrom(prefix: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle]?.id ?? "") < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

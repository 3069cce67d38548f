/**
 * The beginning of a list, and the rest when somebody asks for it.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { countOf } from "./figures.ts";

/** What a shortened list is given. */
export interface MoreProps<T> {
  readonly items: readonly T[];
  /** How many are shown before somebody asks for all. */
  readonly most: number;
  readonly render: (item: T, index: number) => ComponentChildren;
}

/** A list that shows its beginning. */
export function More<T>({ items, most, render }: MoreProps<T>) {
  const [all, setAll] = useState(false);
  const seen = all ? items : items.slice(0, most);
  return (
    <>
      {seen.map(render)}
      {seen.length < items.length
        ? (
          <button type="button" class="link" onClick={() => setAll(true)}>
            and {countOf(items.length - seen.length)} more
          </button>
        )
        : null}
    </>
  );
}

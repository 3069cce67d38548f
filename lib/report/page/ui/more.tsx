/**
 * A list that shows its first entries, and the rest when the reader expands it.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useContext, useState } from "preact/hooks";
import { countOf } from "./figures.ts";
import { Printing } from "./printing.ts";

/** Properties of the list. */
export interface MoreProps<T> {
  readonly items: readonly T[];
  /** Number of entries shown before the reader expands the list. */
  readonly max: number;
  readonly render: (item: T, index: number) => ComponentChildren;
  /** The element around the button, where its place allows only some, such as a list. */
  readonly wrap?: (button: ComponentChildren) => ComponentChildren;
}

/** A list that shows its first entries; in print, all. */
export function More<T>(
  { items, max, render, wrap = (button) => button }: MoreProps<T>,
) {
  const [all, setAll] = useState(false);
  const printing = useContext(Printing);
  const seen = all || printing ? items : items.slice(0, max);
  return (
    <>
      {seen.map(render)}
      {seen.length < items.length
        ? wrap(
          <button type="button" class="link" onClick={() => setAll(true)}>
            and {countOf(items.length - seen.length)} more
          </button>,
        )
        : null}
    </>
  );
}

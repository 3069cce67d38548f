/**
 * A list of which only the rows in sight are drawn; rows may have any height.
 *
 * @module
 */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import type { RefObject } from "preact";

/** What a list is made of. */
export interface VirtualOptions {
  readonly count: number;
  /** The height a row probably has, in CSS pixels. */
  readonly estimate: (index: number) => number;
  readonly keyOf: (index: number) => string | number;
}

/** The list, and where it scrolls. */
export interface Virtual {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: Virtualizer<HTMLDivElement, HTMLElement>;
}

/** Keeps a list. */
export function useVirtual(
  { count, estimate, keyOf }: VirtualOptions,
): Virtual {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const kept = useRef<Virtualizer<HTMLDivElement, HTMLElement> | null>(null);
  const options = {
    count,
    estimateSize: estimate,
    getItemKey: keyOf,
    getScrollElement: () => scroller.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    overscan: 6,
    initialRect: { width: 800, height: 900 },
    onChange: () => redraw(),
  };
  const list = kept.current ??= new Virtualizer(options);
  list.setOptions(options);
  useEffect(() => list._didMount(), [list]);
  useLayoutEffect(() => list._willUpdate());
  return { scroller, list };
}

/**
 * Moves the focus where the keyboard is used: into a view that a key opened, and back from the
 * details to where they were opened.
 *
 * @module
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { ViewName } from "../state/view_name.ts";

/** What has the focus in a view, from the first that the view has. */
const TARGETS: readonly string[] = [
  "main .search-bar input",
  "main .row.current",
  "main .tl-stage",
  "main .scroller",
  "main",
];

/** Moves the focus into the view. */
export function focusContent(): void {
  for (const target of TARGETS) {
    const found = document.querySelector<HTMLElement>(target);
    if (found === null) continue;
    return found.focus({ preventScroll: true });
  }
}

/** Returns a function that moves the focus into a view as soon as it is shown. */
export function useViewFocus(view: ViewName): (next: ViewName) => void {
  const wanted = useRef<ViewName | null>(null);
  useLayoutEffect(() => {
    if (wanted.current !== view) return;
    wanted.current = null;
    focusContent();
  });
  return (next) => {
    wanted.current = next;
  };
}

/** Remembers what had the focus when the details opened; the function returned focuses it again. */
export function useReturn(isOpen: boolean): () => void {
  const origin = useRef<Element | null>(null);
  const wasOpen = useRef(isOpen);
  if (isOpen && !wasOpen.current) origin.current = document.activeElement;
  wasOpen.current = isOpen;
  return () => {
    const panel = document.querySelector("aside.details");
    const { activeElement } = document;
    // A reader who continues in the view keeps the focus there.
    const isInside = panel?.contains(activeElement) === true ||
      activeElement === null || activeElement === document.body;
    if (!isInside) return;
    const { current } = origin;
    if (
      current instanceof HTMLElement && current.isConnected &&
      current !== document.body && panel?.contains(current) !== true
    ) current.focus();
    else focusContent();
  };
}

/**
 * Keys that work everywhere on the page, except while the reader types into a field.
 *
 * @module
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import { type ViewName, VIEWS } from "../state/view_name.ts";

/** The actions of the keys. */
export interface KeyActions {
  readonly show: (view: ViewName) => void;
  readonly close: () => void;
  readonly help: () => void;
  readonly theme: () => void;
  readonly failed: () => void;
  /** Moves the focus to the details, or back to the view. */
  readonly details: () => void;
}

/** Keys of the shell and what they do, for the help. */
export const SHELL_KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["1 – 6", "overview, timeline, transcript, agents, search, log"],
  ["/", "search"],
  ["f", "show only what failed, or everything"],
  ["d, i", "move between the view and the details; i also in the timeline"],
  ["t", "theme: system, light, dark"],
  ["Esc", "close the details or this help"],
  ["?", "this help"],
  ["Tab, Enter", "move to the next control, use it"],
];

/** Listens for keys as long as the component is mounted. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  // At once: a key that is pressed before the first frame counts.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
      if (event.altKey || (isTyping(event.target) && event.key !== "Escape")) {
        return;
      }
      if (act(event.key, latest.current)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

function act(key: string, actions: KeyActions): boolean {
  const view = /^[1-9]$/.test(key) ? VIEWS[Number(key) - 1] : undefined;
  if (view !== undefined) actions.show(view);
  else if (key === "/") actions.show("search");
  else if (key === "?") actions.help();
  else if (key === "t") actions.theme();
  else if (key === "f") actions.failed();
  else if (key === "d" || key === "i") actions.details();
  else if (key === "Escape") actions.close();
  else return false;
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"));
}

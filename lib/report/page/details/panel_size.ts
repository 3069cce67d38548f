/**
 * The size of the panel of details: a part of the width of the window, or of its height on a
 * narrow screen.
 *
 * @module
 */

import { useLayoutEffect, useState } from "preact/hooks";

/** The size, and how it changes. */
export interface PanelSize {
  readonly isNarrow: boolean;
  /** Percent of the window. */
  readonly share: number;
  readonly min: number;
  readonly max: number;
  /** Moves the border to a point of the window. */
  setEdge(x: number, y: number): void;
  /** Handles a key; false for keys that do not change the size. */
  press(key: string): boolean;
}

const MIN_SHARE = 20;
const MAX_SHARE = 80;
/** Change by one press, in percent. */
const STEP = 4;
const DEFAULT_SHARES = { wide: 38, narrow: 75 } as const;
const NARROW = "(max-width: 720px)";

/** The size of the panel, for as long as the page is open. */
export function usePanelSize(): PanelSize {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  const [shares, setShares] = useState<{ wide: number; narrow: number }>(
    DEFAULT_SHARES,
  );
  useLayoutEffect(() => {
    const media = matchMedia(NARROW);
    const follow = () => setNarrow(media.matches);
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  const name = isNarrow ? "narrow" : "wide";
  const share = shares[name];
  const set = (percent: number) => {
    const next = Math.min(MAX_SHARE, Math.max(MIN_SHARE, percent));
    setShares((before) => ({ ...before, [name]: next }));
  };
  return {
    isNarrow,
    share,
    min: MIN_SHARE,
    max: MAX_SHARE,
    setEdge: (x, y) =>
      set(100 - 100 * (isNarrow ? y / innerHeight : x / innerWidth)),
    press: (key) => {
      const next = nextShare(key, share);
      if (next !== undefined) set(next);
      return next !== undefined;
    },
  };
}

/** The size after a press: arrows towards the view make the panel larger. */
function nextShare(key: string, share: number): number | undefined {
  switch (key) {
    case "ArrowLeft":
    case "ArrowUp":
      return share + STEP;
    case "ArrowRight":
    case "ArrowDown":
      return share - STEP;
    case "Home":
      return MIN_SHARE;
    case "End":
      return MAX_SHARE;
    default:
      return undefined;
  }
}

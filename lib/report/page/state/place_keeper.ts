/**
 * How views keep their places without rendering the page again.
 *
 * @module
 */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { NO_PLACES, type Places, type TimelinePlace } from "./places.ts";
import type { ViewName } from "./view_name.ts";

/** Reads and changes where the reader is. */
export interface PlaceKeeper {
  readonly view: ViewName;
  places(): Places;
  /** The scroll position of the current view. */
  keepScroll(at: number): void;
  keepTimeline(change: Partial<TimelinePlace>): void;
}

/** Keeps nothing: for a view without a page around it. */
const NO_KEEPER: PlaceKeeper = {
  view: "overview",
  places: () => NO_PLACES,
  keepScroll: () => {},
  keepTimeline: () => {},
};

/** The keeper of the page. */
export const Keeper = createContext<PlaceKeeper>(NO_KEEPER);

/** The keeper of the page. */
export function usePlaces(): PlaceKeeper {
  return useContext(Keeper);
}

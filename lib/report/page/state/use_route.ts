/**
 * The route of the page: read from the address, changed by the views, written to the address.
 *
 * @module
 */

import {
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "preact/hooks";
import type { Model } from "../model/model.ts";
import type { PlaceKeeper } from "./place_keeper.ts";
import { NO_PLACES, type Places, writePlaces } from "./places.ts";
import { readRoute, type Route, writeRoute } from "./route.ts";
import type { ViewName } from "./view_name.ts";

/** Changes the route; `quietly` adds no entry to the history of the browser. */
export type Go = (change: Partial<Route>, quietly?: boolean) => void;

/** The route, and how it changes. */
export interface Router {
  readonly route: Route;
  readonly go: Go;
  readonly keeper: PlaceKeeper;
  /** Changes when the address was changed from outside, so that views read their places again. */
  readonly epoch: number;
}

/** Pause in typing or scrolling after which the address is updated, in milliseconds. */
const PAUSE = 250;

/** Whether two addresses show a view at the same place. */
function isSamePlace(view: ViewName, a: Places, b: Places): boolean {
  const words = [a, b].map((places) => {
    const each = new URLSearchParams();
    writePlaces(each, view, places);
    return String(each);
  });
  return words[0] === words[1];
}

/** The route of the page. */
export function useRoute(model: Model): Router {
  const [route, setRoute] = useState(() => readRoute(location.hash, model));
  const [epoch, setEpoch] = useState(0);
  const latest = useRef(route);
  const timer = useRef(0);
  const pending = useRef<(() => void) | null>(null);
  const flush = useCallback(() => {
    clearTimeout(timer.current);
    pending.current?.();
    pending.current = null;
  }, []);
  // Browsers refuse too many changes of the address, such as one for each letter or movement.
  const writeLater = useCallback((isQuiet: boolean) => {
    clearTimeout(timer.current);
    pending.current = () =>
      writeHash(writeRoute(latest.current, model), isQuiet);
    timer.current = setTimeout(flush, PAUSE);
  }, [model]);
  const go = useCallback<Go>((change, quietly = false) => {
    // The place that the reader leaves belongs to the entry of the history that is left.
    if (change.query === undefined) flush();
    const next = withPlaces(latest.current, change);
    latest.current = next;
    if (change.query !== undefined) writeLater(quietly);
    else writeHash(writeRoute(next, model), quietly);
    setRoute(next);
  }, [model]);
  useLayoutEffect(() => {
    const follow = () => {
      clearTimeout(timer.current);
      pending.current = null;
      const before = latest.current;
      if (location.hash === writeRoute(before, model)) return;
      const read = readRoute(location.hash, model);
      const { view, places } = read;
      const { reloads } = before;
      latest.current = {
        ...read,
        reloads,
        places: {
          scroll: { ...before.places.scroll, [view]: places.scroll[view] ?? 0 },
          timeline: view === "timeline"
            ? places.timeline
            : before.places.timeline,
        },
      };
      setRoute(latest.current);
      // It is a choice for the page, whichever entry of the history the reader returns to.
      if (read.reloads !== reloads) {
        writeHash(writeRoute(latest.current, model), true);
      }
      if (view === before.view && !isSamePlace(view, before.places, places)) {
        setEpoch((n) => n + 1);
      }
    };
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
      removeEventListener("pagehide", flush);
    };
  }, [model]);
  const keeper = useMemo(
    () => keeperOf(latest, route.view, () => writeLater(true)),
    [route.view],
  );
  return { route, go, keeper, epoch };
}

function keeperOf(
  latest: { current: Route },
  view: ViewName,
  onChange: () => void,
): PlaceKeeper {
  const keep = (places: Places) => {
    latest.current = { ...latest.current, places };
    onChange();
  };
  return {
    view,
    places: () => latest.current.places,
    keepScroll: (at) => {
      const { places } = latest.current;
      if (latest.current.view !== view) return;
      if ((places.scroll[view] ?? 0) === at) return;
      keep({ ...places, scroll: { ...places.scroll, [view]: at } });
    },
    keepTimeline: (change) => {
      const { places } = latest.current;
      keep({ ...places, timeline: { ...places.timeline, ...change } });
    },
  };
}

/**
 * The next route. Scroll positions of lists that show other rows now are dropped, and the places of
 * views that have to find what was selected in another.
 */
function withPlaces(before: Route, change: Partial<Route>): Route {
  const next = { ...before, ...change };
  if (change.places !== undefined) return next;
  const { places } = before;
  let { scroll, timeline } = places;
  const { overview = 0 } = scroll;
  if (change.selection !== undefined && change.selection !== null) {
    scroll = { overview, [before.view]: scroll[before.view] ?? 0 };
    if (before.view !== "timeline") timeline = { ...timeline, zoom: null };
  }
  if (change.filters !== undefined) scroll = { overview };
  const isOtherText = next.at !== before.at || next.of !== before.of;
  if (isOtherText) scroll = { ...scroll, transcript: 0 };
  if (next.query !== before.query) scroll = { ...scroll, search: 0 };
  return { ...next, places: { scroll, timeline } };
}

/** The places of a route that opens a view on an object: the view finds the object by itself. */
export function placesToFind(
  { scroll, timeline }: Places,
  view: ViewName,
): Places {
  return {
    scroll: { ...scroll, [view]: 0 },
    timeline: view === "timeline"
      ? { ...timeline, zoom: NO_PLACES.timeline.zoom }
      : timeline,
  };
}

function writeHash(hash: string, quietly: boolean): void {
  if (hash === location.hash) return;
  if (quietly) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}

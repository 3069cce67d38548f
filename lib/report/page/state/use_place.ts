/**
 * Where the reader is, kept in the address.
 *
 * @module
 */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Model } from "../model/model.ts";
import { type Place, readPlace, writePlace } from "./address.ts";

/** Changes where the reader is; `quietly` adds no step to go back. */
export type Go = (change: Partial<Place>, quietly?: boolean) => void;

/** Where the reader is, and how to go elsewhere. */
export function usePlace(model: Model): readonly [Place, Go] {
  const [place, setPlace] = useState(() => readPlace(location.hash, model));
  const latest = useRef(place);
  latest.current = place;
  const go = useCallback<Go>((change, quietly = false) => {
    const next = { ...latest.current, ...change };
    latest.current = next;
    const hash = writePlace(next, model);
    if (hash !== location.hash) {
      if (quietly) history.replaceState(null, "", hash);
      else history.pushState(null, "", hash);
    }
    setPlace(next);
  }, [model]);
  useEffect(() => {
    const follow = () => setPlace(readPlace(location.hash, model));
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
    };
  }, [model]);
  return [place, go];
}

/**
 * Where the reader is, kept in the address.
 *
 * @module
 */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Model } from "../model/model.ts";
import { type Place, readPlace, writePlace } from "./address.ts";

/** How long somebody stops typing before the address follows, in milliseconds. */
const PAUSE = 250;

/** Changes where the reader is; `quietly` adds no step to go back. */
export type Go = (change: Partial<Place>, quietly?: boolean) => void;

/** Where the reader is, and how to go elsewhere. */
export function usePlace(model: Model): readonly [Place, Go] {
  const [place, setPlace] = useState(() => readPlace(location.hash, model));
  const latest = useRef(place);
  latest.current = place;
  const timer = useRef(0);
  const go = useCallback<Go>((change, quietly = false) => {
    const next = { ...latest.current, ...change };
    latest.current = next;
    clearTimeout(timer.current);
    const write = () => writeHash(writePlace(next, model), quietly);
    // Browsers refuse an address that changes with every letter that is typed.
    if (change.query === undefined) write();
    else timer.current = setTimeout(write, PAUSE);
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

function writeHash(hash: string, quietly: boolean): void {
  if (hash === location.hash) return;
  if (quietly) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
}

/**
 * What the reader opened or closed, kept while a row of a list is out of view.
 *
 * @module
 */

import { createContext } from "preact";
import type { Model } from "../../../model/model.ts";
import { useContext, useState } from "preact/hooks";

/** Choices of the reader, by the object that they are about. */
export const Kept = createContext<Map<string, boolean>>(new Map());

const BY_MODEL = new WeakMap<Model, Map<string, boolean>>();

/** The choices of the reader in a session; they survive a change of view. */
export function keptOf(model: Model): Map<string, boolean> {
  const kept = BY_MODEL.get(model) ?? new Map<string, boolean>();
  BY_MODEL.set(model, kept);
  return kept;
}

/** Whether something is open: as the reader left it, else `initial`. */
export function useKept(
  key: string,
  initial: boolean,
): readonly [boolean, (open: boolean) => void] {
  const kept = useContext(Kept);
  const [open, setOpen] = useState(kept.get(key) ?? initial);
  return [open, (next) => {
    kept.set(key, next);
    setOpen(next);
  }];
}

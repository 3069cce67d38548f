/**
 * Places inside JSON values, and copies that can be changed at them.
 *
 * @module
 */

import { type Json, Obj } from "./items/json_text.ts";

/** A place inside a JSON value, with the means to put something else there. */
export interface Place {
  key: string;
  value: Json;
  /** Puts another value there. */
  set(value: Json): void;
  /** Takes the member or element out. */
  remove(): void;
}

/** Every place inside a value. Changes go into the value itself. */
export function places(value: Json): Place[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, i) => [{
      key: "",
      value: element,
      set: (v: Json) => void value.splice(i, 1, v),
      remove: () => void value.splice(i, 1),
    }, ...places(element)]);
  }
  if (!(value instanceof Obj)) return [];
  const entries = value.entries;
  return entries.flatMap((entry, i) => [{
    key: entry[0],
    value: entry[1],
    set: (v: Json) => void entries.splice(i, 1, [entry[0], v]),
    remove: () => void entries.splice(i, 1),
  }, ...places(entry[1])]);
}

/** A deep copy that shares nothing with the value. */
export function copyJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(copyJson);
  if (!(value instanceof Obj)) return value;
  return new Obj(value.entries.map(([key, v]) => [key, copyJson(v)]));
}

/**
 * Decoders for what `state.json` is made of: records, unions, maps, lists.
 *
 * Tables are mapped types over the graph's types, so that a field without a decoder does not
 * compile. Keys that the graph does not have are ignored; everything else must be as the writer
 * leaves it.
 *
 * @module
 */

import {
  asObject,
  at,
  DecodeError,
  integer,
  kindOf,
  member,
  string,
  unknownVariant,
} from "../../format/decode/decode.ts";
import type { VariantOf } from "../../format/decode/record_decoder.ts";
import type { Integer } from "../../format/vocabulary.ts";

/** Makes a `T` of a parsed value, or throws a {@linkcode DecodeError}. */
export type StateDecoder<T> = (value: unknown) => T;

/** A key that may be missing. */
export interface OptionalKey<T> {
  /** Decodes its value where it stands. */
  readonly optional: StateDecoder<T>;
}

/** A decoder for every key of `T`; those of keys that may be missing say so. */
export type RecordDecoders<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? OptionalKey<Exclude<T[K], undefined>>
    : StateDecoder<T[K]>;
};

/** For every `type` of the union `U`, decoders for its other keys. */
export type VariantDecoders<U extends { type: string }> = {
  readonly [K in U["type"]]: RecordDecoders<Omit<VariantOf<U, K>, "type">>;
};

const CONTEXT = { repeated: undefined, payloads: [] };

/** A text. */
export const text: StateDecoder<string> = string;

/** An integer of 64 bits, with or without sign. */
export const whole: StateDecoder<Integer> = (value) => {
  try {
    return integer("i64")(value, CONTEXT);
  } catch {
    return integer("u64")(value, CONTEXT);
  }
};

/** An integer of 32 bits. */
export const small: StateDecoder<number> = (value) =>
  Number(integer("i32")(value, CONTEXT));

/** True or false. */
export const flag: StateDecoder<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  throw new DecodeError(`expected true or false, found ${kindOf(value)}`);
};

/** One of some words; the table has every word of the type. */
export function oneOf<W extends string>(
  words: Readonly<Record<W, true>>,
): StateDecoder<W> {
  const known = new Map<string, W>();
  for (const word in words) known.set(word, word);
  return (value) => {
    const found = known.get(text(value));
    if (found === undefined) throw unknownVariant(text(value));
    return found;
  };
}

/** A value or null. */
export function nullable<T>(decode: StateDecoder<T>): StateDecoder<T | null> {
  return (value) => value === null ? null : decode(value);
}

/** A key that may be missing. */
export function optional<T>(decode: StateDecoder<T>): OptionalKey<T> {
  return { optional: decode };
}

/** A list. */
export function list<T>(decode: StateDecoder<T>): StateDecoder<T[]> {
  return (value) => {
    if (!Array.isArray(value)) {
      throw new DecodeError(`expected an array, found ${kindOf(value)}`);
    }
    return value.map((each: unknown, index) =>
      at(index, each, decode, CONTEXT)
    );
  };
}

/** A list of texts. */
export const texts: StateDecoder<string[]> = list(text);

/** An object whose keys are ids, in the order of the file; `idOf` tells each object's own id. */
export function mapBy<T>(
  decode: StateDecoder<T>,
  idOf: (value: T) => string,
): StateDecoder<Map<string, T>> {
  return (value) => {
    const object = objectOf(value);
    const entries: Iterable<[string, unknown]> = object instanceof Map
      ? object
      : Object.entries(object);
    const map = new Map<string, T>();
    for (const [key, each] of entries) {
      const decoded = at(key, each, decode, CONTEXT);
      if (idOf(decoded) !== key) {
        throw new DecodeError("the key is not the id of what it holds", key);
      }
      map.set(key, decoded);
    }
    return map;
  };
}

/** A record: an object with known keys. */
export function record<T extends object>(
  fields: RecordDecoders<T>,
): StateDecoder<T> {
  const read = reader(fields);
  // The table has a decoder for every key of T, so that the target ends up as a T.
  return (value) => read({}, objectOf(value)) as T;
}

/** A record of one of several types, told apart by the key `type`. */
export function variants<U extends { type: string }>(
  table: VariantDecoders<U>,
): StateDecoder<U> {
  const entries: [string, object][] = Object.entries(table);
  const readers = new Map(
    entries.map(([type, fields]) => [type, reader(fields)] as const),
  );
  return (value) => {
    const object = objectOf(value);
    const type = at("type", member(object, "type"), text, CONTEXT);
    const read = readers.get(type);
    if (read === undefined) throw unknownVariant(type).inside("type");
    return read({ type }, object) as U;
  };
}

type Target = Record<string, unknown>;

function reader(fields: object): (target: Target, object: object) => Target {
  const entries: [string, StateDecoder<unknown> | OptionalKey<unknown>][] =
    Object.entries(fields);
  return (target, object) => {
    for (const [key, field] of entries) {
      const value = member(object, key);
      const isOptional = typeof field !== "function";
      if (value === undefined) {
        if (isOptional) continue;
        throw new DecodeError("key is missing", key);
      }
      const decode = isOptional ? field.optional : field;
      target[key] = at(key, value, decode, CONTEXT);
    }
    return target;
  };
}

function objectOf(value: unknown): object {
  const object = asObject(value);
  if (object !== undefined) return object;
  throw new DecodeError(`expected an object, found ${kindOf(value)}`);
}

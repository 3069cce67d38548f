/**
 * Decoders of records and of tagged unions, made from tables of their fields.
 *
 * The order of the table is that of the disk. It is also the order of the elements of an array, which
 * the reference accepts in place of every object.
 *
 * @module
 */

import {
  asObject,
  at,
  DecodeError,
  kindOf,
  member,
  refuseRepeated,
  unknownVariant,
} from "./decode.ts";
import type { DecodeContext, Decoder, Field, Fields } from "./decode.ts";
import { JsonNumber } from "../json/json_parse.ts";

/** The fields of one record, ready to be read from an object or from an array. */
export class FieldReader {
  readonly #fields: readonly (readonly [string, Field<unknown>])[];

  /** Reads the fields of a table, whose order is that of the array. */
  constructor(fields: object) {
    const entries: [string, Field<unknown>][] = Object.entries(fields);
    this.#fields = entries;
  }

  /** Reads every field by its key. Keys that are no fields are ignored, even twice. */
  fromObject(target: Target, object: object, context: DecodeContext): Target {
    for (const [key, { decode, absent, position }] of this.#fields) {
      const value = position === "ignored" ? undefined : member(object, key);
      if (value !== undefined) {
        refuseRepeated(object, key, context);
        target[key] = at(key, value, decode, context);
      } else if (absent !== undefined) target[key] = absent.value;
      else throw new DecodeError("key is missing", key);
    }
    return target;
  }

  /** Reads every field by its position, from `array[first]` on; all elements must be used. */
  fromArray(
    target: Target,
    array: readonly unknown[],
    first: number,
    context: DecodeContext,
  ): Target {
    let index = first;
    for (const [key, { decode, absent, position }] of this.#fields) {
      const passed = position === "ignored" ||
        (position === "trailing" && index >= array.length);
      if (passed && absent !== undefined) target[key] = absent.value;
      else if (index < array.length) {
        target[key] = at(index, array[index], decode, context);
        index++;
      } else throw new DecodeError(`array ends before its "${key}"`);
    }
    if (index < array.length) {
      throw new DecodeError(`array has more than ${index} elements`);
    }
    return target;
  }
}

/** Where the fields of a record go. */
type Target = Record<string, unknown>;

/** Makes a decoder of a record, given as object or array. */
export function record<T extends object>(fields: Fields<T>): Decoder<T> {
  const reader = new FieldReader(fields);
  return (value, context) => {
    // The table has a field for every key of T, so that the target ends up as a T.
    if (Array.isArray(value)) {
      return reader.fromArray({}, value, 0, context) as T;
    }
    return reader.fromObject({}, expectObject(value), context) as T;
  };
}

/** The member of the union `U` whose key `T` may be `K`. */
type VariantBy<U extends Record<T, string>, T extends string, K> = U extends
  unknown ? K extends U[T] ? U : never
  : never;

/** For every member of the union `U` with the discriminator `T`, its other fields. */
export type Variants<
  U extends Record<T, string>,
  T extends string = "type",
> = {
  readonly [K in U[T]]: Fields<Omit<VariantBy<U, T, K>, T>>;
};

/** Whether a number is taken for the variant at that place of the list, as well as its name. */
export type TagSpelling = "name" | "name or index";

/** Makes a decoder of a union with the discriminator `type`. */
export function tagged<U extends { type: string }>(
  variants: Variants<U>,
  spelling: TagSpelling,
): Decoder<U> {
  return taggedBy("type", variants, spelling);
}

/**
 * Makes a decoder of a union with the discriminator `key`, which is the first element of the array
 * form.
 */
export function taggedBy<U extends Record<T, string>, T extends string>(
  key: T,
  variants: Variants<U, T>,
  spelling: TagSpelling,
): Decoder<U> {
  const entries: [string, object][] = Object.entries(variants);
  const readers = new Map(
    entries.map(([name, fields]) => [name, new FieldReader(fields)] as const),
  );
  const names = spelling === "name" ? [] : [...readers.keys()];
  return (value, context) => {
    const { tag, read } = openTagged(value, context, names, key);
    const reader = readers.get(tag);
    if (reader === undefined) throw unknownVariant(tag).inside(key);
    return read(reader) as U;
  };
}

/** The name of a variant, and how the rest of the value is read once its fields are known. */
export function openTagged(
  value: unknown,
  context: DecodeContext,
  names: readonly string[],
  key: string,
): { tag: string; read(fields: FieldReader): object } {
  if (Array.isArray(value)) {
    const tag = tagName(value[0], names, key);
    const read = (fields: FieldReader) =>
      fields.fromArray({ [key]: tag }, value, 1, context);
    return { tag, read };
  }
  const object = expectObject(value);
  refuseRepeated(object, key, context);
  const tag = tagName(member(object, key), names, key);
  const read = (fields: FieldReader) =>
    fields.fromObject({ [key]: tag }, object, context);
  return { tag, read };
}

function expectObject(value: unknown): object {
  const object = asObject(value);
  if (object !== undefined) return object;
  throw new DecodeError(`expected an object, found ${kindOf(value)}`);
}

/** The variant's name that `tag` spells, or whose index in `names` it is. */
export function tagName(
  tag: unknown,
  names: readonly string[],
  key = "type",
): string {
  if (typeof tag === "string") return tag;
  if (tag === undefined) throw new DecodeError("key is missing", key);
  const index = tag instanceof JsonNumber ? indexIn(tag) : tag;
  const name = typeof index === "number" ? names[index] : undefined;
  if (name !== undefined) return name;
  const found = kindOf(tag);
  throw new DecodeError(`expected a variant's name, found ${found}`, key);
}

/** Only an integer without sign may count variants. */
function indexIn({ text }: JsonNumber): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

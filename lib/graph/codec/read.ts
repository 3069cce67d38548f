/**
 * Reads values of the graph from parsed JSON, by their codecs.
 *
 * Keys that the schema does not have are ignored; everything else must be as the writer prints
 * it.
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
import type { Integer } from "../../format/vocabulary.ts";
import type { ItemIdList } from "../conversation.ts";
import {
  type AnyCodec,
  type AnyFields,
  type Codec,
  keysOf,
  type RecordKey,
  type RecordName,
  type StateRules,
} from "./codec.ts";

/** Makes a `T` of a parsed value, or throws a {@linkcode DecodeError}. */
export type Reader<T> = (value: unknown) => T;

type AnyReader = Reader<unknown>;
type Target = Record<string, unknown>;

const CONTEXT = { repeated: undefined, payloads: [] };

/** Makes the reader of values as a schema with these rules prints them. */
export function readerOf<T>(codec: Codec<T>, rules: StateRules): Reader<T> {
  const read = new Readers(rules).of(codec);
  // The compiler has checked that the codec describes values of type T.
  return (value) => read(value) as T;
}

/** Makes readers, one for each codec: an object may contain others of its kind at any depth. */
class Readers {
  readonly #rules: StateRules;
  readonly #made: Map<AnyCodec, AnyReader> = new Map();

  constructor(rules: StateRules) {
    this.#rules = rules;
  }

  of(codec: AnyCodec): AnyReader {
    let reader = this.#made.get(codec);
    if (reader === undefined) {
      reader = this.#make(codec);
      this.#made.set(codec, reader);
    }
    return reader;
  }

  #make({ form }: AnyCodec): AnyReader {
    switch (form.type) {
      case "string":
      case "reference":
        return string;
      case "enum":
        return enumReader(form.values);
      case "int64":
        return int64;
      case "int32":
        return (value) => Number(integer("i32")(value, CONTEXT));
      case "boolean":
        return boolean;
      case "item_ids":
        return itemIdsReader(listReader(string));
      case "nullable":
        return nullableReader(this.of(form.of));
      case "list":
        return listReader(this.of(form.of));
      case "record":
        return this.#record(form.name, form.fields);
      case "variants":
        return this.#variants(form.name, form.tag, form.types);
      case "objects":
        return objectsReader(this.of(form.of), form.key);
      case "embedded":
        // Not before it is needed: the codec may be the one that this is for.
        return (value) => this.of(form.of())(value);
    }
  }

  #record(name: RecordName, fields: AnyFields): AnyReader {
    const members = this.#members(keysOf(name, fields, this.#rules));
    return (value) => readMembers(members, {}, objectOf(value));
  }

  #variants(
    name: RecordName,
    tag: string,
    types: Readonly<Record<string, AnyFields>>,
  ): AnyReader {
    const absent = new Set(this.#rules.absentTypes?.[name]);
    const variants = new Map<string, readonly MemberReader[]>();
    for (const [type, fields] of Object.entries(types)) {
      if (absent.has(type)) continue;
      const keys = keysOf(name, fields, this.#rules, tag);
      variants.set(type, this.#members(keys));
    }
    return (value) => {
      const object = objectOf(value);
      const type = at(tag, member(object, tag), string, CONTEXT);
      const members = variants.get(type);
      if (members === undefined) throw unknownVariant(type).inside(tag);
      return readMembers(members, { [tag]: type }, object);
    };
  }

  #members(keys: readonly RecordKey[]): MemberReader[] {
    return keys.map(({ key, codec, isRequired }) => ({
      key,
      isRequired,
      read: this.of(codec),
    }));
  }
}

interface MemberReader {
  readonly key: string;
  readonly isRequired: boolean;
  readonly read: AnyReader;
}

function readMembers(
  members: readonly MemberReader[],
  target: Target,
  object: object,
): Target {
  for (const { key, isRequired, read } of members) {
    const value = member(object, key);
    if (value !== undefined) target[key] = at(key, value, read, CONTEXT);
    else if (isRequired) throw new DecodeError("key is missing", key);
  }
  return target;
}

function int64(value: unknown): Integer {
  try {
    return integer("i64")(value, CONTEXT);
  } catch {
    return integer("u64")(value, CONTEXT);
  }
}

function boolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new DecodeError(`expected true or false, found ${kindOf(value)}`);
}

function enumReader(values: object): Reader<string> {
  const known = new Set(Object.keys(values));
  return (value) => {
    const name = string(value);
    if (!known.has(name)) throw unknownVariant(name);
    return name;
  };
}

function nullableReader(read: AnyReader): AnyReader {
  return (value) => value === null ? null : read(value);
}

function listReader<T>(read: Reader<T>): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value)) {
      throw new DecodeError(`expected an array, found ${kindOf(value)}`);
    }
    return value.map((each: unknown, index) => at(index, each, read, CONTEXT));
  };
}

/** Reads a plain array as a list of item ids, which shares its storage with no other list yet. */
function itemIdsReader(read: Reader<string[]>): Reader<ItemIdList> {
  return (value) => {
    const ids = read(value);
    return {
      length: ids.length,
      at: (index) => ids[index],
      toJSON: () => ids,
      [Symbol.iterator]: () => ids[Symbol.iterator](),
    };
  };
}

/** Reads an object whose keys are the ids of what it holds, in the order of the file. */
function objectsReader(read: AnyReader, idKey: string): AnyReader {
  return (value) => {
    const object = objectOf(value);
    const entries: Iterable<[string, unknown]> = object instanceof Map
      ? object
      : Object.entries(object);
    const map = new Map<string, unknown>();
    for (const [key, each] of entries) {
      const entry = objectOf(at(key, each, read, CONTEXT));
      if (member(entry, idKey) !== key) {
        throw new DecodeError("the key is not the id of what it holds", key);
      }
      map.set(key, entry);
    }
    return map;
  };
}

function objectOf(value: unknown): object {
  const object = asObject(value);
  if (object !== undefined) return object;
  throw new DecodeError(`expected an object, found ${kindOf(value)}`);
}

/**
 * Codecs: descriptions of the values of the graph, as data.
 *
 * The writer (`write.ts`), the reader (`read.ts`) and the finder of references interpret
 * the same tables, so that a key is described once. A table is a mapped type over the record of
 * the graph: a field without a description does not compile. Tables are data and not functions,
 * because a program that only writes must not load the code that reads.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { ItemIdList } from "../conversation.ts";
import type { ObjectKind, ReferenceRole } from "./reference.ts";

declare const TYPE: unique symbol;

/** A codec without the type of its values, as interpreters take it. */
export interface AnyCodec {
  /** What the values are. */
  readonly form: Form;
}

/** Describes values of type `T`. */
export interface Codec<T> extends AnyCodec {
  /** Only for the compiler, which so takes a codec for no other type than its own. */
  readonly [TYPE]?: (value: T) => T;
}

/** What a value is, and what it consists of. */
export type Form =
  | { readonly type: "string" | "int64" | "int32" | "boolean" | "item_ids" }
  /** One of several values. */
  | { readonly type: "enum"; readonly values: Readonly<Record<string, true>> }
  /** Id of another object. */
  | {
    readonly type: "reference";
    readonly kind: ObjectKind;
    readonly role: ReferenceRole;
  }
  | { readonly type: "nullable" | "list"; readonly of: AnyCodec }
  | {
    readonly type: "record";
    readonly name: RecordName;
    readonly fields: AnyFields;
  }
  /** A record of one of several types, which the key `tag` names. */
  | {
    readonly type: "variants";
    readonly name: RecordName;
    readonly tag: string;
    readonly types: Readonly<Record<string, AnyFields>>;
  }
  /** All objects of a kind, by id; `key` is the key of the id in an object. */
  | {
    readonly type: "objects";
    readonly kind: ObjectKind;
    readonly key: string;
    readonly of: AnyCodec;
  }
  /** An entire object where others have its id; `key` is the key of the id in it. */
  | {
    readonly type: "embedded";
    readonly kind: ObjectKind;
    readonly role: ReferenceRole;
    readonly key: string;
    readonly of: () => AnyCodec;
  };

/** A key that the graph may lack, without the type of its values. */
export interface AnyOptional {
  /** Describes its value. */
  readonly codec: AnyCodec;
  /** Whether every record of a schema that has the key has it. */
  readonly isRequired: boolean;
  /** The value that is printed where the graph has none. */
  readonly unset?: unknown;
}

/** A key that the graph may lack. */
export interface Optional<T> extends AnyOptional {
  readonly codec: Codec<T>;
}

/** How one key of a record is described. */
export type AnyField = AnyCodec | AnyOptional;

/** The keys of a record, in the order of output. */
export type AnyFields = Readonly<Record<string, AnyField>>;

/** A description of every key of `T`, in the order of output. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K>
    ? Optional<Exclude<T[K], undefined>>
    : Codec<T[K]>;
};

/** The member of the union `U` whose key `Tag` may be `K`. */
type MemberOf<U, Tag extends keyof U, K> = U extends unknown
  ? K extends U[Tag] ? U : never
  : never;

/** For every value of the key `Tag` in the union `U`, the other keys. */
export type VariantFields<U, Tag extends keyof U> = {
  readonly [K in U[Tag] & string]: Fields<Omit<MemberOf<U, Tag, K>, Tag>>;
};

export const string: Codec<string> = { form: { type: "string" } };

/** An integer of 64 bits, with or without sign. */
export const int64: Codec<Integer> = { form: { type: "int64" } };

/** An integer of 32 bits with sign. */
export const int32: Codec<number> = { form: { type: "int32" } };

/** True or false. */
export const boolean: Codec<boolean> = { form: { type: "boolean" } };

/** A list of item ids, which may share its storage with others. */
export const itemIds: Codec<ItemIdList> = { form: { type: "item_ids" } };

/** One of several values; the table has every value of the type. */
export function enumOf<V extends string>(
  values: Readonly<Record<V, true>>,
): Codec<V> {
  return { form: { type: "enum", values } };
}

/** The id of another object. */
export function ref(kind: ObjectKind, role: ReferenceRole): Codec<string> {
  return { form: { type: "reference", kind, role } };
}

/** The ids of other objects. */
export function refs(
  kind: ObjectKind,
  role: ReferenceRole,
): Codec<readonly string[]> {
  return list(ref(kind, role));
}

/** A value or null. */
export function nullable<T>(of: Codec<T>): Codec<T | null> {
  return { form: { type: "nullable", of } };
}

export function list<T>(of: Codec<T>): Codec<readonly T[]> {
  return { form: { type: "list", of } };
}

export const strings: Codec<readonly string[]> = list(string);

/** A key that is left out unless it is set. */
export function optional<T>(codec: Codec<T>): Optional<T> {
  return { codec, isRequired: false };
}

/**
 * A key that only some schemas have: in those every record has it.
 *
 * @param unset The value that is printed where the graph has none.
 */
export function versioned<T>(codec: Codec<T>, unset?: T): Optional<T> {
  return { codec, isRequired: true, unset };
}

/** A record; `name` is the name by which the rules of a schema refer to it. */
export function record<T extends object>(
  name: RecordName,
  fields: Fields<T>,
): Codec<T> {
  return { form: { type: "record", name, fields: checked(fields) } };
}

/** A record of one of several types, which its first key `type` names. */
export function variants<U extends { type: string }>(
  name: RecordName,
  types: VariantFields<U, "type">,
): Codec<U> {
  return variantsBy<U, "type">("type", name, types);
}

/** A record of one of several types, which its first key `tag` names. */
export function variantsBy<U, Tag extends keyof U & string>(
  tag: Tag,
  name: RecordName,
  types: VariantFields<U, Tag>,
): Codec<U> {
  return { form: { type: "variants", name, tag, types: checked(types) } };
}

/** All objects of a kind, by id; `key` is the key of the id in an object. */
export function objects<T extends object>(
  kind: ObjectKind,
  of: Codec<T>,
  key: keyof T & string,
): Codec<ReadonlyMap<string, T>> {
  return { form: { type: "objects", kind, key, of } };
}

/** An entire object where others have its id; `of` is called when it is first needed. */
export function embedded<T extends object>(
  kind: ObjectKind,
  role: ReferenceRole,
  of: () => Codec<T>,
  key: keyof T & string,
): Codec<T> {
  return { form: { type: "embedded", kind, role, key, of } };
}

/** A table that the compiler has checked, as interpreters take it. */
function checked<T>(table: object): Readonly<Record<string, T>> {
  return table as Readonly<Record<string, T>>;
}

/** Names of the records of `state.json`: its objects, and the records inside them. */
export type RecordName =
  | ObjectKind
  | "root"
  | "execution"
  | "origin"
  | "agent_message"
  | "body"
  | "part"
  | "producer"
  | "usage"
  | "requester"
  | "tool_kind"
  | "summary"
  | "terminal_request"
  | "terminal_result"
  | "model_observation"
  | "anchor"
  | "payload_kind"
  | "capture";

/** A key that the graph has no field for. */
export interface AddedKey {
  /** The key. */
  readonly key: string;
  /** Describes its value; {@linkcode optional} if the key may be missing. */
  readonly codec: AnyField;
  /**
   * The key before it. Of a record with several types, every type that has this key gets the
   * new one.
   */
  readonly after: string;
}

/** Which keys of `state.json` a schema prints. */
export interface StateRules {
  /** Keys that the schema does not have, by record. */
  readonly absent: Readonly<Partial<Record<RecordName, readonly string[]>>>;
  /** Types that the schema does not have, by record with several types. */
  readonly absentTypes?: Readonly<
    Partial<Record<RecordName, readonly string[]>>
  >;
  /** Keys that the schema adds to those of the graph, by record. */
  readonly added?: Readonly<Partial<Record<RecordName, readonly AddedKey[]>>>;
}

/** A key of a record, by the rules of a schema. */
export interface RecordKey {
  readonly key: string;
  readonly codec: AnyCodec;
  readonly isRequired: boolean;
  /** The value that is printed where the graph has none. */
  readonly unset: unknown;
}

/**
 * The keys that a record has by the rules of a schema, in the order of output.
 *
 * @param tag The key that names the type of the record, if it has one.
 */
export function keysOf(
  name: RecordName,
  fields: AnyFields,
  rules: StateRules,
  tag?: string,
): RecordKey[] {
  const entries = Object.entries(fields);
  for (const { key, codec, after } of rules.added?.[name] ?? []) {
    const at = entries.findIndex(([each]) => each === after);
    if (at !== -1 || after === tag) entries.splice(at + 1, 0, [key, codec]);
    else if (tag === undefined) {
      throw new RangeError(`record "${name}" has no key "${after}"`);
    }
  }
  const absent = new Set(rules.absent[name]);
  return entries.filter(([key]) => !absent.has(key)).map(([key, field]) => {
    if ("form" in field) {
      return { key, codec: field, isRequired: true, unset: undefined };
    }
    return { key, unset: undefined, ...field };
  });
}

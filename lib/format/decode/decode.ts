/**
 * Decoders: from a parsed JSON value to a typed one, as strict and as lenient as the reference.
 *
 * The value is the result of `JSON.parse` or of the exact parser (`Map`, `JsonNumber`). The reference
 * accepts an array of the fields in place of any object, and refuses a known key that occurs twice:
 * the exact parser therefore records repeated keys in the {@linkcode DecodeContext}.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import { type IntegerRange, safeInteger, toInteger } from "../integers.ts";
import { JsonNumber } from "../json/json_parse.ts";
import type { RawPayloadRef } from "../payload.ts";
import type { Integer } from "../vocabulary.ts";
import type { SharedParts } from "./shared_parts.ts";

/** A value that does not follow the format. */
export class DecodeError extends SyntaxError {
  /** Name of the class. */
  override readonly name = "DecodeError";
  /** Path of the value inside the text, empty for the text itself. */
  readonly path: string;
  /** What is wrong, without the path. */
  readonly reason: string;

  /** Prefixes the message with the path. */
  constructor(reason: string, path = "", options?: ErrorOptions) {
    super(path === "" ? reason : `${path}: ${reason}`, options);
    this.reason = reason;
    this.path = path;
  }

  /** Returns the same error with a path that starts one level further out. */
  inside(key: string | number): DecodeError {
    const separator = this.path === "" ? "" : ".";
    return new DecodeError(this.reason, `${key}${separator}${this.path}`, {
      cause: this.cause,
    });
  }
}

/** What decoding one text needs to know and finds on the way. */
export interface DecodeContext {
  /** Keys that occur more than once, by object. Undefined when the text has none. */
  readonly repeated: ReadonlyMap<object, ReadonlySet<string>> | undefined;
  /** Every payload reference decoded so far. */
  readonly payloads: RawPayloadRef[];
  /** How references to payloads are written. Undefined where the text can have none. */
  readonly payloadRef?: Decoder<RawPayloadRef>;
  /** The parts that a placeholder in a list replaces. Undefined where the text has none. */
  readonly sharedParts?: SharedParts | undefined;
}

/** Makes a `T` of a parsed value, or throws a {@linkcode DecodeError}. */
export type Decoder<T> = (value: unknown, context: DecodeContext) => T;

/** How one field of an object is found and decoded. */
export interface Field<T> {
  /** Decodes its value. */
  readonly decode: Decoder<T>;
  /** What a missing key means; without it the key is required. */
  readonly absent?: { readonly value: T };
  /**
   * `trailing`: the array form may end before the field. `ignored`: the schema does not know the
   * key; the array form has no element for it, and its value is always that of `absent`.
   */
  readonly position?: "trailing" | "ignored";
}

/** A field for every key of `T`. Order is that of the disk. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** A field that must be there. */
export function required<T>(decode: Decoder<T>): Field<T> {
  return { decode };
}

/** A field that may be missing or null: its value is `null` in both cases. */
export function nullable<T>(decode: Decoder<T>): Field<T | null> {
  return {
    decode: (value, context) => value === null ? null : decode(value, context),
    absent: { value: null },
  };
}

/** A {@linkcode nullable} field that the array form may omit, too. */
export function optionalTrailing<T>(decode: Decoder<T>): Field<T | null> {
  return { ...nullable(decode), position: "trailing" };
}

/** A field with a default for a missing key, which the array form may omit, too. */
export function defaulted<T>(decode: Decoder<T>, value: T): Field<T> {
  return { decode, absent: { value }, position: "trailing" };
}

/** A field that this schema does not know: its key is ignored, and its value is always `value`. */
export function ignored<T>(value: T): Field<T> {
  return { decode: () => value, absent: { value }, position: "ignored" };
}

export function string(value: unknown): string {
  if (typeof value === "string") return value;
  throw new DecodeError(`expected a string, found ${kindOf(value)}`);
}

/** An integer of a known range. */
export function integer(range: IntegerRange): Decoder<Integer> {
  return (value) => {
    const integer = integerIn(value, range);
    if (integer !== undefined) return integer;
    throw new DecodeError(`expected an integer (${range})`);
  };
}

/** An integer of 32 bits without sign, which a `number` always holds. */
export function u32(value: unknown): number {
  const integer = integerIn(value, "u32");
  if (integer !== undefined) return Number(integer);
  throw new DecodeError("expected an integer (u32)");
}

function integerIn(value: unknown, range: IntegerRange): Integer | undefined {
  if (value instanceof JsonNumber) {
    return value.text === "-0" ? undefined : toInteger(value.text, range);
  }
  if (typeof value !== "number") return undefined;
  // The text has such a number in JavaScript's own spelling, rounded or not.
  return safeInteger(value, range) ?? toInteger(String(value), range);
}

/** An array of elements of one type. */
export function list<T>(decode: Decoder<T>): Decoder<T[]> {
  return (value, context) => {
    if (!Array.isArray(value)) {
      throw new DecodeError(`expected an array, found ${kindOf(value)}`);
    }
    return value.map((element: unknown, index) =>
      at(index, element, decode, context)
    );
  };
}

/** An array of exactly two values, each with a decoder of its own. */
export function pair<A, B>(
  first: Decoder<A>,
  second: Decoder<B>,
): Decoder<readonly [A, B]> {
  return (value, context) => {
    if (!Array.isArray(value) || value.length !== 2) {
      const found = Array.isArray(value) ? `${value.length}` : kindOf(value);
      throw new DecodeError(`expected an array of two, found ${found}`);
    }
    const [a, b]: unknown[] = value;
    return [at(0, a, first, context), at(1, b, second, context)];
  };
}

/** Decodes the value under `key`, so that an error names the key. */
export function at<T>(
  key: string | number,
  value: unknown,
  decode: Decoder<T>,
  context: DecodeContext,
): T {
  try {
    return decode(value, context);
  } catch (error) {
    throw error instanceof DecodeError ? error.inside(key) : error;
  }
}

/** The value under a known key of a JSON object, `undefined` when it has none. */
export function member(object: object, key: string): unknown {
  if (object instanceof Map) return object.get(key);
  // No key of the format is the name of something that every object inherits.
  return (object as Record<string, unknown>)[key];
}

/** The value as a JSON object, `undefined` when it is anything else. */
export function asObject(value: unknown): object | undefined {
  return typeof value === "object" && value !== null &&
      !Array.isArray(value) && !(value instanceof JsonNumber)
    ? value
    : undefined;
}

/** Throws if `key` occurs more than once in `object`. */
export function refuseRepeated(
  object: object,
  key: string,
  context: DecodeContext,
): void {
  if (context.repeated?.get(object)?.has(key)) {
    throw new DecodeError("key occurs more than once", key);
  }
}

/** Returns the type of a JSON value, with its article, for a message. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof JsonNumber) return "a number";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Returns the error that no variant has this name. */
export function unknownVariant(name: string): DecodeError {
  return new DecodeError(`unknown variant ${quote(name)}`);
}

/**
 * Texts, numbers and JSON values that try the corners of the format: identical contents,
 * multi-byte characters, unusual number spellings, repeated and integer-like keys.
 *
 * @module
 */

import { type Json, Obj, Raw } from "./json_text.ts";
import type { Prng } from "../prng.ts";

const PLAIN = ["a", "b", "hello", "go up", "done", "ok", "list files"];

const UNUSUAL = [
  "",
  " ",
  "é",
  "日本語",
  "🌍 globe",
  "line\nbreak\ttab",
  'quote " and \\ and /',
  "\u0001\b\f\r\u001f",
  "\u007f\u2028\u2029",
  "\ufeffmark",
  "\ufffd",
  "__proto__",
  "null",
  "{}",
  '{"a":1}',
  "[1,2]",
  "x".repeat(300),
];

/** A text; mostly from a small pool, so that equal contents are frequent. */
export function text(prng: Prng): string {
  return prng.chance(0.85) ? prng.pick(PLAIN) : prng.pick(UNUSUAL);
}

/** Spellings of numbers that JSON allows. */
export const NUMBERS: readonly string[] = [
  "0",
  "1",
  "-1",
  "-0",
  "-0.0",
  "0.0",
  "1.0",
  "1.50",
  "1e3",
  "1E5",
  "1E+5",
  "1e-7",
  "1E-7",
  "0.1e1",
  "1e21",
  "1e400",
  "-1.5e-10",
  "9007199254740993",
  "18446744073709551616",
  "123456789012345678901234567890",
  "100000000000000000000.5",
  "0.1",
];

const KEYS = [
  ..."a b cmd 10 2 1 __proto__ é type".split(" "),
  "",
  // Their order by bytes is not their order by UTF-16 units.
  "\u{10000}",
  "\uff5e",
];

/** A JSON value of at most `depth` further levels. */
export function anyJson(prng: Prng, depth = 2): Json {
  const scalar = depth <= 0 || prng.chance(0.45);
  if (scalar) {
    return prng.weighted<() => Json>([
      [4, () => text(prng)],
      [3, () => new Raw(prng.pick(NUMBERS))],
      [1, () => null],
      [1, () => prng.chance(0.5)],
    ])();
  }
  const size = prng.int(4);
  if (prng.chance(0.35)) {
    return Array.from({ length: size }, () => anyJson(prng, depth - 1));
  }
  return anyObject(prng, depth - 1, size);
}

/** An object; its keys repeat now and then, and need not be in numeric order. */
export function anyObject(prng: Prng, depth: number, size: number): Obj {
  return new Obj(
    Array.from(
      { length: size },
      (): [string, Json] => [prng.pick(KEYS), anyJson(prng, depth)],
    ),
  );
}

/**
 * A text about as long as a JSON summary may be (240 bytes). With `multibyte`, some of its
 * characters take several bytes, which the schema 1 reference survives only by luck.
 */
export function nearLimit(prng: Prng, multibyte: boolean): string {
  const length = prng.between(215, 262);
  if (!multibyte) return "y".repeat(length);
  const wide = prng.pick(["é", "€", "🌍"]);
  const at = prng.between(200, length);
  return "y".repeat(at) + wide.repeat(prng.between(1, 20)) + "z".repeat(20);
}

/** A UUID spelled in one of the ways that are read as the same id. */
export function spelledUuid(prng: Prng, uuid: string): string {
  return prng.weighted([
    [12, uuid],
    [1, uuid.toUpperCase()],
    [1, uuid.replaceAll("-", "")],
    [1, `{${uuid}}`],
    [1, `urn:uuid:${uuid}`],
  ]);
}

/** Integers at and beyond the ends of their ranges. */
export const INTEGERS: readonly string[] = [
  "0",
  "1",
  "-1",
  "7",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
];

/**
 * What the reference's buffer for tagged unions does to JSON.
 *
 * To find the tag of a union, the reference keeps all of the object in a buffer that knows
 * integers of 64 bits and floats. Integers of up to 128 bits do not fit; of other numbers,
 * those that are spelled just as a float prints come out as floats.
 *
 * @module
 */

import { DecodeError } from "../../format/decode/decode.ts";
import { JsonNumber } from "../../format/json/json_node.ts";
import type { JsonNode } from "../../format/json/json_node.ts";
import { toInteger } from "../../format/json/integer.ts";

/**
 * The value as it leaves the buffer.
 *
 * @throws {DecodeError} If it holds an integer that does not fit.
 */
export function buffered(node: JsonNode): JsonNode {
  if (node instanceof JsonNumber) return bufferedNumber(node);
  if (Array.isArray(node)) return node.map(buffered);
  if (!(node instanceof Map)) return node;
  return new Map(Array.from(node, ([key, value]) => [key, buffered(value)]));
}

function bufferedNumber(number: JsonNumber): JsonNumber {
  const { text } = number;
  if (/^-?\d+$/.test(text)) {
    const fits = toInteger(text, "u64") ?? toInteger(text, "i64");
    if (fits !== undefined) return number;
    if (fits128(text)) throw new DecodeError(`integer ${text} is too large`);
  }
  const float = Number(text);
  if (!Number.isFinite(float) || plainSpelling(float) !== text) return number;
  const size = Math.abs(float);
  // A float prints with an exponent where it would begin or end with many zeros.
  return size >= 1e-5 && size < 1e16
    ? number
    : new JsonNumber(float.toExponential());
}

function fits128(text: string): boolean {
  if (text.length > 40) return false;
  const value = BigInt(text);
  return value >= -(2n ** 127n) && value < 2n ** 128n;
}

/** The shortest digits of a float, without an exponent. */
function plainSpelling(float: number): string {
  const [mantissa = "", exponent] = Math.abs(float).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = 1 + Number(exponent);
  const sign = float < 0 || Object.is(float, -0) ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

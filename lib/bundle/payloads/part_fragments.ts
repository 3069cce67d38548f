/**
 * Fragments: the record of a payload that is put together from parts, as the texts before,
 * between and after them.
 *
 * @module
 */

import { PayloadError, type PayloadLocation } from "../../errors.ts";
import type { JsonReader } from "../json_reader.ts";

/**
 * Reads the fragments of a record.
 *
 * @param parts How many parts the payload has; there is one fragment more.
 * @throws {SyntaxError} If the record is not JSON.
 * @throws {PayloadError} If it is no list of so many strings.
 */
export function readFragments(
  place: PayloadLocation,
  text: string,
  parts: number,
  json: JsonReader,
): readonly string[] {
  const value = json.parse(text);
  const fragments = Array.isArray(value)
    ? value.filter((each) => typeof each === "string")
    : [];
  const isRight = Array.isArray(value) && value.length === parts + 1 &&
    fragments.length === value.length;
  if (isRight) return fragments;
  throw new PayloadError(
    "payload_not_json",
    place,
    `is no list of the ${parts + 1} texts around its ${parts} parts`,
  );
}

/** A value whose quotes would end a string around it, and that is no key. */
const PLACEHOLDER = '[""]';

/** The fragments with a placeholder for each part. */
export function skeletonOf(fragments: readonly string[]): string {
  return fragments.join(PLACEHOLDER);
}

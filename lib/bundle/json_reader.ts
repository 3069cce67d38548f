/**
 * Strict JSON, as fast as the engine's own parser.
 *
 * @module
 */

import { assertStrictJson } from "../format/json_strict.ts";
import type { JsonValue } from "../format/payload.ts";

/** Parses JSON as the reference would and counts how much of it there was. */
export class JsonReader {
  /** Characters that went through the parser. */
  parsed = 0;

  /**
   * Parses one JSON value.
   *
   * @throws {SyntaxError} If it is no JSON, nests too deep, or spells half a character.
   */
  parse(text: string): JsonValue {
    this.parsed += text.length;
    const value: JsonValue = JSON.parse(text);
    assertStrictJson(text);
    return value;
  }
}

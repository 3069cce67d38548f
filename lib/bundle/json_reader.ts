/**
 * Strict JSON, as fast as the engine's own parser.
 *
 * @module
 */

import { assertStrictJson, nestsDeeper } from "../format/json/json_strict.ts";
import type { JsonValue } from "../format/payload.ts";

/** A text nests deeper than any parser should follow. */
export class DepthError extends Error {
  override readonly name = "DepthError";
  /** The depth that is allowed. */
  readonly most: number;

  /** Says how deep is allowed. */
  constructor(most: number) {
    super(`nesting deeper than ${most}`);
    this.most = most;
  }
}

/** Parses JSON as the reference would and counts how much of it there was. */
export class JsonReader {
  /** Characters that went through the parser. */
  parsed = 0;
  readonly #deepest: number;

  /** Gives a text to the parser only if it does not nest deeper than `deepest`. */
  constructor(deepest: number) {
    this.#deepest = deepest;
  }

  /**
   * Parses one JSON value.
   *
   * @throws {SyntaxError} If it is no JSON, nests too deep, or spells half a character.
   * @throws {DepthError} If it nests too deep to be given to a parser.
   */
  parse(text: string): JsonValue {
    this.parsed += text.length;
    this.checkDepth(text);
    const value: JsonValue = JSON.parse(text);
    assertStrictJson(text);
    return value;
  }

  /**
   * Checks how deep a text nests that may not be JSON at all.
   *
   * @throws {DepthError} If it nests too deep to be given to a parser.
   */
  checkDepth(text: string): void {
    if (nestsDeeper(text, this.#deepest)) throw new DepthError(this.#deepest);
  }
}

/**
 * Parses strict JSON with the parser of the engine.
 *
 * @module
 */

import { assertStrictJson, nestsDeeper } from "../format/json/json_strict.ts";
import type { JsonValue } from "../format/payload.ts";

/** The nesting of a text is deeper than the limit. */
export class DepthError extends Error {
  override readonly name = "DepthError";
  /** The maximum depth. */
  readonly max: number;

  /** `max` is the maximum depth. */
  constructor(max: number) {
    super(`nesting deeper than ${max}`);
    this.max = max;
  }
}

/** Parses JSON as the reference does, and counts the characters. */
export class JsonReader {
  /** Number of parsed characters. */
  parsed = 0;
  readonly #maxDepth: number;

  /** Refuses a text with nesting deeper than `maxDepth`. */
  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /**
   * Returns the value of a JSON text.
   *
   * @throws {SyntaxError} If it is not JSON, is nested too deep for the reference, or has an unpaired
   * surrogate.
   * @throws {DepthError} If its nesting is deeper than the limit.
   */
  parse(text: string): JsonValue {
    this.parsed += text.length;
    this.checkDepth(text);
    const value: JsonValue = JSON.parse(text);
    assertStrictJson(text);
    return value;
  }

  /**
   * Checks the nesting of a text, which need not be JSON.
   *
   * @throws {DepthError} If its nesting is deeper than the limit.
   */
  checkDepth(text: string): void {
    if (nestsDeeper(text, this.#maxDepth)) throw new DepthError(this.#maxDepth);
  }
}

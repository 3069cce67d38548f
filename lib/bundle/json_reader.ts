/**
 * Parses strict JSON with the parser of the engine.
 *
 * @module
 */

import {
  assertStrictJson,
  hasMoreObjects,
  nestsDeeper,
} from "../format/json/json_strict.ts";
import type { Limits } from "./limits.ts";
import type { JsonValue } from "../format/payload.ts";

/** The structure of a text exceeds a limit. */
export class StructureError extends Error {
  override readonly name = "StructureError";
  readonly limit: "depth" | "objects";
  /** Its value. */
  readonly max: number;

  /** `max` is the value of the limit. */
  constructor(limit: "depth" | "objects", max: number) {
    super(`exceeds the limit ${limit}=${max}`);
    this.limit = limit;
    this.max = max;
  }
}

/** Parses JSON as the reference does, and counts the characters. */
export class JsonReader {
  /** Number of parsed characters. */
  parsed = 0;
  readonly #limits: StructureLimits;

  /** Refuses a text beyond `limits`. */
  constructor(limits: StructureLimits) {
    this.#limits = limits;
  }

  /**
   * Returns the value of a JSON text.
   *
   * @throws {SyntaxError} If it is not JSON, is nested too deep for the reference, or has an unpaired
   * surrogate.
   * @throws {StructureError} If it exceeds a limit.
   */
  parse(text: string): JsonValue {
    this.parsed += text.length;
    this.checkStructure(text);
    const value: JsonValue = JSON.parse(text);
    assertStrictJson(text);
    return value;
  }

  /**
   * Checks the structure of a text, which need not be JSON.
   *
   * @throws {StructureError} If it exceeds a limit.
   */
  checkStructure(text: string): void {
    const limit = exceededStructure(text, this.#limits);
    if (limit !== undefined) {
      throw new StructureError(limit, this.#limits[limit]);
    }
  }

  /**
   * Checks the length of a list of which an object is made for each element.
   *
   * @throws {StructureError} If it exceeds the limit of objects.
   */
  checkElements(count: number): void {
    const { objects } = this.#limits;
    if (count > objects) throw new StructureError("objects", objects);
  }
}

/** Limits of the structure of a text. */
type StructureLimits = Pick<Limits, "depth" | "objects">;

/** The limit of its structure that a text exceeds; `undefined` if it does not. */
export function exceededStructure(
  text: string,
  { depth, objects }: StructureLimits,
): "depth" | "objects" | undefined {
  if (nestsDeeper(text, depth)) return "depth";
  return hasMoreObjects(text, objects) ? "objects" : undefined;
}

/** What is reported of a text beyond a limit. */
export const STRUCTURE_WORDS = {
  depth: "nests deeper than",
  objects: "has more arrays and objects than",
} as const;

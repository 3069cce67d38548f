/**
 * Parts of a payload reference that a text does not repeat: its reader replaced them by a
 * placeholder, because the line before lists them, too.
 *
 * @module
 */

import type { RawPayloadRef } from "../payload.ts";

/** The only key of the placeholder. A text that has it anywhere is not abridged. */
export const PLACEHOLDER_KEY = "$shared_parts";
/** The first element of a list of parts. It nests as deep as the parts that it replaces. */
export const PLACEHOLDER = `{"${PLACEHOLDER_KEY}":{}}`;

/** The parts that the placeholder of one text replaces. */
export class SharedParts {
  readonly #parts: readonly RawPayloadRef[];
  #list: readonly RawPayloadRef[] | undefined;

  /** Takes the parts. */
  constructor(parts: readonly RawPayloadRef[]) {
    this.#parts = parts;
  }

  /** The list that had the placeholder; `undefined` as long as none was decoded. */
  get list(): readonly RawPayloadRef[] | undefined {
    return this.#list;
  }

  /** Whether a parsed value is the placeholder. */
  isPlaceholder(value: unknown): boolean {
    return typeof value === "object" && value !== null &&
      Object.hasOwn(value, PLACEHOLDER_KEY);
  }

  /** Returns the complete list: the replaced parts, and `rest`, which follows the placeholder. */
  expand(rest: readonly RawPayloadRef[]): readonly RawPayloadRef[] {
    return this.#list = this.#parts.concat(rest);
  }
}

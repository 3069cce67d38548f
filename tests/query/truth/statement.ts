/**
 * One value of an answer, under the name of the fact that it is about.
 *
 * @module
 */

import type { ObjectRef } from "../../../lib/query/session/names/object_kind.ts";
import { factName, type Value } from "./fact.ts";

/** One value of an answer. */
export interface Statement {
  /** The answer. */
  readonly by: string;
  /** The name of the fact. */
  readonly name: string;
  /** Its value; null is unknown. */
  readonly value: Value;
}

/** What a value of an answer may be. */
export type Stated = Value | bigint | undefined | Pick<ObjectRef, "id">;

/** Collects the statements of one answer. */
export class Statements {
  readonly all: Statement[] = [];
  readonly #by: string;

  constructor(by: string) {
    this.#by = by;
  }

  /** Adds values of one object; a reference is its id, and `undefined` is no statement. */
  add(kind: string, id: string, values: Record<string, Stated>): void {
    for (const [what, stated] of Object.entries(values)) {
      if (stated === undefined) continue;
      const value = typeof stated === "bigint"
        ? Number(stated)
        : typeof stated === "object" && stated !== null
        ? stated.id
        : stated;
      this.all.push({ by: this.#by, name: factName(kind, id, what), value });
    }
  }
}

/**
 * What the rows of a report are made of.
 *
 * @module
 */

import type { ObjectKind } from "../query/names/object_kind.ts";

/** A place in the texts of the report; they are read only when they are shown. */
export type TextRef = number;

/** A whole number that a page must not round: digits where a number would. */
export type Whole = number | string;

/** A list of items: the first `length` rows of a vector of the report, which lists share. */
export type ItemList = readonly [vector: number, length: number];

/** An object, as other objects point at it. */
export type Pointer = readonly [kind: ObjectKind, id: string];

/** What every row has. */
export interface Row {
  /** Its id in the graph. */
  readonly id: string;
  /** Its short name, such as `call:3`. */
  readonly handle: string;
  /** Rows of the events that tell of it, in the order of the log. */
  readonly events: readonly number[];
}

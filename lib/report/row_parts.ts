/**
 * What the rows of a report are made of.
 *
 * @module
 */

import type { ObjectKind } from "../query/session/names/object_kind.ts";

/** A place in the texts of the report; they are read only when they are shown. */
export type TextRef = number;

/** A whole number that a page must not round: digits where a number would. */
export type Whole = number | string;

/** How much of a payload was kept, when not all of it was. */
export type CaptureRow =
  | {
    readonly status: "truncated";
    readonly original_bytes: Whole;
    readonly retained_bytes: Whole;
  }
  | { readonly status: "omitted"; readonly original_bytes: Whole };

/** A list of items: the first `length` rows of a vector of the report, which lists share. */
export type ItemList = readonly [vector: number, length: number];

/** An object, as other objects point at it. */
export type Pointer = readonly [kind: ObjectKind, id: string];

/**
 * A step from one object to another: places of the relation and, where there is more to say, of
 * a note in the report's `words` (-1 where not); of the kind among all kinds; the row of the other
 * object; then rows of the events that tell of it.
 */
export type HopTuple = readonly [
  relation: number,
  kind: number,
  row: number,
  note: number,
  ...events: number[],
];

/** What every row has. */
export interface Row {
  /** Its id in the graph. */
  readonly id: string;
  /** Its short name, such as `call:3`. */
  readonly handle: string;
  /** Rows of the events that tell of it, in the order of the log. */
  readonly events: readonly number[];
  /** Steps to what led to it. */
  readonly origin: readonly HopTuple[];
  /** Steps to what it led to. */
  readonly leads: readonly HopTuple[];
}

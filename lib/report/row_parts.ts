/**
 * The types that the rows of a report are built from.
 *
 * @module
 */

import type { ObjectKind } from "../query/session/names/object_kind.ts";

/** Index of a text of the report; texts are read only when they are shown. */
export type TextRef = number;

/** An integer that must not be rounded: a string of digits beyond 2^53. */
export type ExactInteger = number | string;

/** How much of a payload was kept, when not all of it was. */
export type CaptureRow =
  | {
    readonly status: "truncated";
    readonly original_bytes: ExactInteger;
    readonly retained_bytes: ExactInteger;
  }
  | { readonly status: "omitted"; readonly original_bytes: ExactInteger };

/** A list of items: the first `length` rows of a vector of the report, which lists share. */
export type ItemList = readonly [vector: number, length: number];

/** A reference to an object. */
export type Pointer = readonly [kind: ObjectKind, id: string];

/**
 * A step from one object to another: index of the relation in the report's `step_texts`; index of
 * the kind of the other object among all kinds, and its row; index of a note in `step_texts`, or
 * -1; then rows of the events that are evidence of the step.
 */
export type StepTuple = readonly [
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
  /** Rows of the events about it, in the order of the log. */
  readonly events: readonly number[];
  /** Steps to its causes. */
  readonly upstream: readonly StepTuple[];
  /** Steps to its effects. */
  readonly downstream: readonly StepTuple[];
}

/**
 * One hop from an object to another, before it is told as a step.
 *
 * @module
 */

import type { Evidence } from "../evidence/links/evidence.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Moment } from "./moment.ts";
import type { Relation } from "./relation.ts";

/** A hop. What costs work is only asked for when the hop is told. */
export interface Hop {
  /** How it goes on. */
  readonly relation: Relation;
  /** Where to. */
  readonly to: ObjectRef;
  /** The events that tell of it. */
  readonly evidence: () => readonly Evidence[];
  /** Words to be put before what the object is. */
  readonly note?: string;
  /** Whether the chain ends here: what follows is told elsewhere, or belongs to others. */
  readonly leaf?: boolean;
  /** Whether it is left out where its object was told of already: nothing is new in it then. */
  readonly unlessSeen?: boolean;
  /** From where on what follows counts, where that is not the beginning of the object. */
  readonly since?: Moment;
  /** Whether its object may have begun before what it is told of, though it leads on. */
  readonly beganBefore?: boolean;
  /** Whether it is told only of the object that was asked for, not further on in a chain. */
  readonly nearOnly?: boolean;
}

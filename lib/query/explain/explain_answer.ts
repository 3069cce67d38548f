/**
 * What `explain` answers: one object, and the chain around it in both directions.
 *
 * @module
 */

import type {
  ExecutionStatus,
  Integer,
  UnixMs,
} from "../../format/vocabulary.ts";
import type { Outcome } from "../failures/outcome/outcome.ts";
import type { Failure } from "../failures/failure.ts";
import type { Evidence } from "../evidence/links/evidence.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Suggestion } from "../session/suggestion.ts";
import type { Comparison } from "./comparison/comparison.ts";
import type { Relation } from "./relation.ts";

/** Everything about one object. */
export interface ExplainAnswer {
  /** The object. */
  readonly object: ObjectRef;
  /** What it is, in a few words. */
  readonly text: string;
  /** What became of it; null for what does not run, and when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** Whether it runs, and how it ended, in the recorder's word; null for what does not run. */
  readonly status: ExecutionStatus | null;
  /** The thread it belongs to; null where it belongs to none, or to several. */
  readonly thread: ObjectRef | null;
  /** The turn it belongs to, or was first seen in. */
  readonly turn: ObjectRef | null;
  /** When it started, or was first seen; null where it is unknown. */
  readonly started_at_unix_ms: UnixMs | null;
  /** What is known about it. */
  readonly facts: readonly Fact[];
  /** The events about it, in the order of the log. */
  readonly evidence: readonly Evidence[];
  /** What went wrong with it. */
  readonly failures: readonly Failure[];
  /** Its causes, step by step. */
  readonly upstream: readonly Step[];
  /** What was left out of that; null where the chain is complete. */
  readonly upstream_truncated: ChainTruncation | null;
  /** Its effects, step by step: never what had happened before. */
  readonly downstream: readonly Step[];
  /** What was left out of that; null where the chain is complete. */
  readonly downstream_truncated: ChainTruncation | null;
  /** The output of a runtime, compared with what its reader received of it. */
  readonly comparisons: readonly Comparison[];
  /** Commands to run next. */
  readonly suggestions: readonly Suggestion[];
}

/** The unit of a fact: bytes, milliseconds, or milliseconds since the Unix epoch. */
export type FactUnit = "bytes" | "ms" | "unix_ms";

/**
 * One thing known about an object; `value` and `object` both null: it is not known. Both given:
 * the value is the text of the object.
 */
export interface Fact {
  /** Its name; where the value has a unit, the name ends in it. */
  readonly name: string;
  /** The unit of the value; null where it has none. */
  readonly unit: FactUnit | null;
  /** The value. */
  readonly value: string | Integer | boolean | null;
  /** The object, where the fact is one. */
  readonly object: ObjectRef | null;
}

/** One step of a chain. */
export interface Step {
  /** The relation of the object in front to this one. */
  readonly relation: Relation;
  /** This object; null where the step is for several objects. */
  readonly object: ObjectRef | null;
  /** What it is, in a few words. */
  readonly text: string;
  /** How many objects it is for. */
  readonly count: number;
  /** The events about the step. */
  readonly evidence: readonly Evidence[];
  /** Why its own steps are left out, where it may have some. */
  readonly truncated: StepTruncation | null;
  /** The steps that follow. */
  readonly steps: readonly Step[];
}

/** How much of a chain was left out. */
export interface ChainTruncation {
  /** How many steps more there are within `depth`; there may be others beyond. */
  readonly steps: number;
  /** The depth that includes them. */
  readonly depth: number;
}

/** Why a chain ends before its end. */
export type StepTruncation =
  /** The chain is as long as was asked for. */
  | "depth"
  /** The object is in the chain already. */
  | "seen"
  /** The answer has as many steps as one may have. */
  | "size";

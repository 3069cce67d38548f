/**
 * The turns of two sessions, aligned: what both did, what only one did, and where they part.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { KnownCount } from "../../evidence/known_count.ts";
import type { Evidence } from "../../evidence/links/evidence.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { TurnRow } from "../../show/show_answer.ts";
import type { TextDifference } from "../text_difference.ts";

/** The turns of two sessions. */
export interface TurnsDiff {
  /** Threads of the same agent path, one beside the other; first those of the first session. */
  readonly threads: readonly ThreadTurns[];
  /** The first step that differs; null where none is known to. */
  readonly first_difference: Parting | null;
  /** The first of those that a model wrote, or that its code called; null where none is known. */
  readonly first_model_difference: Parting | null;
}

/** The turns of one agent in both sessions. */
export interface ThreadTurns {
  /** Path in the tree of agents. */
  readonly agent_path: string;
  /** The thread of the first; null where it has none. */
  readonly a: ObjectRef | null;
  /** The thread of the second; null where it has none. */
  readonly b: ObjectRef | null;
  /** The turns, aligned by their prompts, in order. */
  readonly turns: readonly TurnPair[];
}

/** A turn of both sessions, or of one. */
export interface TurnPair {
  /**
   * Why the two are compared: their prompts have the same text, or, between such turns, their
   * places. Null for a turn that only one session has.
   */
  readonly matched_by: "prompt" | "position" | null;
  /**
   * Whether every step is the same but for ids and times; null where none is known to differ, and
   * some is unknown.
   */
  readonly same: boolean | null;
  /** The turn of the first session; null where it has none. */
  readonly a: TurnSide | null;
  /** The turn of the second session; null where it has none. */
  readonly b: TurnSide | null;
  /** How many steps there are of each sort. */
  readonly counts: StepCounts;
  /** The steps of both, in order; those of a turn that only one has are not listed. */
  readonly steps: readonly StepRow[];
}

/** A turn of one session. */
export interface TurnSide extends
  Pick<
    TurnRow,
    | "turn"
    | "outcome"
    | "status"
    | "duration_ms"
    | "calls"
    | "failed_calls"
    | "tool_calls"
    | "failed_tool_calls"
    | "tokens"
  > {
  /** What the user, or another agent, wrote; null where that is unknown, or there is none. */
  readonly prompt: TurnStep | null;
  /** Steps that are known. */
  readonly steps: number;
  /** Whether there may have been steps that were not recorded, or were lost. */
  readonly may_lack_steps: boolean;
  /** Errors in it. */
  readonly errors: KnownCount;
  /** The one to inspect first; null when none is known. */
  readonly first_error: TurnError | null;
  /** Paths of the files that patches changed; null where payloads are not available. */
  readonly changed_files: readonly string[] | null;
}

/** An error in a turn. */
export interface TurnError {
  /** What it happened to; null where it is no object. */
  readonly about: ObjectRef | null;
  /** The event that reports it; null where none does. */
  readonly seq: Integer | null;
  /** What went wrong, as one line. */
  readonly text: string;
}

/** What a model received or wrote, or a tool call that its code made. */
export interface TurnStep {
  /** The item, or the tool call of a code cell. */
  readonly object: ObjectRef;
  /** What the item is, or `nested_tool_call`. */
  readonly step_kind: string;
  /** Who speaks in the item; null for a call of a code cell. */
  readonly role: string | null;
  /** The tool that is called or answers; null for other items, and where it is unknown. */
  readonly tool: string | null;
  /** Whether a model wrote it, or its code called it: else it was given to the model. */
  readonly by_model: boolean;
  /** Its text, truncated. */
  readonly excerpt: string;
}

/** How many steps there are of each sort. */
export interface StepCounts {
  /** With the same content. */
  readonly same: number;
  /** With the same content but for ids and times. */
  readonly similar: number;
  /** At the same place, where the content of one is not known. */
  readonly unknown: number;
  /** At the same place with another content. */
  readonly changed: number;
  /** Only in the first, or lost in the second. */
  readonly only_a: number;
  /** Only in the second, or lost in the first. */
  readonly only_b: number;
  /** Not aligned: of the first. */
  readonly not_aligned_a: number;
  /** Not aligned: of the second. */
  readonly not_aligned_b: number;
}

/** Steps of both sessions, or one of either. */
export type StepRow =
  | {
    /** Equal, equal but for ids and times, or at the same place and unknown. */
    readonly change: "same" | "similar" | "unknown";
    /** How many, one after the other. */
    readonly length: number;
    /** The first of them in the first session. */
    readonly a: TurnStep;
    /** The first of them in the second session. */
    readonly b: TurnStep;
    /** The last of them in the first session. */
    readonly last_a: ObjectRef;
    /** The last of them in the second session. */
    readonly last_b: ObjectRef;
  }
  | {
    readonly change: "changed";
    readonly a: TurnStep;
    readonly b: TurnStep;
    /** How the texts differ. */
    readonly difference: TextDifference;
  }
  | {
    readonly change: "only_a";
    readonly a: TurnStep;
    /** False where the second session may have it in what was lost, or not recorded. */
    readonly is_certain: boolean;
  }
  | {
    readonly change: "only_b";
    readonly b: TurnStep;
    /** False where the first session may have it in what was lost, or not recorded. */
    readonly is_certain: boolean;
  }
  | {
    /** Too many steps differ: which of these are in both was not determined. */
    readonly change: "not_aligned";
    /** How many steps of the first. */
    readonly length_a: number;
    /** How many steps of the second. */
    readonly length_b: number;
    /** The first of these. */
    readonly a: TurnStep;
    /** The first of these. */
    readonly b: TurnStep;
  };

/** Where two sessions part. */
export interface Parting {
  /** Path of the agent. */
  readonly agent_path: string;
  /** What differs there; `turn` where only one session has the turn. */
  readonly change: "changed" | "only_a" | "only_b" | "not_aligned" | "turn";
  /** The turn of the first session; null where it has none. */
  readonly turn_a: ObjectRef | null;
  /** The turn of the second session; null where it has none. */
  readonly turn_b: ObjectRef | null;
  /** The step of the first session; null where it has none. */
  readonly a: PartingStep | null;
  /** The step of the second session; null where it has none. */
  readonly b: PartingStep | null;
  /** The last steps of the thread that both have; null where there are none. */
  readonly last_common: { readonly a: ObjectRef; readonly b: ObjectRef } | null;
  /** Steps of the thread before it of which it is unknown whether they differ. */
  readonly unknown_before: number;
}

/** A step at which a session parts from another, with its evidence. */
export interface PartingStep {
  /** The step. */
  readonly step: TurnStep;
  /** The events about it, in the order of the log. */
  readonly evidence: readonly Evidence[];
}

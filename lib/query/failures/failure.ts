/**
 * What went wrong in a session: one entry a fault, each with what it is about.
 *
 * @module
 */

import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/**
 * An error kept something from being done; a warning is worth a second look; an interruption was
 * wanted: an interrupt, a denial of approval, a message that replaced a response.
 */
export type FailureSeverity = "error" | "warning" | "interruption";

/** What sort of fault it is. */
export type FailureKind =
  /** A request to a model failed, or was given up. */
  | "inference"
  /** A compaction request of the history failed. */
  | "compaction"
  /** A tool call failed. */
  | "tool"
  /** A command ended with another code than 0, maybe after its call: many do so as an answer. */
  | "exit_code"
  /** A code cell failed, or was terminated. */
  | "code_cell"
  /** A turn failed, or was interrupted; also one that was recorded as completed. */
  | "turn"
  /** A thread failed, or was aborted. */
  | "thread"
  /** The rollout failed, or was aborted. */
  | "rollout"
  /** Codex reported an error, a warning or an interruption to its user. */
  | "protocol"
  /** No end of it was recorded. */
  | "incomplete"
  /** A tool ran as another one than the model called. */
  | "tool_mismatch"
  /** What an agent reported was never shown to the agent it was for. */
  | "undelivered";

/** Why the reason of a fault is unknown. */
export type MissingReason =
  /** The log and the payloads have none. */
  | "not_recorded"
  /** It may be in the log or in payloads, which were not read with the `state.json`. */
  | "only_in_bundle"
  /** It is in a payload that the recorder truncated or omitted. */
  | "payload_incomplete";

/** One thing that went wrong. */
export interface Failure {
  /** How bad it is. */
  readonly severity: FailureSeverity;
  /** What sort of fault it is. */
  readonly kind: FailureKind;
  /** What it happened to; null where it is the rollout itself or no object at all. */
  readonly about: ObjectRef | null;
  /** Which tool, command or model that is, in a few words; null where it is unknown. */
  readonly subject: string | null;
  /** The event that reports it; null where none does. */
  readonly seq: Integer | null;
  /** When it was recorded, or, of what never ended, when it began. */
  readonly at_unix_ms: UnixMs;
  /** Thread it happened in. */
  readonly thread: ObjectRef | null;
  /** Turn it happened in. */
  readonly turn: ObjectRef | null;
  /** What went wrong, as one line; may be of any length. */
  readonly text: string;
  /** The words of the record, where `text` is only the message out of them. */
  readonly raw: string | null;
  /** Why `text` has no reason; null where it has one. */
  readonly missing_reason: MissingReason | null;
  /** Exit code of a command that failed. */
  readonly exit_code: number | null;
  /** Payloads with its evidence. */
  readonly evidence: readonly ObjectRef[];
  /** Items in which it was reported to the model. */
  readonly reported_in: readonly ObjectRef[];
  /** The object whose own fault is the reason of this one. */
  readonly caused_by: ObjectRef | null;
  /** The later request of the same turn that succeeded. */
  readonly retried_by: ObjectRef | null;
  /**
   * Whether a later request of the same turn may be missing: the turn has no end, or events were
   * lost after the failure. False of all that is no request.
   */
  readonly retry_unknown: boolean;
  /**
   * The next request of the same sort that succeeded in a later turn of the thread, where none of
   * the same turn did. Whether it repeats what failed is unknown.
   */
  readonly later_success: {
    /** The request. */
    readonly request: ObjectRef;
    /** Its turn. */
    readonly turn: ObjectRef;
  } | null;
}

/** A fault with only what differs from the usual. */
export type FailureInput =
  & Pick<Failure, "severity" | "kind" | "about" | "at_unix_ms" | "text">
  & Partial<Failure>;

/** A failure; what is not in `draft` is null or empty. */
export function failure(draft: FailureInput): Failure {
  return {
    subject: null,
    seq: null,
    thread: null,
    turn: null,
    raw: null,
    missing_reason: null,
    exit_code: null,
    evidence: [],
    reported_in: [],
    caused_by: null,
    retried_by: null,
    retry_unknown: false,
    later_success: null,
    ...draft,
  };
}

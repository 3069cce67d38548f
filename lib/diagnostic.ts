/**
 * What was wrong in a bundle and reduced around: the vocabulary of tolerant replay.
 *
 * @module
 */

import type { PayloadErrorCode, ReplayErrorCode } from "./errors.ts";

/** What is wrong with a line of the log. */
export type LineErrorCode = "malformed_line" | "truncated_line";

/** Stable name of what is wrong. */
export type DiagnosticCode =
  | ReplayErrorCode
  | PayloadErrorCode
  | LineErrorCode
  | "limit_exceeded"
  /** An event of a type that the schema does not have: a later recorder may write it. */
  | "unknown_event_type"
  /** The bundle has a newer schema, and was read by the rules of the newest known one. */
  | "newer_schema"
  | "untraced_history";

/**
 * One thing that was wrong, or unusual. Keys as in the JSON lines of `--diagnostics`.
 */
export interface Diagnostic {
  /** Stable name of what is wrong. */
  readonly code: DiagnosticCode;
  /** `loss`: evidence was skipped or is missing. `note`: all was reduced, but know this. */
  readonly severity: "loss" | "note";
  /** The file it is about, relative to the bundle. */
  readonly file: string;
  /** Line of the log, counted from 1. */
  readonly line: number | null;
  /** Sequence number of the event. */
  readonly seq: number | bigint | null;
  /** Type of the event. */
  readonly event_type: string | null;
  /** The ids it is about, by the name of their space. */
  readonly ids: Readonly<Record<string, string>>;
  /** What is wrong, without the position. */
  readonly message: string;
  /** What the graph lacks because of it. */
  readonly lost: string;
}

/** Takes diagnostics as they come. */
export type DiagnosticSink = (diagnostic: Diagnostic) => void;

/**
 * Diagnostics: what a tolerant replay skipped, and notes about the graph.
 *
 * @module
 */

import type { PayloadErrorCode, ReplayErrorCode } from "./errors.ts";

/** Codes of faults of a line of the log. */
export type LineErrorCode = "malformed_line" | "truncated_line";

/** Stable name of a diagnostic. */
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
 * One fault or note. Keys as in the JSON lines of `--diagnostics`.
 */
export interface Diagnostic {
  /** Stable name of the diagnostic. */
  readonly code: DiagnosticCode;
  /** `loss`: evidence was skipped or is missing. `note`: informational, everything was reduced. */
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

/** Receives each diagnostic. */
export type DiagnosticSink = (diagnostic: Diagnostic) => void;

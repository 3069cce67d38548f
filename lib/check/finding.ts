/**
 * What a check may find: the vocabulary, and how bad each is.
 *
 * @module
 */

import type { DiagnosticCode } from "../diagnostic.ts";
import type { Integer } from "../format/vocabulary.ts";

/**
 * How bad a finding is.
 *
 * `error`: evidence is missing or contradicts itself. `warning`: something is not as a recorder
 * leaves it, though all that is there can be used. `note`: know this; nothing is wrong.
 */
export type FindingSeverity = "error" | "warning" | "note";

/** What only a check looks at; whatever a tolerant replay tells has its own codes. */
export type CheckCode =
  | "not_a_bundle"
  | "manifest_missing"
  | "manifest_malformed"
  | "manifest_schema"
  | "manifest_nonstandard"
  | "manifest_mismatch"
  | "log_missing"
  | "log_empty"
  | "log_grew"
  | "bundle_changed"
  | "byte_order_mark"
  | "carriage_returns"
  | "blank_lines"
  | "missing_final_newline"
  | "sequence_repeated"
  | "sequence_backward"
  | "time_backward"
  | "end_without_start"
  | "start_without_end"
  | "ended_twice"
  | "rollout_not_ended"
  | "recording_incomplete"
  | "payload_id_reused"
  | "payload_path_shared"
  | "payload_kind_unexpected"
  | "payloads_partial"
  | "payload_outside_payloads_dir"
  | "payload_orphaned"
  | "temporary_file"
  | "unknown_file";

/** Stable name of a finding. */
export type FindingCode = DiagnosticCode | CheckCode;

/** One thing that is wrong, or unusual. Keys as in `check --json`. */
export interface Finding {
  /** What it is. */
  readonly code: FindingCode;
  /** How bad it is. */
  readonly severity: FindingSeverity;
  /** The file it is about, relative to the bundle. */
  readonly file: string;
  /** Line of the log, counted from 1. */
  readonly line: number | null;
  /** Sequence number of the event. */
  readonly seq: Integer | null;
  /** Type of the event. */
  readonly event_type: string | null;
  /** The ids it is about, by the name of their space. */
  readonly ids: Readonly<Record<string, string>>;
  /** What is wrong, without the position. */
  readonly message: string;
  /** What a tolerant reduction would leave out because of it; null when nothing. */
  readonly lost: string | null;
}

/** Where a finding is, and which event it is about. */
export type FindingPlace = Pick<
  Finding,
  "file" | "line" | "seq" | "event_type"
>;

/** A finding without what may be left out: then it is about a file as a whole. */
export type NewFinding =
  & Pick<Finding, "code" | "severity" | "file" | "message">
  & Partial<Finding>;

/** Takes findings as they come. */
export type FindingSink = (finding: NewFinding) => void;

/**
 * The answer of a check, which is the JSON document of `check --json`: findings, their codes and
 * severities, totals, and whether the bundle can be reduced.
 *
 * @module
 */

import type { DiagnosticCode } from "../errors.ts";
import type { TraceBundleManifest } from "../format/manifest.ts";
import type { Integer } from "../format/vocabulary.ts";

/**
 * Severity of a finding.
 *
 * `error`: evidence is missing or contradicts itself. `warning`: recorders do not write this, but
 * all recorded evidence can be used. `note`: informational.
 */
export type FindingSeverity = "error" | "warning" | "note";

/** Codes that only a check reports; those of a tolerant replay are {@linkcode DiagnosticCode}. */
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
  | "not_recorded"
  | "end_without_start"
  | "start_without_end"
  | "call_without_output"
  | "ended_twice"
  | "rollout_not_ended"
  | "recording_incomplete"
  | "payload_id_reused"
  | "payload_path_shared"
  | "payload_path_ambiguous"
  | "payload_kind_unexpected"
  | "payloads_partial"
  | "payload_outside_payloads_dir"
  | "payload_orphaned"
  | "temporary_file"
  | "unknown_file";

/** Stable name of a finding. */
export type FindingCode = DiagnosticCode | CheckCode;

/** One finding of a check. Keys as in `check --json`. */
export interface Finding {
  /** Stable name of the finding. */
  readonly code: FindingCode;
  /** How severe it is. */
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
  /** What a tolerant reduction omits because of it; null when nothing. */
  readonly lost: string | null;
}

/** Where a finding is, and which event it is about. */
export type FindingPosition = Pick<
  Finding,
  "file" | "line" | "seq" | "event_type"
>;

/** A finding whose optional keys may be absent: without a line, it is about the entire file. */
export type NewFinding =
  & Pick<Finding, "code" | "severity" | "file" | "message">
  & Partial<Finding>;

/** Receives each finding. */
export type FindingSink = (finding: NewFinding) => void;

/** How many findings there are of each severity. */
export type FindingCounts = { readonly [S in FindingSeverity]: number };

/** Why a strict reduction fails: the first fault in the bundle. */
export type Refusal = Pick<Finding, "code" | "file" | "line" | "message">;

/** Whether the bundle can be reduced, and how much of it. */
export interface Reducibility {
  /** Whether a strict reduction succeeds. */
  readonly strict: boolean;
  /** Why not; null when it does. */
  readonly refused_by: Refusal | null;
  /** How many events a tolerant reduction reads and reduces; null when it fails, too. */
  readonly tolerant: {
    readonly events: number;
    readonly reduced: number;
  } | null;
}

/** Sizes and counts. */
export interface CheckTotals {
  /** Bytes of the log. */
  readonly log_bytes: number;
  /** Lines of the log, including blank lines. */
  readonly lines: number;
  /** Lines that are events. */
  readonly events: number;
  /** The events by type, sorted by type. */
  readonly events_by_type: Readonly<Record<string, number>>;
  /** Payload files that events name. */
  readonly payloads_named: number;
  /** Files below `payloads/`. */
  readonly payload_files: number;
  /** Their bytes. */
  readonly payload_bytes: number;
  /** Wall clock of the first event in the log, in Unix milliseconds. */
  readonly first_event_unix_ms: Integer | null;
  /** Wall clock of the last event in the log, in Unix milliseconds. */
  readonly last_event_unix_ms: Integer | null;
  /** Milliseconds between the first and the last event in the log; null if the clock went back. */
  readonly duration_ms: Integer | null;
}

/** The result of checking a bundle. */
export interface CheckReport {
  /** The folder, as given by the caller. */
  readonly bundle: string;
  /** Whether there is neither an error nor a warning. */
  readonly clean: boolean;
  /** The manifest; null when it cannot be read. */
  readonly manifest: TraceBundleManifest | null;
  /** Whether the bundle can be reduced. */
  readonly reduction: Reducibility;
  /** Sizes and counts. */
  readonly totals: CheckTotals;
  /** How many findings there are of each severity, listed or not. */
  readonly counts: FindingCounts;
  /** The findings sorted by line, those about other files first; at most 1000 of one code. */
  readonly findings: readonly Finding[];
}

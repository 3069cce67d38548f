/**
 * What a check tells, as one object: the document of `check --json`.
 *
 * @module
 */

import type { TraceBundleManifest } from "../format/manifest.ts";
import type { Integer } from "../format/vocabulary.ts";
import type { Finding } from "./finding.ts";
import type { FindingCounts } from "./findings.ts";

/** Why a strict reduction gives up: the first thing it does not take. */
export type Refusal = Pick<Finding, "code" | "file" | "line" | "message">;

/** Whether the bundle can be reduced, and how much of it. */
export interface Reducibility {
  /** Whether a strict reduction succeeds. */
  readonly strict: boolean;
  /** Why not; null when it does. */
  readonly refused_by: Refusal | null;
  /** How many events there are and how many a tolerant one takes; null when it fails as well. */
  readonly tolerant: {
    readonly events: number;
    readonly reduced: number;
  } | null;
}

/** How much there is of everything. */
export interface CheckTotals {
  /** Bytes of the log. */
  readonly log_bytes: number;
  /** Lines of the log, blank ones included. */
  readonly lines: number;
  /** Lines that are events. */
  readonly events: number;
  /** The same by type, in the order of the alphabet. */
  readonly events_by_type: Readonly<Record<string, number>>;
  /** Payload files that events name. */
  readonly payloads_named: number;
  /** Files below `payloads/`. */
  readonly payload_files: number;
  /** Their bytes. */
  readonly payload_bytes: number;
  /** Wall clock of the first event in the log. */
  readonly first_event_unix_ms: Integer | null;
  /** Wall clock of the last event in the log. */
  readonly last_event_unix_ms: Integer | null;
  /** Time between them. */
  readonly duration_ms: Integer | null;
}

/** Everything that a check tells about a bundle. */
export interface CheckReport {
  /** The folder, as it was named. */
  readonly bundle: string;
  /** Whether there is neither an error nor a warning. */
  readonly clean: boolean;
  /** The manifest; null when it cannot be read. */
  readonly manifest: TraceBundleManifest | null;
  /** Whether the bundle can be reduced. */
  readonly reduction: Reducibility;
  /** How much there is of everything. */
  readonly totals: CheckTotals;
  /** How many findings there are, listed or not. */
  readonly counts: FindingCounts;
  /** The findings by line, those about other files first; at most 1000 of one code. */
  readonly findings: readonly Finding[];
}

/** The time from one moment to another. */
export function between(
  first: Integer | null,
  last: Integer | null,
): Integer | null {
  if (first === null || last === null) return null;
  if (typeof first === "number" && typeof last === "number") {
    const difference = last - first;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return BigInt(last) - BigInt(first);
}

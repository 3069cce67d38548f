/**
 * The rows of a report that are no objects of the graph: events, growth, comparisons, issues.
 *
 * @module
 */

import type { Verdict } from "../query/explain/comparison/comparison.ts";
import type { ExactInteger, Pointer } from "./report_rows.ts";

/** A line of the log. */
export interface EventRow {
  readonly seq: number;
  readonly line: number;
  readonly at: number;
  readonly type: string;
  readonly thread_id: string | null;
  readonly turn_id: string | null;
  /** The objects it is about. */
  readonly about: readonly Pointer[];
  readonly payload_ids: readonly string[];
  /** The error that it records; null when it records none. */
  readonly error: string | null;
}

/**
 * One LLM request as a point of its thread's context growth. Sizes are bytes as sent. A request
 * that was not recorded has no row, and what is new in the request after it is unknown.
 */
export interface GrowthRow {
  readonly call_id: string;
  readonly thread_id: string;
  /** Compactions that took effect between the request before and this one. */
  readonly compaction_ids: readonly string[];
  readonly is_incremental: boolean;
  readonly bytes: number;
  readonly items: number;
  readonly new_elements: number | null;
  readonly new_bytes: number | null;
  readonly dropped_items: number | null;
  readonly input_tokens: ExactInteger | null;
  readonly cached_input_tokens: ExactInteger | null;
  /** Bytes by source, in the order of the report's `sources`. */
  readonly by_source: readonly number[];
}

/** The output of a runtime compared with what was shown of it. */
export interface ComparisonRow {
  readonly tool_id: string;
  readonly verdict: Verdict;
  readonly shown_to: "model" | "code_cell";
  /** Whether a request carried any of it to the model; null for a code cell. */
  readonly sent: boolean | null;
  readonly runtime_in: readonly Pointer[];
  readonly runtime_bytes: number | null;
  readonly shown_in: readonly Pointer[];
  readonly shown_bytes: number | null;
  /** Bytes of the runtime's output that were not shown; null where that is unknown. */
  readonly omitted_bytes: number | null;
  /** Bytes that were shown and are not from the runtime's output. */
  readonly added_bytes: number | null;
  readonly chunks: number;
}

/** An issue: an error or a warning. */
export interface FailureRow {
  readonly severity: "error" | "warning" | "interruption";
  readonly kind: string;
  readonly about: Pointer | null;
  readonly seq: ExactInteger | null;
  readonly at: number;
  readonly thread_id: string | null;
  /** The issue in one line. */
  readonly text: string;
  readonly exit_code: number | null;
  readonly reported_in: readonly string[];
  /** The object whose failure caused this one. */
  readonly caused_by: Pointer | null;
  /** The later request that succeeded. */
  readonly retried_by: Pointer | null;
  /** Index of its cause among the `error_groups` of the session; null for other issues. */
  readonly group: number | null;
}

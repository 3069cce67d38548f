/**
 * Rows of the evidence behind the graph, and of what is told about it: payloads, events, sizes of
 * prompts, failures.
 *
 * @module
 */

import type { Verdict } from "../query/explain/comparison/comparison.ts";
import type { CaptureRow, Pointer, Row, Whole } from "./row_parts.ts";

/** A payload. */
export interface PayloadRow extends Row {
  readonly kind: string;
  /** The file that holds it; null when none does. */
  readonly path: string | null;
  /** Number of the shard that the file is; null when it is none. */
  readonly shard: Whole | null;
  readonly capture: CaptureRow | null;
  /** Payloads that its text is put together from. */
  readonly part_ids: readonly string[];
  /** Bytes of its text, as far as it was kept; null when it could not be read. */
  readonly bytes: number | null;
  /** Number of the block that holds it; null when it is not in the report. */
  readonly block: number | null;
}

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
  /** What it says went wrong. */
  readonly error: string | null;
}

/**
 * A request as a point on the growth of its thread's prompts. Sizes are bytes as sent. One that was
 * not recorded is no point; of the one after it, it is unknown what is new.
 */
export interface GrowthRow {
  /** The call. */
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
  readonly input_tokens: Whole | null;
  readonly cached_input_tokens: Whole | null;
  /** Bytes by source, in the order of the report's `sources`. */
  readonly by_source: readonly number[];
}

/** What a runtime put out beside what was shown of it. */
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
  /** Bytes of the runtime's output that were left out; null where that cannot be told. */
  readonly omitted_bytes: number | null;
  /** Bytes of what was shown that are not of the runtime's output. */
  readonly added_bytes: number | null;
  readonly chunks: number;
}

/** Something that went wrong. */
export interface FailureRow {
  readonly severity: "error" | "warning";
  readonly kind: string;
  readonly about: Pointer | null;
  readonly seq: Whole | null;
  readonly at: number;
  readonly thread_id: string | null;
  /** What went wrong, as one line. */
  readonly text: string;
  readonly exit_code: number | null;
  readonly reported_in: readonly string[];
  /** The object whose own fault is the reason of this one. */
  readonly caused_by: Pointer | null;
  /** The later request that went well. */
  readonly retried_by: Pointer | null;
}

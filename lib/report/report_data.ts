/**
 * What a report holds: the graph as rows, every string once, every list of items once.
 *
 * These types are all that the program and the page share.
 *
 * @module
 */

import type { Diagnostic } from "../diagnostic.ts";
import type { RolloutStatus } from "../format/vocabulary.ts";
import type { RecordingFacts } from "../query/evidence/recorded/captures.ts";
import type { ShowAnswer } from "../query/show/show_answer.ts";
import type { StatsRow } from "../query/stats/stats_answer.ts";
import type { PackedTable } from "./packed_table.ts";
import type { ReportRows, Whole } from "./report_rows.ts";

export type * from "./report_rows.ts";

/** The rows, packed for the file. */
export type PackedRows = {
  readonly [K in keyof ReportRows]: PackedTable;
};

/** Facts of the session as a whole. */
export interface SessionFacts extends RecordingFacts {
  /** Name of the bundle's folder or file, without the folders around it. */
  readonly name: string;
  readonly schema_version: number;
  readonly trace_id: string;
  readonly rollout_id: string;
  readonly status: RolloutStatus;
  /** Null where the schema does not tell. */
  readonly recording_complete: boolean | null;
  readonly started: number;
  readonly ended: number | null;
  readonly root_thread_id: string;
}

/** What of the raw evidence went in. */
export interface EmbeddedPayloads {
  readonly choice: "all" | "used" | "none";
  /** Whether there were any to take: a `state.json` alone brings none. */
  readonly available: boolean;
  readonly embedded: number;
  readonly embedded_bytes: number;
  readonly left_out: number;
  readonly left_out_bytes: number;
  /** Most bytes that were taken. */
  readonly max_bytes: number;
  /** Payloads that could not be read. */
  readonly unreadable: number;
  /** Payloads that the recorder omitted: the bundle does not have them. */
  readonly omitted: number;
}

/** A line of a reduction's remarks, with its numbers spelled so that none is rounded. */
export type DiagnosticRow = Omit<Diagnostic, "seq"> & {
  readonly seq: Whole | null;
};

/** Data of which every `bigint` became its digits. */
export type Plain<T> = T extends bigint ? string
  : T extends object ? { readonly [K in keyof T]: Plain<T[K]> }
  : T;

/** What `show` answers, but for what stands elsewhere: failures are rows, texts are texts. */
export type ShownSession =
  & Plain<
    Omit<
      ShowAnswer,
      "failures" | "first_error" | "suggestions" | "cost" | "prompt" | "answer"
    >
  >
  & {
    /** Item with the prompt of the first turn; null when none was recorded. */
    readonly prompt_id: string | null;
    /** Item with the last that the root's model said; null when it said nothing. */
    readonly answer_id: string | null;
  };

/** The first block of a report: all but the long texts and the payloads. */
export interface ReportData {
  /** Version of this format. */
  readonly format: 1;
  /** Version of the program that wrote it. */
  readonly version: string;
  readonly session: SessionFacts;
  /** What `show` answers. */
  readonly show: ShownSession;
  /** Every short string, once. */
  readonly strings: readonly string[];
  readonly rows: PackedRows;
  /** Where the parts of a prompt come from, in the order of a {@linkcode GrowthRow}. */
  readonly sources: readonly string[];
  /** The failure to look at first: its place among `failures`; null where there is none. */
  readonly first_error: number | null;
  /** Words of steps: see {@linkcode HopTuple}. */
  readonly words: readonly string[];
  /** What `stats --by model` and `stats --by tool` answer: their rows. */
  readonly stats: {
    readonly models: Plain<readonly StatsRow[]>;
    readonly tools: Plain<readonly StatsRow[]>;
  };
  /** Vectors of rows of `items`, which lists share: see {@linkcode ItemList}. */
  readonly vectors: readonly (readonly number[])[];
  /** Index of the first text of each block of texts. */
  readonly text_blocks: readonly number[];
  readonly payloads: EmbeddedPayloads;
  readonly diagnostics: readonly DiagnosticRow[];
  /** What of the bundle is newer than the program; null when nothing is. */
  readonly newer: string | null;
  /** How many events the log has, and how many of them are not in the graph. */
  readonly events: number;
  readonly skipped_events: number;
}

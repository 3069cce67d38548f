/**
 * The data of a report: the graph as rows, every string once, every list of items once.
 *
 * The program writes these types, and the page reads them.
 *
 * @module
 */

import type { SessionDiagnostic } from "../query/session/session_diagnostics.ts";
import type { RolloutStatus } from "../format/vocabulary.ts";
import type { RecordingFacts } from "../query/evidence/recorded/captures.ts";
import type { ObjectKind } from "../query/session/names/object_kind.ts";
import type { ShowAnswer } from "../query/show/show_answer.ts";
import type { StatsRow } from "../query/stats/stats_answer.ts";
import type { PackedTable } from "./packed_table.ts";
import type {
  ComparisonRow,
  EventRow,
  FailureRow,
  GrowthRow,
} from "./evidence_rows.ts";
import type {
  CallRow,
  CellRow,
  CompactionRow,
  EdgeRow,
  ExactInteger,
  ItemRow,
  OperationRow,
  PayloadRow,
  SummaryRow,
  TerminalRow,
  ThreadRow,
  ToolRow,
  TurnRow,
} from "./report_rows.ts";

export type * from "./evidence_rows.ts";
export type * from "./report_rows.ts";

/** The rows of a report, by table. */
export interface ReportRows {
  readonly threads: readonly ThreadRow[];
  readonly turns: readonly TurnRow[];
  readonly items: readonly ItemRow[];
  readonly calls: readonly CallRow[];
  readonly tools: readonly ToolRow[];
  readonly cells: readonly CellRow[];
  readonly terminals: readonly TerminalRow[];
  readonly operations: readonly OperationRow[];
  readonly compactions: readonly CompactionRow[];
  readonly summaries: readonly SummaryRow[];
  readonly edges: readonly EdgeRow[];
  readonly payloads: readonly PayloadRow[];
  readonly events: readonly EventRow[];
  readonly growth: readonly GrowthRow[];
  readonly failures: readonly FailureRow[];
  readonly comparisons: readonly ComparisonRow[];
}

/** The rows, packed for the file. */
export type PackedRows = {
  readonly [K in keyof ReportRows]: PackedTable;
};

export interface SessionFacts extends RecordingFacts {
  /** Name of the bundle's directory or file, without the directories around it. */
  readonly name: string;
  /** Null for a session log. */
  readonly schema_version: number | null;
  /** Empty for a session log. */
  readonly trace_id: string;
  readonly rollout_id: string;
  /** Null for a session log, which does not have it. */
  readonly status: RolloutStatus | null;
  /** Null where the schema does not record it. */
  readonly recording_complete: boolean | null;
  readonly started: number;
  readonly ended: number | null;
  readonly root_thread_id: string;
}

/** Which raw payloads the page includes. */
export interface EmbeddedPayloads {
  /** Which payloads were requested: all, those of objects in the graph, or none. */
  readonly choice: "all" | "used" | "none";
  /** Whether payloads could be included: a `state.json` and a session log have none. */
  readonly available: boolean;
  /** Payloads that the page includes. */
  readonly embedded: number;
  /** Bytes of their files. */
  readonly embedded_bytes: number;
  /** Payloads that the limit left no space for. */
  readonly over_limit: number;
  /** Bytes of their files. */
  readonly over_limit_bytes: number;
  /** The limit on the bytes of included payloads. */
  readonly max_bytes: number;
  /** Payloads that could not be read. */
  readonly unreadable: number;
  /** Payloads that the recorder omitted: the bundle does not have them. */
  readonly omitted: number;
}

/** A diagnostic of the reduction; no number of it is rounded. */
export type DiagnosticRow = Omit<SessionDiagnostic, "seq"> & {
  readonly seq: ExactInteger | null;
};

/** Data in which every `bigint` is a string of digits. */
export type Plain<T> = T extends bigint ? string
  : T extends object ? { readonly [K in keyof T]: Plain<T[K]> }
  : T;

/** The answer of `show`, without failures and texts, which the report holds in other places. */
export type ShownSession =
  & Plain<
    Omit<
      ShowAnswer,
      "failures" | "first_error" | "suggestions" | "prompt" | "answer"
    >
  >
  & {
    /** Item with the prompt of the first turn; null when none was recorded. */
    readonly prompt_id: string | null;
    /** Item with the last answer of the root thread's model; null when there is none. */
    readonly answer_id: string | null;
    /** The last answer as the end of a turn repeats it; null where it has an item. */
    readonly reported_answer: string | null;
    /** Whether the history has the item of the answer; null without an item. */
    readonly answer_is_accepted: boolean | null;
  };

/** The first block of a report: all but the long texts and the payloads. */
export interface ReportData {
  /** Version of this format. */
  readonly format: 1;
  /** Version of the program that wrote it. */
  readonly version: string;
  /** Whether times are shown in the time zone of the reader; else in UTC. */
  readonly has_local_times: boolean;
  readonly session: SessionFacts;
  /** The answer of `show`. */
  readonly show: ShownSession;
  /** Every short string, once. */
  readonly strings: readonly string[];
  readonly rows: PackedRows;
  /** Evidence and relations of the objects of each kind, in the order of their rows. */
  readonly links: Readonly<Record<ObjectKind, PackedTable>>;
  /** Sources of the parts of a prompt, in the order of a {@linkcode GrowthRow}. */
  readonly sources: readonly string[];
  /** Index of the first error among `failures`; null where there is none. */
  readonly first_error: number | null;
  /** Relations and notes of steps: see {@linkcode StepTuple}. */
  readonly step_texts: readonly string[];
  /** Rows of the answers of `stats --by model`, `stats --by tool` and `stats --by thread`. */
  readonly stats: {
    readonly models: Plain<readonly StatsRow[]>;
    readonly tools: Plain<readonly StatsRow[]>;
    readonly threads: Plain<readonly StatsRow[]>;
  };
  /** Vectors of rows of `items`, which lists share: see {@linkcode ItemList}. */
  readonly vectors: readonly (readonly number[])[];
  /** Index of the first text of each block of texts. */
  readonly text_blocks: readonly number[];
  readonly payloads: EmbeddedPayloads;
  readonly diagnostics: readonly DiagnosticRow[];
  /** How many of the diagnostics are losses, those included that are not listed. */
  readonly losses: number;
  /** Which parts of the bundle are newer than the program; null when none is. */
  readonly newer: string | null;
  /** How many events, or lines of a session log, there are, and how many are not in the graph. */
  readonly events: number;
  readonly skipped_events: number;
}

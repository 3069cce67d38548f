/**
 * Builds the data of a report from a session.
 *
 * @module
 */

import {
  countDiagnostics,
  type SessionDiagnostic,
} from "../../query/session/session_diagnostics.ts";
import { ExplainContext } from "../../query/explain/explain_context.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import {
  pathOf,
  recordingFactsOf,
} from "../../query/evidence/recorded/captures.ts";
import { newerText, splitLosses } from "../../query/session/newer_parts.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { summarize } from "../../query/show/show.ts";
import { groupErrors } from "../../query/failures/error_groups.ts";
import type { PriceTable } from "../../query/stats/measures/cost.ts";
import { getStats } from "../../query/stats/stats.ts";
import { packTable, StringTable } from "../packed_table.ts";
import type {
  DiagnosticRow,
  PackedRows,
  PayloadRow,
  Plain,
  ReportData,
  ReportRows,
  SessionFacts,
  ShownSession,
} from "../report_data.ts";
import {
  comparisonRows,
  eventRows,
  failureRow,
  growthRows,
  SOURCES,
} from "./evidence_rows.ts";
import {
  callRow,
  compactionRow,
  itemRow,
  summaryRow,
  threadRow,
  turnRow,
} from "./conversation_rows.ts";
import { StepRows } from "./step_rows.ts";
import {
  type PayloadOptions,
  type PayloadPlan,
  planPayloads,
} from "./payload_plan.ts";
import { VectorPool } from "./vector_pool.ts";
import {
  approximateNumber,
  captureRow,
  exactInteger,
  type RowContext,
  rowOf,
} from "./row_context.ts";
import {
  cellRow,
  edgeRow,
  operationRow,
  terminalRow,
  toolRow,
} from "./runtime_rows.ts";
import { linkTables } from "./link_tables.ts";
import { loggedParts } from "./logged_parts.ts";
import { promptMarks } from "./prompt_marks.ts";
import type { ShowAnswer } from "../../query/show/show_answer.ts";

/** Characters of texts in one block of a report, approximately. */
const BLOCK_CHARACTERS = 256 * 1024;

/** What a report holds. */
export interface ReportOptions extends PayloadOptions {
  /** The user's prices; without any, nothing has a cost. */
  readonly prices?: PriceTable | null;
  /** Version of the program that writes it. */
  readonly version: string;
  /** Whether the page shows times in the time zone of its reader; else in UTC. */
  readonly hasLocalTimes?: boolean;
  /** Called between the two steps that take the most memory. */
  readonly onRows?: () => void;
}

/** A report, ready to be written. */
export interface Report {
  readonly data: ReportData;
  /** Long texts, by block. */
  readonly texts: readonly (readonly string[])[];
  readonly plan: PayloadPlan;
}

/** Returns the report of a session. */
export function buildReport(
  session: TraceSession,
  options: ReportOptions,
): Report {
  const context = contextOf(session, options.prices ?? null);
  const plan = planPayloads(session, options);
  const { prices = null } = options;
  const shown = summarize(session, { prices });
  const { failures, first_error: first } = shown;
  const groupOf = new Map(
    groupErrors(failures).flatMap(({ errors }, at) =>
      errors.map((each) => [each, at] as const)
    ),
  );
  const strings = new StringTable();
  const rows = packRows({
    ...rowsOf(session, context, plan),
    failures: () =>
      failures.map((each) => failureRow(each, groupOf.get(each) ?? null)),
    // What was sent of an output is in requests.
    comparisons: () =>
      session.sessionLog === undefined ? comparisonRows(context.scene) : [],
  }, strings);
  options.onRows?.();
  const links = linkTables(context, strings);
  const texts = blocksOf(context.texts.all());
  const data: ReportData = {
    format: 1,
    version: options.version,
    has_local_times: options.hasLocalTimes ?? false,
    session: factsOf(session),
    show: shownSession(shown),
    stats: {
      models: plain(getStats(session, { by: "model" }).rows),
      tools: plain(getStats(session, { by: "tool" }).rows),
      threads: plain(getStats(session, { by: "thread", prices }).rows),
    },
    links,
    strings: strings.all(),
    rows,
    sources: SOURCES,
    first_error: first === null ? null : failures.indexOf(first),
    step_texts: context.steps.texts(),
    vectors: context.vectors.all(),
    text_blocks: startsOf(texts),
    payloads: plan.counts,
    diagnostics: session.diagnostics.map(diagnosticRow),
    losses: countDiagnostics(
      session.diagnostics.filter(({ severity }) => severity === "loss"),
    ),
    newer: newerText(splitLosses(session.diagnostics)),
    events: session.extent?.events ?? 0,
    skipped_events: session.extent?.skipped_events ?? 0,
  };
  return { data, texts, plan };
}

function contextOf(
  session: TraceSession,
  prices: PriceTable | null,
): RowContext {
  const { trace, names, log } = session;
  const order = new Map(
    Array.from(trace.conversation_items.keys(), (id, row) => [id, row]),
  );
  const scene = new ExplainContext(session);
  const eventAt = new Map(log?.events.map(({ line }, row) => [line, row]));
  return {
    trace,
    names,
    texts: new StringTable(),
    vectors: new VectorPool(order),
    log,
    scene,
    steps: new StepRows(scene, eventAt),
    eventAt,
    marks: promptMarks(session),
    logged: loggedParts(session),
    prices,
  };
}

/** What makes the rows of each table. */
type RowMakers = {
  readonly [K in keyof ReportRows]: () => ReportRows[K];
};

function rowsOf(
  session: TraceSession,
  context: RowContext,
  plan: PayloadPlan,
): Omit<RowMakers, "failures" | "comparisons"> {
  const { trace } = session;
  const rows = <T, R>(
    objects: ReadonlyMap<string, T>,
    row: (context: RowContext, object: T) => R,
  ) =>
  () => Array.from(objects.values(), (object) => row(context, object));
  return {
    threads: rows(trace.threads, threadRow),
    turns: rows(trace.codex_turns, turnRow),
    items: rows(trace.conversation_items, itemRow),
    calls: rows(trace.inference_calls, callRow),
    tools: rows(trace.tool_calls, toolRow),
    cells: rows(trace.code_cells, cellRow),
    terminals: rows(trace.terminal_sessions, terminalRow),
    operations: rows(trace.terminal_operations, operationRow),
    compactions: rows(trace.compactions, compactionRow),
    summaries: rows(trace.compaction_requests, summaryRow),
    edges: rows(trace.interaction_edges, edgeRow),
    payloads: rows(
      trace.raw_payloads,
      (_, ref) => payloadRow(context, plan, ref),
    ),
    events: () => eventRows(session),
    growth: () => growthRows(session, context.scene.links),
  };
}

/** Packs each table before the rows of the next one are made: all of them take much memory. */
function packRows(makers: RowMakers, strings: StringTable): PackedRows {
  // Every table is among the keys.
  return Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [
      name,
      packTable(make(), strings),
    ]),
  ) as PackedRows;
}

function payloadRow(
  context: RowContext,
  plan: PayloadPlan,
  ref: RawPayloadRef,
): PayloadRow {
  const { raw_payload_id: id, shard } = ref;
  return {
    ...rowOf(context, "payload", id),
    kind: ref.kind.type,
    path: pathOf(ref),
    shard: shard === undefined || shard === null ? null : exactInteger(shard),
    capture: captureRow(ref.capture),
    part_ids: (ref.parts ?? []).map((part) => part.raw_payload_id),
    bytes: plan.bytesOf.get(id) ?? null,
    block: plan.blockOf.get(id) ?? null,
  };
}

function factsOf({ place, trace, sessionLog }: TraceSession): SessionFacts {
  const recording = recordingFactsOf(trace);
  const isRecorded = sessionLog === undefined;
  return {
    name: nameOf(place),
    schema_version: isRecorded ? trace.schema_version : null,
    trace_id: trace.trace_id,
    rollout_id: trace.rollout_id,
    status: isRecorded ? trace.status : null,
    recording_complete: recording.recording_status === null
      ? null
      : recording.recording_status !== "unclosed",
    ...recording,
    started: approximateNumber(trace.started_at_unix_ms),
    ended: approximateNumber(trace.ended_at_unix_ms),
    root_thread_id: trace.root_thread_id,
  };
}

/** Name of the directory, with its parent where its own name is only `bundle`. */
function nameOf(place: string): string {
  const parts = place.split(/[\\/]/).filter((part) => !/^\.*$/.test(part));
  const isNamed = parts.at(-1) !== "bundle";
  return parts.slice(isNamed ? -1 : -2).join("/") || place;
}

function diagnosticRow(diagnostic: SessionDiagnostic): DiagnosticRow {
  const { seq } = diagnostic;
  return { ...diagnostic, seq: seq === null ? null : exactInteger(seq) };
}

function blocksOf(texts: readonly string[]): string[][] {
  const blocks: string[][] = [];
  let room = 0;
  for (const text of texts) {
    if (room < text.length || blocks.length === 0) {
      blocks.push([]);
      room = BLOCK_CHARACTERS;
    }
    blocks.at(-1)?.push(text);
    room -= text.length;
  }
  return blocks;
}

function startsOf(blocks: readonly (readonly string[])[]): number[] {
  let next = 0;
  return blocks.map((block) => (next += block.length) - block.length);
}

/** The answer of `show`, without what the page holds in another form. */
function shownSession(answer: ShowAnswer): ShownSession {
  const {
    failures: _failures,
    first_error: _first,
    suggestions: _next,
    prompt,
    answer: lastAnswer,
    ...shown
  } = answer;
  return {
    ...plain(shown),
    prompt_id: prompt?.item?.id ?? null,
    answer_id: lastAnswer?.item?.id ?? null,
    reported_answer: lastAnswer?.item === null ? lastAnswer.text : null,
    answer_is_accepted: lastAnswer?.is_accepted ?? null,
  };
}

/** The same data as plain JSON: numbers beyond 2^53 are strings of digits. */
export function plain<T>(answer: T): Plain<T> {
  return JSON.parse(JSON.stringify(
    answer,
    (_, value: unknown) => typeof value === "bigint" ? String(value) : value,
  ));
}

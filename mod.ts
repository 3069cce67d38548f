/**
 * Rollout traces of Codex: record them, reduce them.
 *
 * A bundle is a folder with the raw evidence of a session: `manifest.json`, `trace.jsonl`,
 * `payloads/`. {@linkcode replayBundle} reduces it to a graph of what the models saw and what
 * ran; {@linkcode writeStateJson} spells that graph as Codex does. {@linkcode ThreadTraceContext}
 * records such a bundle from a program of your own, {@linkcode TraceWriter} beneath it.
 *
 * @example Reduce a bundle
 * ```ts
 * import { replayBundle } from "rollout-trace";
 *
 * const trace = replayBundle("testdata/upstream/0.169.0-agents_v2/bundle");
 * const models = new Set([...trace.inference_calls.values()].map((call) => call.model));
 * if (models.size !== 1) throw new Error("more than one model was asked");
 * ```
 *
 * @module
 */

// Reduce.

/** A bundle folder, reduced. */
export { replayBundle } from "./lib/replay.ts";
export type { ReplayCounters, ReplayOptions } from "./lib/replay.ts";
/** What reading a bundle cost. */
export type { PayloadCounters } from "./lib/bundle/payloads/bundle_payloads.ts";
/** The pure reducer beneath: events and payloads may come from anywhere. */
export { reduceTrace } from "./lib/reduce/reduce.ts";
export type { ReduceOptions } from "./lib/reduce/fault_handler.ts";
/** What was wrong in a bundle and reduced around. */
export type {
  Diagnostic,
  DiagnosticCode,
  DiagnosticSink,
  LineErrorCode,
} from "./lib/errors.ts";
/** The graph as `state.json`, byte for byte as Codex spells it. */
export { stateJson, writeStateJson } from "./lib/view/state_json.ts";
export type { ChunkWriter } from "./lib/view/state_output.ts";

/** What can go wrong with a bundle. */
export {
  BundleFormatError,
  LimitError,
  PayloadError,
  ReplayError,
} from "./lib/errors.ts";
export type {
  BundlePosition,
  LimitName,
  PayloadErrorCode,
  ReplayErrorCode,
  ReplayErrorIds,
} from "./lib/errors.ts";

/** How much of a bundle is taken at most. */
export type { Limits } from "./lib/bundle/limits.ts";

// Check.

/** The health of a bundle, without trusting it. */
export { checkBundle } from "./lib/check/check.ts";
export type { CheckOptions } from "./lib/check/check.ts";
export type {
  CheckReport,
  CheckTotals,
  Reducibility,
  Refusal,
} from "./lib/check/report.ts";
export type { FindingCounts } from "./lib/check/report.ts";
export type {
  CheckCode,
  Finding,
  FindingCode,
  FindingSeverity,
} from "./lib/check/report.ts";

// Ask.

/** Opens a bundle for questions. */
export { openBundle } from "./lib/query/session/open_bundle.ts";
export type { OpenOptions } from "./lib/query/session/open_bundle.ts";
/** Opens a `state.json` for questions. */
export { openStateFile } from "./lib/query/session/open_state_file.ts";
export type {
  LogExtent,
  PayloadReader,
  Session,
} from "./lib/query/session/session.ts";
export type { EventIndex } from "./lib/query/session/event_index.ts";
export type { SubjectSpace } from "./lib/format/events/event_description.ts";
/** Names of objects, and what people type for them. */
export type {
  ObjectNames,
  Resolution,
} from "./lib/query/session/names/object_names.ts";
export type {
  ObjectKind,
  ObjectRef,
} from "./lib/query/session/names/object_kind.ts";
export type { EventNames } from "./lib/query/session/names/event_names.ts";
/** What happened, in order, and what went wrong. */
export { getTimeline } from "./lib/query/timeline/timeline.ts";
export type { TimelineOptions } from "./lib/query/timeline/timeline.ts";
export type * from "./lib/query/timeline/answer.ts";
/** What a model saw: a whole thread, or the input of one request. */
export {
  getTranscript,
  openTranscript,
} from "./lib/query/transcript/transcript_of.ts";
export type {
  OpenTranscript,
  TranscriptScope,
} from "./lib/query/transcript/transcript_of.ts";
export type * from "./lib/query/transcript/answer.ts";
/** What a prompt was made of, and how prompts grew. */
export { getContextGrowth } from "./lib/query/context/context_growth.ts";
export { getContext } from "./lib/query/context/context.ts";
export type * from "./lib/query/context/context_answer.ts";
/** The evidence itself. */
export { getPayload, getPayloadBytes } from "./lib/query/payload/payload.ts";
export type * from "./lib/query/payload/payload_answer.ts";
/** What differs between two requests, or between two sessions. */
export {
  diffRequests,
  getPreviousRequest,
} from "./lib/query/diff/request_diff.ts";
export { diffSessions } from "./lib/query/diff/session_diff.ts";
export type * from "./lib/query/diff/diff_answer.ts";
/** A session on one screen. */
export { summarize } from "./lib/query/show/show_session.ts";
export type { ShowOptions } from "./lib/query/show/show_session.ts";
export type * from "./lib/query/show/show_answer.ts";
export type { Suggestion } from "./lib/query/session/suggestion.ts";
/** One object, and the chain around it in both directions. */
export { explain } from "./lib/query/explain/explain.ts";
export type { ExplainOptions } from "./lib/query/explain/explain.ts";
export type * from "./lib/query/explain/answer.ts";
export type * from "./lib/query/explain/relation.ts";
export type * from "./lib/query/explain/comparison/comparison.ts";
/** The graph, read backwards: what names an object, what carried an item, what tells of it. */
export {
  GraphLinks,
  type ThreadEdges,
} from "./lib/query/evidence/links/graph_links.ts";
export type {
  CarrierIndex,
  ItemCarriers,
} from "./lib/query/evidence/links/item_carriers.ts";
export type {
  ObjectKey,
  Reference,
  ReferenceRole,
} from "./lib/graph/codec/reference.ts";
export { getEvidence } from "./lib/query/evidence/links/evidence.ts";
export type {
  Evidence,
  EvidencePayload,
} from "./lib/query/evidence/links/evidence.ts";
export {
  getProvenance,
  type Provenance,
} from "./lib/query/evidence/links/provenance.ts";
export {
  getUndeliveredResults,
  type UndeliveredResult,
} from "./lib/query/evidence/links/undelivered.ts";
/** Everything that went wrong, and where to begin. */
export { getFailures, getFirstError } from "./lib/query/failures/failures.ts";
export type {
  Failure,
  FailureKind,
  FailureSeverity,
} from "./lib/query/failures/failure.ts";
/** Figures of one session, or of many. */
export { getStats, StatsCollector } from "./lib/query/stats/stats.ts";
export type { StatsOptions } from "./lib/query/stats/stats.ts";
export type * from "./lib/query/stats/stats_answer.ts";
/** The bundles below a folder. */
export { listBundle, listBundles } from "./lib/query/list/list_bundles.ts";
export type { ListOptions } from "./lib/query/list/list_bundles.ts";
export type * from "./lib/query/list/list_answer.ts";
/** What is measured: activity, tokens, costs, time. */
export type { Activity } from "./lib/query/stats/measures/activity.ts";
export type {
  Cost,
  ModelPrice,
  PriceTable,
} from "./lib/query/stats/measures/cost.ts";
export type { Latencies } from "./lib/query/stats/measures/latencies.ts";
export type { TimeSplit } from "./lib/query/stats/measures/time_split.ts";
export type { TokenSum } from "./lib/query/stats/measures/token_sum.ts";
/** Where a text stands. */
export { search } from "./lib/query/search/search.ts";
export type { SearchOptions } from "./lib/query/search/search.ts";
export {
  compileRegexPattern,
  compileTextPattern,
} from "./lib/query/search/search_pattern.ts";
export type {
  SearchPattern,
  TextMatch,
} from "./lib/query/search/search_pattern.ts";
export type * from "./lib/query/search/search_answer.ts";
/** The document that `--json` prints around an answer. */
export type {
  AnswerDocument,
  PartialSession,
} from "./lib/query/session/answer_document.ts";

// Record.

/** Records a thread, and makes the handles for all that happens in it. */
export { ThreadTraceContext } from "./lib/record/thread.ts";
/** Records requests to a model. */
export {
  INFERENCE_CALL_ID_HEADER,
  type InferenceTarget,
  InferenceTraceAttempt,
  InferenceTraceContext,
  type TokenUsage as RecordedTokenUsage,
} from "./lib/record/inference.ts";
/** Records how a history is replaced by a summary. */
export {
  type CompactionCheckpoint,
  type CompactionTarget,
  CompactionTraceAttempt,
  CompactionTraceContext,
} from "./lib/record/compaction.ts";
/** Records a code cell. */
export {
  type CodeCellOutput,
  type CodeCellResponse,
  CodeCellTraceContext,
} from "./lib/record/code_cell.ts";
/** Records a tool call. */
export { ToolDispatchTraceContext } from "./lib/record/tool/tool_dispatch.ts";
/** Correlates a tool call with an MCP server's own logs. */
export {
  MCP_CALL_ID_META_KEY,
  McpCallTraceContext,
} from "./lib/record/tool/tool_dispatch.ts";
/** The environment variable that enables recording, and how a root session is recorded. */
export {
  type RootTraceOptions,
  TRACE_ROOT_VARIABLE,
} from "./lib/record/root.ts";
/** Writes events and payloads; the handles use it. */
export {
  type EventContext,
  NO_CONTEXT,
  TraceWriter,
  type TraceWriterOptions,
} from "./lib/record/trace_writer.ts";
/** Where a bundle is written to. */
export {
  type BundleStore,
  DirectoryStore,
  MemoryStore,
} from "./lib/bundle/write/store.ts";

/** The types of the recording side. */
export type * from "./lib/record/types.ts";

// The reduced graph.

/** The whole, and who ran. */
export type {
  RecordingStatus,
  RolloutTrace,
} from "./lib/graph/rollout_trace.ts";
export type {
  AgentOrigin,
  AgentThread,
  CodexTurn,
  ExecutionWindow,
} from "./lib/graph/session.ts";
/** What the models saw. */
export type * from "./lib/graph/conversation.ts";
/** What ran. */
export type * from "./lib/graph/runtime.ts";

// The words on disk.

/** Names of things. */
export type * from "./lib/format/ids.ts";
/** Statuses, kinds and summaries, in events and graph alike. */
export type * from "./lib/format/vocabulary.ts";
/** One line of the log. */
export type * from "./lib/format/event.ts";
/** Payload files, and the ways the reducer looks into one. */
export type * from "./lib/format/payload.ts";
export type { JsonNode, JsonNumber } from "./lib/format/json/json_parse.ts";
/** The manifest, and names of files. */
export {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
  STATE_FILE,
  type TraceBundleManifest,
} from "./lib/format/manifest.ts";

/** The versions of the schema. */
export {
  NEWEST_SCHEMA,
  schemaNumbered,
  schemaOf,
  SCHEMAS,
} from "./lib/schema/registry.ts";
export {
  deriveSchema,
  type Schema,
  type SchemaChanges,
} from "./lib/schema/schema.ts";
/** What a schema is made of, and what a recording left out. */
export type * from "./lib/schema/types.ts";
export type * from "./lib/query/evidence/recorded/types.ts";

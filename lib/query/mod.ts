/**
 * Answers questions about a session: what happened, what a model received, and what failed first.
 *
 * {@linkcode openBundle} and {@linkcode openStateFile} open a {@linkcode TraceSession}. Each question is a
 * function over it that returns plain data, the same as the command of the program prints with
 * `--json`. A value that was not recorded is `null`.
 *
 * @example Find what failed first
 * ```ts
 * import { explain, openBundle, summarize } from "rollout-trace/query";
 *
 * const session = openBundle("testdata/upstream/0.169.0-agents_v2_fail/bundle");
 * const first = summarize(session).first_error?.about;
 * if (first?.handle !== "call:3") throw new Error("expected the third request");
 *
 * const effects = explain(session, first)?.downstream ?? [];
 * if (effects.length === 0) throw new Error("expected effects");
 * ```
 *
 * @module
 */

// Open a session.

export { openBundle } from "./session/open_bundle.ts";
export type { OpenOptions } from "./session/open_bundle.ts";
export { openSessionLog } from "./session/session_log/open_session_log.ts";
export { openLoggedSession } from "./session/session_log/joined/open_logged_session.ts";
export type {
  LoggedElement,
  MissingLog,
  ReportedTokens,
  SessionLogFacts,
  SessionLogs,
  ThreadFacts,
  TurnFacts,
  UnknownLine,
  UnreadLog,
} from "./session/session_log/session_log.ts";
export { openStateFile } from "./session/open_state_file.ts";
export type {
  LogExtent,
  PayloadReader,
  SessionSource,
  TraceSession,
} from "./session/session.ts";
export type {
  AnswerDocument,
  PartialSession,
  UnreadFolder,
} from "./session/answer_document.ts";
export type { SessionDiagnostic } from "./session/session_diagnostics.ts";
export type { UnknownEventType } from "./session/newer_parts.ts";
export type {
  ElementOutline,
  MeasuredRequests,
  RequestOutline,
} from "./session/requests/request_outlines.ts";
export type {
  RecordingFacts,
  RequestCaptures,
} from "./evidence/recorded/captures.ts";

// Resolve handles such as `call:3`, ids, and numbers of events.

export { ObjectNames } from "./session/names/object_names.ts";
export type { Resolution } from "./session/names/object_names.ts";
export type { ObjectKind, ObjectRef } from "./session/names/object_kind.ts";
export { EventNames } from "./session/names/event_names.ts";
export { EventIndex } from "./session/event_index.ts";

// Summarize a session: `show`.

export { summarize } from "./show/show.ts";
export type { ShowOptions } from "./show/show.ts";
export type * from "./show/show_answer.ts";
export type { ItemText } from "./evidence/prompt_and_answer.ts";
export type { KnownCount } from "./evidence/known_count.ts";
export type { Outcome } from "./failures/outcome/outcome.ts";
export type { ErrorGroup } from "./failures/error_groups.ts";
export type { HistoryOrigin } from "./evidence/links/inherited_history.ts";
export type { Lineage } from "./evidence/recorded/lineage.ts";
export type {
  ThreadSettings,
  TurnReport,
} from "./evidence/recorded/recorded_settings.ts";
export type { Losses } from "./evidence/recorded/losses.ts";
export type { EdgeKind } from "./session/names/edge_kind.ts";
export type { Suggestion } from "./session/suggestion.ts";

// What happened, in order: `timeline`.

export { getTimeline } from "./timeline/timeline.ts";
export type { TimelineOptions } from "./timeline/timeline.ts";
export type * from "./timeline/timeline_answer.ts";

// What a model received: `transcript`.

export { getTranscript, openTranscript } from "./transcript/transcript.ts";
export type { TranscriptScope } from "./transcript/transcript.ts";
export type * from "./transcript/transcript_answer.ts";

// What a prompt contained: `context`.

export { getContext } from "./context/context.ts";
export { getContextGrowth } from "./context/context_growth.ts";
export type * from "./context/context_answer.ts";
export type {
  AddedItem,
  CompactionEffect,
  KeptItem,
  PromptSize,
} from "./context/compaction_effect.ts";
export type { ContextWindowUse } from "./context/context_window.ts";

// What lost the provider's cache.

export { getCacheUse } from "./context/cache/cache_losses.ts";
export type * from "./context/cache/cache_answer.ts";

// Causes and effects of an object: `explain`.

export { explain } from "./explain/explain.ts";
export type { ExplainOptions } from "./explain/explain.ts";
export type * from "./explain/explain_answer.ts";
export type * from "./explain/relation.ts";
export type * from "./explain/comparison/comparison.ts";

// What failed.

export { getFailures, getFirstError } from "./failures/failures.ts";
export type {
  Failure,
  FailureKind,
  FailureSeverity,
  MissingReason,
} from "./failures/failure.ts";

// The raw evidence: `payload`.

export { getPayload, getPayloadBytes } from "./payload/payload.ts";
export type { PayloadBytesChoice } from "./payload/payload.ts";
export type * from "./payload/payload_answer.ts";

// Differences of two requests or two sessions: `diff`.

export {
  diffRequests,
  diffRequestsOfSessions,
  getPreviousRequest,
} from "./diff/request_diff.ts";
export type { RequestOfSession } from "./diff/request_diff.ts";
export { compareSessions, diffSessions } from "./diff/session_diff.ts";
export type * from "./diff/diff_answer.ts";

// Where a text occurs: `search`.

export { search } from "./search/search.ts";
export type { SearchOptions } from "./search/search.ts";
export {
  compileRegexPattern,
  compileTextPattern,
} from "./search/search_pattern.ts";
export type {
  SearchPattern,
  TextMatch,
  TextPatternOptions,
} from "./search/search_pattern.ts";
export type { TextEnds } from "../text/abbreviated.ts";
export * from "./search/search_answer.ts";

// Counts, tokens, times and costs of one session or of many: `stats`.

export { getStats, StatsCollector } from "./stats/stats.ts";
export type { StatsOptions } from "./stats/stats.ts";
export type * from "./stats/stats_answer.ts";
export type * from "./stats/comparison.ts";
export type { Activity } from "./stats/measures/activity.ts";
export type { Cost, ModelPrice, PriceTable } from "./stats/measures/cost.ts";
export type { ToolTimes } from "./evidence/clock/tool_times.ts";
export type { ToolWait } from "./evidence/clock/tool_wait.ts";
export type { ClockJump } from "./evidence/clock/clock_jump.ts";
export type { Latencies } from "./stats/measures/latencies.ts";
export type { TimeSplit } from "./stats/measures/time_split.ts";
export type { TokenSum } from "./stats/measures/token_sum.ts";

// Bundles below a folder: `list`.

export { listBundle, listBundles } from "./list/list_bundles.ts";
export type { ListOptions } from "./list/list_bundles.ts";
export type * from "./list/list_answer.ts";

// Links of the graph in the reverse direction, and the evidence of an object.

export { GraphLinks } from "./evidence/links/graph_links.ts";
export type { ThreadEdges } from "./evidence/links/graph_links.ts";
export { ItemCarriers } from "./evidence/links/item_carriers.ts";
export type { CarrierIndex } from "./evidence/links/item_carriers.ts";
export type {
  ObjectKey,
  Reference,
  ReferenceRole,
} from "../graph/codec/reference.ts";
export { getEvidence } from "./evidence/links/evidence.ts";
export type { Evidence, EvidencePayload } from "./evidence/links/evidence.ts";
export { getProvenance } from "./evidence/links/provenance.ts";
export type { Provenance } from "./evidence/links/provenance.ts";
export { getUndeliveredResults } from "./evidence/links/undelivered.ts";
export type { UndeliveredResult } from "./evidence/links/undelivered.ts";

/**
 * Answers questions about a session: what happened, what a model received, and what failed first.
 *
 * {@linkcode openBundle} and {@linkcode openStateFile} open a {@linkcode Session}. Each question is a
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

export { openBundle } from "../query/session/open_bundle.ts";
export type { OpenOptions } from "../query/session/open_bundle.ts";
export { openStateFile } from "../query/session/open_state_file.ts";
export type {
  LogExtent,
  PayloadReader,
  Session,
} from "../query/session/session.ts";
export type {
  AnswerDocument,
  PartialSession,
} from "../query/session/answer_document.ts";
export type { UnknownEventType } from "../query/session/newer_parts.ts";
export type {
  RecordingFacts,
  RequestCaptures,
} from "../query/evidence/recorded/captures.ts";

// Resolve handles such as `call:3`, ids, and numbers of events.

export { ObjectNames } from "../query/session/names/object_names.ts";
export type { Resolution } from "../query/session/names/object_names.ts";
export type {
  ObjectKind,
  ObjectRef,
} from "../query/session/names/object_kind.ts";
export { EventNames } from "../query/session/names/event_names.ts";
export { EventIndex } from "../query/session/event_index.ts";

// Summarize a session: `show`.

export { summarize } from "../query/show/show.ts";
export type { ShowOptions } from "../query/show/show.ts";
export type * from "../query/show/show_answer.ts";
export type { Outcome } from "../query/failures/outcome/outcome.ts";
export type { ErrorGroup } from "../query/failures/error_groups.ts";
export type { Losses } from "../query/evidence/recorded/losses.ts";
export type { EdgeKind } from "../query/session/names/edge_kind.ts";
export type { Suggestion } from "../query/session/suggestion.ts";

// What happened, in order: `timeline`.

export { getTimeline } from "../query/timeline/timeline.ts";
export type { TimelineOptions } from "../query/timeline/timeline.ts";
export type * from "../query/timeline/timeline_answer.ts";

// What a model received: `transcript`.

export {
  getTranscript,
  openTranscript,
} from "../query/transcript/transcript.ts";
export type { TranscriptScope } from "../query/transcript/transcript.ts";
export type * from "../query/transcript/transcript_answer.ts";

// What a prompt contained: `context`.

export { getContext } from "../query/context/context.ts";
export { getContextGrowth } from "../query/context/context_growth.ts";
export type * from "../query/context/context_answer.ts";

// Causes and effects of an object: `explain`.

export { explain } from "../query/explain/explain.ts";
export type { ExplainOptions } from "../query/explain/explain.ts";
export type * from "../query/explain/explain_answer.ts";
export type * from "../query/explain/relation.ts";
export type * from "../query/explain/comparison/comparison.ts";

// What failed.

export { getFailures, getFirstError } from "../query/failures/failures.ts";
export type {
  Failure,
  FailureKind,
  FailureSeverity,
  MissingReason,
} from "../query/failures/failure.ts";

// The raw evidence: `payload`.

export { getPayload, getPayloadBytes } from "../query/payload/payload.ts";
export type { PayloadBytesChoice } from "../query/payload/payload.ts";
export type * from "../query/payload/payload_answer.ts";

// Differences of two requests or two sessions: `diff`.

export {
  diffRequests,
  getPreviousRequest,
} from "../query/diff/request_diff.ts";
export { diffSessions } from "../query/diff/session_diff.ts";
export type * from "../query/diff/diff_answer.ts";

// Where a text occurs: `search`.

export { search } from "../query/search/search.ts";
export type { SearchOptions } from "../query/search/search.ts";
export {
  compileRegexPattern,
  compileTextPattern,
} from "../query/search/search_pattern.ts";
export type {
  SearchPattern,
  TextMatch,
  TextPatternOptions,
} from "../query/search/search_pattern.ts";
export type { TextEnds } from "../text/abbreviated.ts";
export * from "../query/search/search_answer.ts";

// Counts, tokens, times and costs of one session or of many: `stats`.

export { getStats, StatsCollector } from "../query/stats/stats.ts";
export type { StatsOptions } from "../query/stats/stats.ts";
export type * from "../query/stats/stats_answer.ts";
export type { Activity } from "../query/stats/measures/activity.ts";
export type {
  Cost,
  ModelPrice,
  PriceTable,
} from "../query/stats/measures/cost.ts";
export type { Latencies } from "../query/stats/measures/latencies.ts";
export type { TimeSplit } from "../query/stats/measures/time_split.ts";
export type { TokenSum } from "../query/stats/measures/token_sum.ts";

// Bundles below a folder: `list`.

export { listBundle, listBundles } from "../query/list/list_bundles.ts";
export type { ListOptions } from "../query/list/list_bundles.ts";
export type * from "../query/list/list_answer.ts";

// Links of the graph in the reverse direction, and the evidence of an object.

export { GraphLinks } from "../query/evidence/links/graph_links.ts";
export type { ThreadEdges } from "../query/evidence/links/graph_links.ts";
export { ItemCarriers } from "../query/evidence/links/item_carriers.ts";
export type { CarrierIndex } from "../query/evidence/links/item_carriers.ts";
export type {
  ObjectKey,
  Reference,
  ReferenceRole,
} from "../graph/codec/reference.ts";
export { getEvidence } from "../query/evidence/links/evidence.ts";
export type {
  Evidence,
  EvidencePayload,
} from "../query/evidence/links/evidence.ts";
export { getProvenance } from "../query/evidence/links/provenance.ts";
export type { Provenance } from "../query/evidence/links/provenance.ts";
export { getUndeliveredResults } from "../query/evidence/links/undelivered.ts";
export type { UndeliveredResult } from "../query/evidence/links/undelivered.ts";

/**
 * Reads trace bundles of Codex: reduces them, validates them, and describes the result.
 *
 * A bundle is a folder with the raw evidence of a session: `manifest.json`, `trace.jsonl` and
 * `payloads/`. {@linkcode replayBundle} reduces it to a {@linkcode RolloutTrace}, a graph of what the
 * models received and what ran. {@linkcode writeStateJson} writes that graph as Codex does.
 * {@linkcode checkBundle} validates a bundle.
 *
 * Other entries of the package:
 *
 * - `./query` answers questions about a session: timeline, transcript, causes, statistics.
 * - `./report` writes a session as one HTML page.
 * - `./record` records bundles from a program of your own.
 * - `./format` describes the files of a bundle: ids, events, payloads, and the schema versions.
 *
 * @example Reduce a bundle
 * ```ts
 * import { replayBundle } from "rollout-trace";
 *
 * const trace = replayBundle("testdata/upstream/0.169.0-agents_v2/bundle");
 * const models = new Set([...trace.inference_calls.values()].map((call) => call.model));
 * if (models.size !== 1) throw new Error("expected requests to one model");
 * ```
 *
 * @module
 */

// Reduce a bundle.

export { OpenReplay, openReplay } from "./lib/query/session/open_replay.ts";
export type { OpenReplayOptions } from "./lib/query/session/open_replay.ts";
export { replayBundle } from "./lib/replay.ts";
export type { ReplayCounters, ReplayOptions } from "./lib/replay.ts";
export type { PayloadCounters } from "./lib/bundle/payloads/bundle_payloads.ts";
export type { Limits } from "./lib/bundle/limits.ts";

// Reduce events and payloads from any source.

export { reduceTrace } from "./lib/reduce/reduce.ts";
export type { ReduceOptions } from "./lib/reduce/fault_handler.ts";

// Write the graph as `state.json`, byte for byte as Codex does.

export { stateJson, writeStateJson } from "./lib/graph/view/state_json.ts";
export type { ChunkWriter } from "./lib/graph/view/state_output.ts";

// Validate a bundle.

export { checkBundle } from "./lib/check/check.ts";
export type { CheckOptions } from "./lib/check/check.ts";
export type {
  CheckCode,
  CheckReport,
  CheckTotals,
  Finding,
  FindingCode,
  FindingCounts,
  FindingSeverity,
  Reducibility,
  Refusal,
} from "./lib/check/report.ts";

// Errors, and what tolerant reading skipped.

export {
  BundleFormatError,
  LimitError,
  PayloadError,
  ReplayError,
} from "./lib/errors.ts";
export type {
  BundlePosition,
  Diagnostic,
  DiagnosticCode,
  DiagnosticSink,
  LimitName,
  LineErrorCode,
  PayloadErrorCode,
  ReplayErrorCode,
  ReplayErrorIds,
} from "./lib/errors.ts";

// The graph: threads and turns, the conversation, and what ran.

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
export type * from "./lib/graph/conversation.ts";
export type * from "./lib/graph/runtime.ts";

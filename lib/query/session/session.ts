/**
 * A session that is open for questions: the graph, and the evidence behind it as far as available.
 *
 * Every question takes one. It knows no command line and prints nothing.
 *
 * @module
 */

import type {
  MeasuredRequest,
  PayloadDocument,
  RawPayloadRef,
  RequestWindow,
} from "../../format/payload.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { ObjectNames } from "./names/object_names.ts";
import type { EventIndex } from "./event_index.ts";
import type { SessionDiagnostic } from "./session_diagnostics.ts";
import type { MeasuredRequests } from "./requests/request_outlines.ts";
import type { SessionLogFacts } from "./session_log/session_log.ts";

/** What a session is made of: a bundle, a `state.json`, or a log that Codex itself keeps. */
export type SessionSource = "bundle" | "state" | "session_log";

/** A recorded session, open for questions. */
export interface TraceSession {
  /** The bundle's folder, or the `state.json`, as the caller named it. */
  readonly place: string;
  /** What it was made of. Only a bundle brings events and payloads. */
  readonly source: SessionSource;
  /** Schema that the manifest names; null without a bundle. */
  readonly bundleSchema: number | null;
  /** The graph. */
  readonly trace: RolloutTrace;
  /** Ids of the graph's objects, and what people call them. */
  readonly names: ObjectNames;
  /** Every event of the log; null without a bundle. */
  readonly log: EventIndex | null;
  /** Where payloads are read; null without a bundle. */
  readonly payloads: PayloadReader | null;
  /** What is known of requests without reading them again; absent unless they were measured. */
  readonly requests?: MeasuredRequests;
  /** What the reduction skipped, and what is worth knowing. */
  readonly diagnostics: readonly SessionDiagnostic[];
  /** How much of the log is in the graph; null for a `state.json`. */
  readonly extent: LogExtent | null;
  /** What a session log has besides the graph; absent of any other source. */
  readonly sessionLog?: SessionLogFacts;
}

/** Returns the id of a recording: its trace id; of a session log, which has none, that of its thread. */
export function recordingId({ source, trace }: TraceSession): string {
  return source === "session_log" ? trace.root_thread_id : trace.trace_id;
}

/**
 * Returns the id of a session, which is that of its root thread. A session log is of one thread, and
 * names the session that the thread is of, so that the logs of agents are parts of one session.
 */
export function sessionIdOf({ source, trace }: TraceSession): string {
  return source === "session_log" ? trace.rollout_id : trace.root_thread_id;
}

/** How much of a log a tolerant reduction took. */
export interface LogExtent {
  /** Events of the log, those that are not in the graph included. */
  readonly events: number;
  /** Events that are not in the graph. */
  readonly skipped_events: number;
}

/** Reads payloads of one bundle, from inside its folder only. */
export interface PayloadReader {
  /** The file that holds a payload, relative to the bundle; null when none does. */
  fileOf(ref: RawPayloadRef): string | null;
  /**
   * How many bytes a payload has; reads none of them.
   *
   * @throws {PayloadError} If it is no file inside the bundle.
   */
  size(ref: RawPayloadRef): number;
  /**
   * The bytes of a payload, whatever they are; of one that was truncated, those that were kept.
   * Valid until the next payload is read.
   *
   * @throws {PayloadError} If it cannot be read.
   */
  bytes(ref: RawPayloadRef): Uint8Array;
  /**
   * The bytes that the bundle itself has of a payload: of one that is put together from parts, its
   * fragments. Valid until the next payload is read.
   *
   * @throws {PayloadError} If it cannot be read.
   */
  recordBytes(ref: RawPayloadRef): Uint8Array;
  /**
   * A payload, parsed. Valid until the next payload is read.
   *
   * @throws {PayloadError} If it cannot be read or is not strict JSON.
   */
  open(ref: RawPayloadRef): PayloadDocument;
  /**
   * A request of `thread`, as what it adds to the full request of that thread that was opened
   * before it. To be called in the order of the requests.
   *
   * @throws {PayloadError} If it cannot be read or is not strict JSON.
   */
  openRequest(ref: RawPayloadRef, thread: ThreadId): RequestWindow;
  /**
   * A request as from {@linkcode openRequest}, and how large its parts are. The first request of a
   * series has all of its parts only when `closeThread` was called before.
   *
   * @throws {PayloadError} If it cannot be read or is not strict JSON.
   */
  measureRequest(ref: RawPayloadRef, thread: ThreadId): MeasuredRequest;
  /** Ends a series of requests of a thread: the next one has no baseline. */
  closeThread(thread: ThreadId): void;
}

/**
 * The errors and diagnostics of this library.
 *
 * {@linkcode BundleFormatError}: bytes that do not follow the format.
 * {@linkcode PayloadError}: a payload that cannot be read or is not JSON.
 * {@linkcode ReplayError}: well-formed evidence that contradicts itself.
 * {@linkcode LimitError}: a bundle exceeds a limit of the reader.
 * {@linkcode Diagnostic}: what a tolerant replay skipped, or a note about the graph.
 *
 * @module
 */

/** The position of a fault in a bundle. */
export interface BundlePosition {
  /** The file; relative to the bundle if it is inside. */
  file: string;
  /** Line, counted from 1, blank lines included. */
  line?: number;
  /** Path of the faulty value inside the file or line, such as `payload.kind.type`. */
  path?: string;
}

/** Malformed bytes: a manifest or an event line that does not follow the format. */
export class BundleFormatError extends SyntaxError {
  /** Name of the class. */
  override readonly name = "BundleFormatError";
  /** File, relative to the bundle. */
  readonly file: string;
  /** Line, counted from 1, when the file has lines. */
  readonly line: number | undefined;
  /** Path of the faulty value inside the file or line. */
  readonly path: string | undefined;
  /** What is wrong, without file and line. */
  readonly reason: string;

  /** Prefixes `message` with the position. */
  constructor(
    message: string,
    position: BundlePosition,
    options?: ErrorOptions,
  ) {
    const line = position.line === undefined ? "" : ` line ${position.line}`;
    const path = position.path ? `, ${position.path}` : "";
    super(`${position.file}${line}${path}: ${message}`, options);
    this.reason = position.path ? `${position.path}: ${message}` : message;
    this.file = position.file;
    this.line = position.line;
    this.path = position.path;
  }
}

/** A file was replaced, truncated or removed while it was followed. */
export class ChangedFileError extends BundleFormatError {}

/** Why a payload cannot be used. */
export type PayloadErrorCode =
  | "payload_path_refused"
  | "payload_missing"
  | "payload_not_recorded"
  | "payload_capture_mismatch"
  | "shard_malformed"
  | "shard_not_sealed"
  | "payload_not_regular"
  | "payload_unreadable"
  | "payload_over_limit"
  | "payload_not_json";

const PAYLOAD_ERROR_CODES: Readonly<Record<PayloadErrorCode, true>> = {
  payload_path_refused: true,
  payload_missing: true,
  payload_not_recorded: true,
  payload_capture_mismatch: true,
  shard_malformed: true,
  shard_not_sealed: true,
  payload_not_regular: true,
  payload_unreadable: true,
  payload_over_limit: true,
  payload_not_json: true,
};

/** Returns whether a code is of a payload that is missing, refused or broken. */
export function isPayloadErrorCode(code: string): code is PayloadErrorCode {
  return Object.hasOwn(PAYLOAD_ERROR_CODES, code);
}

/** A payload, and where it is stored. */
export interface PayloadLocation {
  readonly raw_payload_id: string;
  /** Path of the file that holds it, relative to the bundle's folder. */
  readonly path: string;
}

/** A payload that is missing, refused, or not strict JSON. */
export class PayloadError extends Error {
  /** Name of the class. */
  override readonly name = "PayloadError";
  /** Which of the faults it is. */
  readonly code: PayloadErrorCode;
  /** Id of the payload. */
  readonly rawPayloadId: string;
  /** Path of the file that should hold it. */
  readonly file: string;
  /** What is wrong, without the payload. */
  readonly reason: string;

  /** Names the payload and its file in the message. */
  constructor(
    code: PayloadErrorCode,
    ref: PayloadLocation,
    message: string,
    options?: ErrorOptions,
  ) {
    super(
      `payload ${quote(ref.raw_payload_id)} (${quote(ref.path)}) ${message}`,
      options,
    );
    this.code = code;
    this.reason = message;
    this.rawPayloadId = ref.raw_payload_id;
    this.file = ref.path;
  }

  /** Returns the same fault for another payload in the same file. */
  forPayload(raw_payload_id: string): PayloadError {
    const place = { raw_payload_id, path: this.file };
    return new PayloadError(this.code, place, this.reason, {
      cause: this.cause,
    });
  }
}

/** The limits of a reader, by the names that `--limit` takes. */
export type LimitName =
  | "line"
  | "payload"
  | "shard"
  | "bundle"
  | "events"
  | "payloads"
  | "edge_payloads"
  | "output"
  | "objects"
  | "depth";

/** Default of the limit `output`, in bytes. */
export const DEFAULT_MAX_OUTPUT_BYTES: number = 1024 * 1024 * 1024;

/** A bundle exceeds a limit. Nothing beyond the limit was read or written. */
export class LimitError extends RangeError {
  /** Name of the class. */
  override readonly name = "LimitError";
  /** Stable name of the fault. */
  readonly code = "limit_exceeded";
  /** Which limit it is. */
  readonly limit: LimitName;
  /** Its value. */
  readonly allowed: number;
  /** File, relative to the bundle. */
  readonly file: string;
  /** Line of the log, counted from 1, when it is about one. */
  readonly line: number | undefined;
  /** What is wrong, without file and line. */
  readonly reason: string;

  /** The message names the exceeded limit and how to raise it. */
  constructor(
    limit: LimitName,
    allowed: number,
    what: string,
    position: Pick<BundlePosition, "file" | "line">,
  ) {
    const line = position.line === undefined ? "" : ` line ${position.line}`;
    // The limit on nesting is already as high as the engine allows.
    const advice = limit === "depth"
      ? ""
      : `, to be raised with --limit ${limit}=VALUE`;
    const reason = `${what} the limit ${limit}=${allowed}${advice}`;
    super(`${quote(position.file)}${line}: ${reason}`);
    this.limit = limit;
    this.allowed = allowed;
    this.file = position.file;
    this.line = position.line;
    this.reason = reason;
  }
}

/** Whether an error is that a session cannot be read, which is of no matter where others are wanted. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof BundleFormatError || error instanceof LimitError;
}

/** Which contradiction ended a replay. */
export type ReplayErrorCode =
  | "unsupported_schema"
  | "sequence_gap"
  | "foreign_rollout"
  | "event_after_completion"
  | "duplicate_start"
  | "unknown_thread"
  | "unknown_turn"
  | "unknown_inference"
  | "unknown_tool_call"
  | "unknown_code_cell"
  | "unknown_compaction_request"
  | "unknown_response"
  | "thread_mismatch"
  | "thread_not_ended"
  | "missing_context"
  | "malformed_payload"
  | "unsupported_item"
  | "call_id_reused"
  | "history_mismatch"
  | "receipt_mismatch"
  | "stripped_id_mismatch"
  | "mislabeled_payload"
  | "partial_payload"
  | "conflicting_payload"
  | "duplicate_wait_target"
  | "duplicate_correlation"
  | "duplicate_terminal_operation"
  | "process_id_changed"
  | "conflicting_cell"
  | "conflicting_edge"
  | "activity_mismatch"
  | "payload_error"
  | "unsupported_event";

/** Ids that a {@linkcode ReplayError} is about, by the name of their space. */
export type ReplayErrorIds = Readonly<Record<string, string>>;

/** Evidence is well formed, but contradicts other evidence: the reducer refuses the event. */
export class ReplayError extends Error {
  /** Name of the class. */
  override readonly name = "ReplayError";
  /** Stable name of the fault. */
  readonly code: ReplayErrorCode;
  /** The ids it is about. */
  readonly ids: ReplayErrorIds;
  /** What is wrong, without the position. */
  readonly reason: string;
  /** Sequence number of the event, once known. */
  readonly seq: number | bigint | undefined;
  /** Line of the event in the log, once known. */
  readonly line: number | undefined;
  /** Type of the event, once known. */
  readonly eventType: string | undefined;

  /** Rules throw without a position; `reduceTrace` adds it with {@linkcode ReplayError.at}. */
  constructor(
    code: ReplayErrorCode,
    reason: string,
    ids: ReplayErrorIds = {},
    options: ErrorOptions & {
      at?: {
        seq: number | bigint;
        eventType: string;
        line?: number | undefined;
      };
    } = {},
  ) {
    const { at } = options;
    const line = at?.line === undefined ? "" : ` (trace.jsonl line ${at.line})`;
    super(
      at === undefined
        ? reason
        : `Cannot reduce "${at.eventType}" at seq ${at.seq}${line}: ${reason}`,
      options,
    );
    this.code = code;
    this.ids = ids;
    this.reason = reason;
    this.seq = at?.seq;
    this.line = at?.line;
    this.eventType = at?.eventType;
  }

  /** Returns the same error with the position of the event. */
  at(seq: number | bigint, eventType: string, line?: number): ReplayError {
    return new ReplayError(this.code, this.reason, this.ids, {
      cause: this.cause ?? this,
      at: { seq, eventType, line },
    });
  }
}

/** Returns the id of a payload for a message, with its file if the reference names one. */
export function describePayload(
  { raw_payload_id, path }: { raw_payload_id: string; path?: string },
): string {
  return path === undefined
    ? quote(raw_payload_id)
    : `${quote(raw_payload_id)} (${quote(path)})`;
}

/** How many characters of a text from a bundle a message repeats. */
const MAX_QUOTED = 256;

/**
 * Returns a text from a bundle as a JSON string with escaped controls, so that it remains on its
 * line and cannot control a terminal. A long text is truncated, with its length after it.
 */
export function quote(text: string): string {
  if (text.length > MAX_QUOTED) {
    return `${quote(text.slice(0, MAX_QUOTED))}... (${text.length} characters)`;
  }
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Codes of faults of a line of the log. */
export type LineErrorCode =
  | "malformed_line"
  | "truncated_line"
  /** NUL bytes in place of a line, or around a complete event. */
  | "nul_bytes";

/** Stable name of a diagnostic. */
export type DiagnosticCode =
  | ReplayErrorCode
  | PayloadErrorCode
  | LineErrorCode
  | "limit_exceeded"
  /** A payload spells half a character, which is read as U+FFFD. */
  | "unpaired_surrogate"
  /** An event of a type that the schema does not have: a later recorder may write it. */
  | "unknown_event_type"
  /** The bundle has a newer schema, and was read by the rules of the newest known one. */
  | "newer_schema"
  | "untraced_history";

/**
 * One fault or note. Keys as in the JSON lines of `--diagnostics`.
 */
export interface Diagnostic {
  /** Stable name of the diagnostic. */
  readonly code: DiagnosticCode;
  /** `loss`: evidence was skipped or is missing. `note`: informational, everything was reduced. */
  readonly severity: "loss" | "note";
  /** The file it is about, relative to the bundle. */
  readonly file: string;
  /** Line of the log, counted from 1. */
  readonly line: number | null;
  /** Sequence number of the event. */
  readonly seq: number | bigint | null;
  /** Type of the event. */
  readonly event_type: string | null;
  /** The ids it is about, by the name of their space. */
  readonly ids: Readonly<Record<string, string>>;
  /** What is wrong, without the position. */
  readonly message: string;
  /** What the graph lacks because of it. */
  readonly lost: string;
}

/** Receives each diagnostic. */
export type DiagnosticSink = (diagnostic: Diagnostic) => void;

/** What a reduction or a check reports of a missing or malformed payload that no event needed. */
export function unneededPayload(error: PayloadError): Diagnostic {
  return {
    code: error.code,
    severity: "loss",
    file: error.file,
    line: null,
    seq: null,
    event_type: null,
    ids: { raw_payload_id: error.rawPayloadId },
    message: error.message,
    lost: "the evidence in the payload; no object of the graph needs it",
  };
}

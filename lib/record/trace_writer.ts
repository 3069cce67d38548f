/**
 * Writes a bundle: manifest, payloads, log.
 *
 * Owns the sequence numbers, and the promise that the log can be read at any moment: a payload is
 * complete before the event that refers to it, and an event that could not be written leaves
 * neither a gap in the numbers nor half a line. It throws when it cannot write; callers that must
 * not be disturbed use a `Recorder`.
 *
 * @module
 */

import {
  attempt,
  type BundleStore,
  ByteBudget,
  DirectoryStore,
} from "../bundle/write/store.ts";
import { jsonLine, prettyJson } from "../bundle/write/json_text.ts";
import { LogWriter } from "../bundle/write/log_writer.ts";
import type { PayloadWriter } from "../bundle/write/payload_writer.ts";
import type { WriteRules } from "../bundle/write/write_rules.ts";
import type {
  InferenceStarted,
  RawTraceEvent,
  RawTraceEventPayload,
} from "../format/event.ts";
import type { CodexTurnId, ThreadId } from "../format/ids.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
  type TraceBundleManifest,
} from "../format/manifest.ts";
import {
  isMissing,
  type RawPayloadKindName,
  type RawPayloadRef,
} from "../format/payload.ts";
import { NEWEST_SCHEMA, schemaNumbered, SCHEMAS } from "../schema/registry.ts";
import type { Schema } from "../schema/schema.ts";

/** What a bundle is about, and how it is written. */
export interface TraceWriterOptions {
  /** Id of the rollout; by custom the root thread's. */
  rolloutId: string;
  /** Thread the session began with. */
  rootThreadId: ThreadId;
  /** Id of the trace. A new one from `newId` when left out. */
  traceId?: string;
  /** Number of the schema to write. The newest one when left out. */
  schemaVersion?: number;
  /**
   * Bytes that a payload may have. A longer one is split into its Responses items, and what is
   * longer still is truncated. No limit when left out. Schema 3 or later.
   */
  maxPayloadBytes?: number;
  /**
   * Bytes that the bundle may have on disk. A payload that does not fit is omitted; with the
   * first event that does not fit, the recording stops. No limit when left out. Schema 3 or later.
   */
  maxBytes?: number;
  /** Milliseconds since the Unix epoch; the clock when left out. */
  now?: () => number;
  /** A fresh id at each call; random UUIDs when left out. */
  newId?: () => string;
}

/** The thread and the turn in an event's envelope. */
export interface EventContext {
  /** Null when the event is of no thread. */
  readonly threadId: ThreadId | null;
  /** Null when the event is of no turn. */
  readonly codexTurnId: CodexTurnId | null;
}

/** Context of an event that is of no thread and no turn. */
export const NO_CONTEXT: EventContext = { threadId: null, codexTurnId: null };

/** Writes one bundle. Everything that records into the same bundle shares it. */
export class TraceWriter {
  /** The manifest as written. */
  readonly manifest: TraceBundleManifest;
  /** How the schema is written. */
  readonly rules: WriteRules;
  readonly #store: BundleStore;
  readonly #budget: ByteBudget;
  readonly #log: LogWriter;
  readonly #payloads: PayloadWriter;
  readonly #now: () => number;
  readonly #newId: () => string;
  #seq = 0;
  #isComplete = false;
  #isStopped = false;

  /**
   * Makes the bundle: payload folder, empty log, and last the manifest, whose presence therefore
   * means that the others are there.
   *
   * @param target Folder of the bundle, or another place to write it to.
   * @throws {RangeError} If the schema is not known, or a limit is not possible.
   * @throws {Error} If there is a bundle already, or the place cannot be written.
   */
  static create(
    target: string | BundleStore,
    options: TraceWriterOptions,
  ): TraceWriter {
    const store = typeof target === "string"
      ? new DirectoryStore(target)
      : target;
    return new TraceWriter(store, options);
  }

  private constructor(store: BundleStore, options: TraceWriterOptions) {
    this.rules = knownSchema(options.schemaVersion).write;
    checkLimits(this.rules, options);
    this.#store = store;
    this.#now = options.now ?? Date.now;
    this.#newId = options.newId ?? (() => crypto.randomUUID());
    this.manifest = {
      schema_version: this.rules.schema,
      trace_id: options.traceId ?? this.#newId(),
      rollout_id: options.rolloutId,
      root_thread_id: options.rootThreadId,
      started_at_unix_ms: this.#time(),
      raw_event_log: EVENT_LOG_FILE,
      payloads_dir: PAYLOADS_DIR,
    };
    const budget = new ByteBudget(options.maxBytes);
    const maxPayloadBytes = options.maxPayloadBytes ?? Infinity;
    this.#budget = budget;
    this.#log = new LogWriter(store, budget);
    this.#payloads = this.rules.payloads({ store, budget, maxPayloadBytes });
    this.#makeBundle();
  }

  /** Folder of the bundle, `undefined` when it is elsewhere. */
  get directory(): string | undefined {
    return this.#store.directory;
  }

  /** Sequence number of the last event in the log, 0 before the first. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Whether an event did not fit into `maxBytes`. Nothing can be appended any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** A fresh id from the writer's source. */
  newId(): string {
    return this.#newId();
  }

  /**
   * Writes a payload. Limits may truncate or omit it: then the reference is marked so.
   *
   * Its id is used even when this fails: what remains on the disk is never overwritten, and never
   * referred to.
   *
   * @throws {Error} If `value` has no JSON or the store throws.
   */
  writePayload(kind: RawPayloadKindName, value: unknown): RawPayloadRef {
    return this.#payloads.write(kind, value);
  }

  /**
   * Appends an event, which is with the operating system when this returns.
   *
   * @returns The event.
   * @throws {Error} If the schema has no such event, the recording is complete, the log cannot
   * be written, or the event does not fit into `maxBytes`. The log then is as before.
   */
  append<P extends RawTraceEventPayload>(
    context: EventContext,
    payload: P,
  ): RawTraceEvent<P> {
    this.#refuseImpossible(payload);
    // Before the number is taken: the clock is the host's, and might append.
    const time = this.#time();
    const event: RawTraceEvent<P> = {
      schema_version: this.rules.schema,
      seq: this.#seq + 1,
      wall_time_unix_ms: time,
      rollout_id: this.manifest.rollout_id,
      thread_id: context.threadId,
      codex_turn_id: context.codexTurnId,
      payload,
    };
    const onDisk = { ...event, payload: eventOnDisk(payload, this.rules) };
    const isLast = payload.type === "recording_completed";
    // A reader expects that every payload file is complete once the log is marked complete.
    if (isLast) this.#payloads.seal();
    this.#appendLine(jsonLine(onDisk));
    this.#seq += 1;
    this.#isComplete ||= isLast;
    return event;
  }

  /**
   * Completes the payload files and closes the log. A later event opens it again.
   *
   * @throws {Error} If the store throws.
   */
  releaseHandles(): void {
    try {
      this.#payloads.seal();
    } finally {
      this.#store.releaseHandles();
    }
  }

  #time(): number {
    return Math.trunc(this.#now());
  }

  #makeBundle(): void {
    const manifest = prettyJson(this.manifest);
    if (!this.#budget.hasRoom(manifest.length)) {
      throw new RangeError(
        `Cannot start a recording: its manifest is longer than ${this.#budget.max} bytes`,
      );
    }
    const made: string[] = [];
    const make = (name: string, by: () => void) => {
      by();
      made.push(name);
    };
    const store = this.#store;
    try {
      make(PAYLOADS_DIR, () => store.makeDirectory(PAYLOADS_DIR));
      const empty = new Uint8Array();
      make(EVENT_LOG_FILE, () => store.createFile(EVENT_LOG_FILE, empty));
      make(MANIFEST_FILE, () => store.createFile(MANIFEST_FILE, manifest));
    } catch (error) {
      for (const name of made.reverse()) attempt(() => store.remove(name));
      throw error;
    }
    this.#budget.add(manifest.length);
  }

  #refuseImpossible({ type }: RawTraceEventPayload): void {
    const { schema, unknownEvents } = this.rules;
    if (this.#isComplete) {
      throw new Error(`Cannot append "${type}": the recording is complete`);
    }
    if (unknownEvents.has(type)) {
      throw new Error(
        `Cannot append "${type}": schema ${schema} has no such event`,
      );
    }
  }

  #appendLine(line: Uint8Array): void {
    if (!this.#isStopped && !this.#budget.hasRoom(line.length)) {
      // Complete payload files are compressed, which may be enough. If not, they are the end.
      attempt(() => this.#payloads.seal());
      this.#isStopped = !this.#budget.hasRoom(line.length);
    }
    if (this.#isStopped) {
      throw new Error(
        `the bundle has no room left in ${this.#budget.max} bytes`,
      );
    }
    this.#log.append(line);
  }
}

/** Checked at run time: a bundle of a schema that no reader knows would be lost evidence. */
function knownSchema(version: number = NEWEST_SCHEMA.version): Schema {
  const schema = schemaNumbered(version);
  if (schema !== undefined) return schema;
  const known = SCHEMAS.map((schema) => schema.version).join(", ");
  throw new RangeError(
    `Cannot record schema ${version}: it must be one of ${known}`,
  );
}

function checkLimits(rules: WriteRules, options: TraceWriterOptions): void {
  for (const name of ["maxPayloadBytes", "maxBytes"] as const) {
    const limit = options[name];
    if (limit === undefined) continue;
    if (!rules.marksCaptures) {
      throw new RangeError(
        `Cannot record with ${name}: schema ${rules.schema} has no limits`,
      );
    }
    if (!Number.isSafeInteger(limit) || limit < 0) {
      throw new RangeError(
        `Cannot record with ${name} ${limit}: it must be a non-negative integer`,
      );
    }
  }
}

/**
 * The event with the keys that the schema writes, in the order of the format.
 *
 * @throws {TypeError} If it lacks one that the schema requires.
 */
export function eventOnDisk(
  event: RawTraceEventPayload,
  rules: WriteRules,
): object {
  switch (event.type) {
    case "tool_call_runtime_started": {
      const { kind, ...rest } = event;
      if (!rules.runtimeStartsNameKind) return rest;
      if (kind === null) throw lacking(event, "kind");
      return event;
    }
    case "history_item_accepted": {
      const { type, item_id, agent_message_payload, tool_output_payload } =
        event;
      return {
        type,
        item_id,
        ...agent_message_payload && { agent_message_payload },
        ...rules.acceptsToolOutputs && tool_output_payload &&
          { tool_output_payload },
      };
    }
    case "inference_started":
      return requestOnDisk(event, rules);
    default:
      return event;
  }
}

function requestOnDisk(event: InferenceStarted, rules: WriteRules): object {
  const {
    prepared_prompt_payload,
    warmup_context_payload,
    stripped_tool_output_ids: _,
    ...rest
  } = event;
  if (!rules.preparesPrompts) return rest;
  if (prepared_prompt_payload === null) {
    throw lacking(event, "prepared_prompt_payload");
  }
  const stripped_tool_output_ids = readableStrippedIds(event);
  return {
    ...rest,
    prepared_prompt_payload,
    ...warmup_context_payload && { warmup_context_payload },
    ...stripped_tool_output_ids.length > 0 && { stripped_tool_output_ids },
  };
}

/**
 * The stripped ids of those outputs that a limit left in the request. The reference refuses an id
 * whose output it cannot read.
 */
function readableStrippedIds(
  event: InferenceStarted,
): InferenceStarted["stripped_tool_output_ids"] {
  const { request_payload, warmup_context_payload } = event;
  const { parts = [] } = warmup_context_payload ?? request_payload;
  // Either all items are parts, or none of them is.
  const items = parts.filter(({ kind }) => kind.type === "model_item");
  return event.stripped_tool_output_ids.filter(([index]) => {
    const item = items[Number(index)];
    return item === undefined || !isMissing(item);
  });
}

function lacking({ type }: RawTraceEventPayload, key: string): TypeError {
  return new TypeError(`Cannot append "${type}": ${key} is null`);
}

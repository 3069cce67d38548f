/**
 * Writes a bundle: manifest, payload files, log.
 *
 * Owns the sequence numbers and the payload ordinals, and the promise that the log can be read at
 * any moment: a payload is complete before the event that refers to it, an event that could not be
 * written leaves neither a number out nor half a line behind. It throws when it cannot write; who
 * may not be disturbed by that stands above it.
 *
 * @module
 */

import type {
  RawTraceEvent,
  RawTraceEventPayload,
} from "../../format/event.ts";
import {
  type CodexTurnId,
  rawPayloadId,
  type ThreadId,
} from "../../format/ids.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  NEWEST_SCHEMA,
  PAYLOADS_DIR,
  type SchemaVersion,
  type TraceBundleManifest,
} from "../../format/manifest.ts";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { jsonLine, prettyJson } from "./json_text.ts";
import { type BundleStore, DirectoryStore } from "./store.ts";

/** Whom a bundle is about, and how it is written. */
export interface TraceWriterOptions {
  /** Id of the rollout; by custom the root thread's. */
  rolloutId: string;
  /** Thread the session began with. */
  rootThreadId: ThreadId;
  /** Id of the trace. A new one from `newId` when left out. */
  traceId?: string;
  /** Schema to write. {@linkcode NEWEST_SCHEMA} when left out. */
  schemaVersion?: SchemaVersion;
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
  readonly dialect: Dialect;
  readonly #store: BundleStore;
  readonly #now: () => number;
  readonly #newId: () => string;
  #seq = 0;
  #ordinal = 0;
  /** Bytes of the log that are whole events. */
  #length = 0;
  /** Whether the log may have bytes beyond them. */
  #torn = false;
  #complete = false;

  /**
   * Makes the bundle: payload folder, empty log, and last the manifest, whose presence therefore
   * means that the others are there.
   *
   * @param target Folder of the bundle, or another place to write it to.
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
    const schema = knownSchema(options.schemaVersion ?? NEWEST_SCHEMA);
    this.#store = store;
    this.#now = options.now ?? Date.now;
    this.#newId = options.newId ?? (() => crypto.randomUUID());
    this.dialect = dialectOf(schema);
    this.manifest = {
      schema_version: schema,
      trace_id: options.traceId ?? this.#newId(),
      rollout_id: options.rolloutId,
      root_thread_id: options.rootThreadId,
      started_at_unix_ms: this.#time(),
      raw_event_log: EVENT_LOG_FILE,
      payloads_dir: PAYLOADS_DIR,
    };
    this.#makeBundle();
  }

  /** Folder of the bundle, `undefined` when it lies elsewhere. */
  get directory(): string | undefined {
    return this.#store.directory;
  }

  /** Sequence number of the last event in the log, 0 before the first. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** A fresh id from the writer's source. */
  newId(): string {
    return this.#newId();
  }

  /**
   * Writes a payload file.
   *
   * The ordinal is used up even when this fails: whatever is left on the disk is never written
   * over, and never referred to.
   *
   * @throws {Error} If `value` has no JSON or the file cannot be written.
   */
  writePayload(kind: RawPayloadKindName, value: unknown): RawPayloadRef {
    const ordinal = ++this.#ordinal;
    const path = `${PAYLOADS_DIR}/${ordinal}.json`;
    this.#store.createFile(path, prettyJson(value));
    return {
      raw_payload_id: rawPayloadId(ordinal),
      kind: { type: kind },
      path,
    };
  }

  /**
   * Appends an event, which is with the operating system when this returns.
   *
   * @returns The event as written.
   * @throws {Error} If the schema has no such event, the recording is complete, or the log cannot
   * be written. The log then is as before.
   */
  append<P extends RawTraceEventPayload>(
    context: EventContext,
    payload: P,
  ): RawTraceEvent<P> {
    this.#refuseImpossible(payload);
    // Before the number is taken: the clock is the host's, and might append.
    const time = this.#time();
    const event: RawTraceEvent<P> = {
      schema_version: this.dialect.schema,
      seq: this.#seq + 1,
      wall_time_unix_ms: time,
      rollout_id: this.manifest.rollout_id,
      thread_id: context.threadId,
      codex_turn_id: context.codexTurnId,
      payload,
    };
    const onDisk = { ...event, payload: keysOfSchema(payload, this.dialect) };
    this.#appendLine(jsonLine(onDisk));
    this.#seq += 1;
    if (payload.type === "recording_completed") this.#complete = true;
    return event;
  }

  /** Closes the log. A later event opens it again. */
  rest(): void {
    this.#store.rest();
  }

  #time(): number {
    return Math.trunc(this.#now());
  }

  #makeBundle(): void {
    const made: string[] = [];
    const make = (name: string, by: () => void) => {
      by();
      made.push(name);
    };
    const empty = new Uint8Array();
    const store = this.#store;
    try {
      make(PAYLOADS_DIR, () => store.makeDirectory(PAYLOADS_DIR));
      make(EVENT_LOG_FILE, () => store.createFile(EVENT_LOG_FILE, empty));
      make(
        MANIFEST_FILE,
        () => store.createFile(MANIFEST_FILE, prettyJson(this.manifest)),
      );
    } catch (error) {
      for (const name of made.reverse()) attempt(() => store.remove(name));
      throw error;
    }
  }

  #refuseImpossible(payload: RawTraceEventPayload): void {
    if (this.#complete) {
      throw new Error(
        `Cannot append "${payload.type}": the recording is complete`,
      );
    }
    if (this.dialect.unknownEvents.has(payload.type)) {
      throw new Error(
        `Cannot append "${payload.type}": schema ${this.dialect.schema} has no such event`,
      );
    }
  }

  #appendLine(line: Uint8Array): void {
    if (this.#torn) this.#mend();
    try {
      this.#store.append(EVENT_LOG_FILE, line);
      this.#length += line.length;
    } catch (error) {
      this.#torn = true;
      // When this fails as well, the next event tries again before it writes.
      attempt(() => this.#mend());
      throw error;
    }
  }

  #mend(): void {
    this.#store.truncate(EVENT_LOG_FILE, this.#length);
    this.#torn = false;
  }
}

/** Leaves out what the schema leaves out. */
function keysOfSchema(
  payload: RawTraceEventPayload,
  dialect: Dialect,
): object {
  switch (payload.type) {
    case "tool_call_runtime_started": {
      if (dialect.runtimeStartsTellKind) {
        if (payload.kind !== null) return payload;
        throw new TypeError(`Cannot append "${payload.type}": kind is null`);
      }
      const { kind: _, ...rest } = payload;
      return rest;
    }
    case "history_item_accepted": {
      if (payload.agent_message_payload !== null) return payload;
      const { agent_message_payload: _, ...rest } = payload;
      return rest;
    }
    default:
      return payload;
  }
}

/** For cleaning up after an error that is more interesting than this one. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The caller throws the error that made this necessary.
  }
}

/** Checked at run time too: a bundle of a schema that nobody reads would be lost evidence. */
function knownSchema(schema: SchemaVersion): SchemaVersion {
  if (schema === 1 || schema === NEWEST_SCHEMA) return schema;
  throw new RangeError(`Cannot record schema ${schema}: it must be 1 or 2`);
}

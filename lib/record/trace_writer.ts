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
import { DEFAULT_LIMITS } from "../bundle/limits.ts";
import {
  compactJson,
  hasMoreBytes,
  prettyJson,
  utf8Bytes,
} from "../bundle/write/json_text.ts";
import { LogWriter } from "../bundle/write/log_writer.ts";
import type { PayloadDraft } from "../bundle/write/payload_draft.ts";
import {
  PayloadFiles,
  type PayloadWriter,
} from "../bundle/write/payload_writer.ts";
import { PayloadShards } from "../bundle/write/shards/payload_shards.ts";
import type { WriteRules } from "../bundle/write/write_rules.ts";
import type { RawTraceEvent, RawTraceEventPayload } from "../format/event.ts";
import type { CodexTurnId, ThreadId } from "../format/ids.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
  type TraceBundleManifest,
} from "../format/manifest.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../format/payload.ts";
import { NEWEST_SCHEMA, schemaNumbered, SCHEMAS } from "../schema/registry.ts";
import type { Schema } from "../schema/schema.ts";
import { eventOnDisk } from "../bundle/write/event_on_disk.ts";

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
  /**
   * The schema that is written.
   *
   * @internal
   */
  readonly schema: Schema;
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
    this.schema = knownSchema(options.schemaVersion);
    this.rules = this.schema.write;
    checkLimits(this.rules, options);
    for (const name of ["rolloutId", "rootThreadId", "traceId"] as const) {
      const id: unknown = options[name];
      if (typeof id === "string" || (name === "traceId" && id === undefined)) {
        continue;
      }
      throw new TypeError(
        `Cannot record with ${name} ${printValue(id)}: it must be a string`,
      );
    }
    this.#store = store;
    this.#now = options.now ?? Date.now;
    this.#newId = options.newId ?? (() => crypto.randomUUID());
    this.manifest = {
      schema_version: this.rules.schema,
      trace_id: options.traceId ?? this.newId(),
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
    const context = { store, budget, maxPayloadBytes };
    this.#payloads = this.rules.payloads === "shards"
      ? new PayloadShards(context)
      : new PayloadFiles(context);
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

  /**
   * A fresh id from the writer's source.
   *
   * @throws {TypeError} If that returns no string.
   */
  newId(): string {
    const id: unknown = this.#newId();
    if (typeof id === "string") return id;
    throw new TypeError(`it is not a string: ${printValue(id)}`);
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
    const [ref] = this.writeDrafts([this.draftPayload(kind, value)]);
    if (ref === undefined) throw new Error("the payload was not written");
    return ref;
  }

  /**
   * Returns a payload as text. Nothing is written, and `value` is not read again.
   *
   * @internal
   * @throws {TypeError} If `value` has no JSON.
   */
  draftPayload(kind: RawPayloadKindName, value: unknown): PayloadDraft {
    return this.#payloads.draft(kind, value);
  }

  /**
   * Writes the payloads of an event, drafts of this writer, as {@linkcode writePayload} does.
   *
   * @internal
   * @returns The references, in the order of the drafts.
   * @throws {Error} If the store throws, or readers do not take a payload of that length.
   */
  writeDrafts(drafts: readonly PayloadDraft[]): RawPayloadRef[] {
    return this.#payloads.write(drafts);
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
    return this.appendEvent(this.makeEvent(context, payload));
  }

  /**
   * Returns the next event of the log, without writing it.
   *
   * @throws {Error} If the schema has no such event, the recording is complete, or the clock fails.
   */
  makeEvent<P extends RawTraceEventPayload>(
    context: EventContext,
    payload: P,
  ): RawTraceEvent<P> {
    this.#refuseImpossible(payload);
    // Before the number is taken: the clock is the host's, and might append.
    const time = this.#time();
    return {
      schema_version: this.rules.schema,
      seq: this.#seq + 1,
      wall_time_unix_ms: time,
      rollout_id: this.manifest.rollout_id,
      thread_id: context.threadId,
      codex_turn_id: context.codexTurnId,
      payload,
    };
  }

  /**
   * Appends an event of {@linkcode makeEvent}, as {@linkcode append} does. It gets the next number.
   *
   * @throws {Error} As {@linkcode append}.
   */
  appendEvent<P extends RawTraceEventPayload>(
    made: RawTraceEvent<P>,
  ): RawTraceEvent<P> {
    this.#refuseImpossible(made.payload);
    const event = { ...made, seq: this.#seq + 1 };
    const line = utf8Bytes(`${this.lineOf(event)}\n`);
    const isLast = made.payload.type === "recording_completed";
    // A reader expects that every payload file is complete once the log is marked complete.
    if (isLast) this.#payloads.seal();
    this.#appendLine(line);
    this.#seq += 1;
    this.#isComplete ||= isLast;
    return event;
  }

  /**
   * The line of an event, without its line end.
   *
   * @throws {TypeError} If the event lacks what the schema requires, or has no JSON.
   * @throws {RangeError} If readers do not take a line of that length.
   */
  lineOf(event: RawTraceEvent): string {
    const payload = eventOnDisk(event.payload, this.rules);
    const line = compactJson({ ...event, payload });
    if (!hasMoreBytes(line, DEFAULT_LIMITS.line)) return line;
    throw new RangeError(
      `its line has more than the ${DEFAULT_LIMITS.line} bytes that readers take`,
    );
  }

  /**
   * Completes the payload files, removes what is left of an event that could not be written, and
   * closes the log. A later event opens it again.
   *
   * @throws {Error} If the store throws.
   */
  releaseHandles(): void {
    try {
      this.#payloads.seal();
    } finally {
      try {
        this.#log.repair();
      } finally {
        this.#store.releaseHandles();
      }
    }
  }

  #time(): number {
    const time: unknown = this.#now();
    const integer = typeof time === "number" ? Math.trunc(time) : NaN;
    if (Number.isSafeInteger(integer)) return integer;
    throw new TypeError(`the clock has no time: ${printValue(time)}`);
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
      this.#isStopped = true;
      attempt(() => this.#payloads.seal());
    }
    if (this.#isStopped) {
      throw new Error(
        `the bundle has no room left in ${this.#budget.max} bytes`,
      );
    }
    this.#log.append(line);
  }
}

/** A value of the host in an error; objects are not read. */
function printValue(value: unknown): string {
  return typeof value === "object" || typeof value === "function"
    ? value === null ? "null" : `a value of type ${typeof value}`
    : String(value);
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

/**
 * The one seam between a host and the writer: nothing that goes wrong here reaches the host.
 *
 * Every context and handle uses a {@linkcode Recorder}. Disabled ones use
 * {@linkcode NOOP_RECORDER}, so that there is one way of doing nothing.
 *
 * @module
 */

import type { WriteRules } from "../bundle/write/write_rules.ts";
import {
  type CompactionRequestId,
  compactionRequestId,
} from "../format/ids.ts";
import type { RawTraceEvent } from "../format/event.ts";
import type { RawPayloadRef } from "../format/payload.ts";
import type { PayloadDraft } from "../bundle/write/payload_draft.ts";
import type { BackgroundStore } from "../bundle/write/background_store.ts";
import { attempt } from "../bundle/write/store.ts";
import { NEWEST_SCHEMA } from "../schema/registry.ts";
import { CompletionTracker } from "./evidence/completion_tracker.ts";
import { EvidenceCheck } from "./evidence/evidence_check.ts";
import {
  isOfUnknown,
  isRepeated,
  recordingError,
} from "./evidence/recording_error.ts";
import {
  type DependencyKey,
  type EventPayload,
  MissingDependencies,
  payloadsOf,
  type PendingEvent,
  type PendingPayload,
  withReferences,
} from "./pending_event.ts";
import { RECORDING_COMPLETED } from "./thread_events.ts";
import type { TraceWriter } from "./trace_writer.ts";

/** Takes events as far as it can. No method throws. */
export interface Recorder {
  /** Whether anything is recorded; a host may skip costly preparation when not. */
  readonly isRecording: boolean;
  /** How the schema is written. */
  readonly rules: WriteRules;
  /** Folder of the bundle, where there is one. */
  readonly directory: string | undefined;
  /**
   * Records the event that `makeEvent` returns, if it returns one.
   *
   * @param makeEvent Called only when something is recorded. May throw.
   * @returns Whether the event is in the log.
   */
  record(makeEvent: () => PendingEvent | undefined): boolean;
  /** Bytes that wait to be written. */
  readonly queuedBytes: number;
  /** Resolves when what was recorded is written, or lost. */
  flush(): Promise<void>;
  /** Notes that something which `provides` names cannot be recorded, because its start is not. */
  withhold(provides: () => readonly DependencyKey[]): void;
  /** A fresh id. */
  newId(): string;
  /** The next id of a compaction request; each is given out once, recorded or not. */
  nextCompactionRequestId(): CompactionRequestId;
}

/** Records nothing, evaluates nothing, uses up no id. */
export const NOOP_RECORDER: Recorder = Object.freeze({
  isRecording: false,
  rules: NEWEST_SCHEMA.write,
  directory: undefined,
  record: () => false,
  queuedBytes: 0,
  flush: () => Promise.resolve(),
  withhold: () => {},
  newId: () => "",
  nextCompactionRequestId: () => "",
});

/** How a recording is made, and where its errors are reported. */
export interface RecorderOptions {
  /**
   * Gets an error for every event and payload that could not be written, once each, and none for
   * the events that are withheld because of it. What it throws is ignored. Without it, errors
   * are not reported.
   */
  onError?: (error: Error) => void;
  /**
   * Whether `recording_completed` is written automatically as soon as the rollout and all its
   * threads have ended, after which nothing can be recorded, or by `recordRecordingCompleted()`.
   * A host whose processes may outlive its threads needs "explicit". "automatic" when left out.
   */
  completion?: "automatic" | "explicit";
  /**
   * Which events are recorded: "readable" ones, so that this library reduces the bundle strictly; the
   * others are malformed or contradict the log, and are reported and left out. What only Codex's own
   * reducer refuses, such as an item of a type that a future API sends, is recorded. Or "all": what
   * the host reports is recorded as it is, and a strict reader may refuse the bundle because of it.
   * "readable" when left out.
   */
  events?: "readable" | "all";
}

/** Records into a bundle. All threads of a rollout share one. */
export class BundleRecorder implements Recorder {
  readonly #writer: TraceWriter;
  readonly #onError: (error: Error) => void;
  readonly #completesItself: boolean;
  readonly #missing = new MissingDependencies();
  readonly #completion = new CompletionTracker();
  /** Without it, every event is recorded. */
  readonly #evidence: EvidenceCheck | undefined;
  #compactionRequests = 0;
  #lossless = true;
  /** Whether an event was lost of which nothing is known, not even what it starts. */
  #lostUnnamed = false;
  #isReporting = false;
  readonly #background: BackgroundStore | undefined;
  #hasFailed = false;

  /**
   * Takes over `writer`; no other code may append to it.
   *
   * @param background The store of the writer, if it writes in the background.
   */
  constructor(
    writer: TraceWriter,
    options: RecorderOptions = {},
    background?: BackgroundStore,
  ) {
    this.#writer = writer;
    this.#background = background;
    this.#evidence = options.events === "all"
      ? undefined
      : new EvidenceCheck(writer.schema, writer.manifest);
    this.#onError = options.onError ?? (() => {});
    this.#completesItself = options.completion !== "explicit";
  }

  /** Whether more can be recorded; not once the bundle has reached its limit. */
  get isRecording(): boolean {
    return !this.#writer.isStopped && !this.#hasFailed;
  }

  /** Bytes that wait to be written. */
  get queuedBytes(): number {
    return this.#background?.queuedBytes ?? 0;
  }

  /** Resolves when what was recorded is written, or lost. */
  flush(): Promise<void> {
    return this.#background?.flush() ?? Promise.resolve();
  }

  /** Ends the recording because of a write that failed in the background. */
  stop(cause: unknown): void {
    this.#hasFailed = true;
    this.#fail("Cannot write the recording", cause);
  }

  /** How the schema is written. */
  get rules(): WriteRules {
    return this.#writer.rules;
  }

  /** Folder of the bundle, where there is one. */
  get directory(): string | undefined {
    return this.#writer.directory;
  }

  /** Records the event that `makeEvent` returns. */
  record(makeEvent: () => PendingEvent | undefined): boolean {
    let made: PendingEvent | undefined;
    try {
      made = makeEvent();
    } catch (cause) {
      this.#lostUnnamed = true;
      this.#fail("Cannot record", cause);
    }
    if (made === undefined) return false;
    const written = this.#write(made);
    if (this.#completion.observe(made.event)) this.#end();
    return written;
  }

  /** Withholds the events that require what is named. */
  withhold(provides: () => readonly DependencyKey[]): void {
    // The loss of the start was reported.
    attempt(() => this.#missing.add(provides()));
  }

  /** A fresh id of the writer's source, or of the platform when that fails. */
  newId(): string {
    try {
      return this.#writer.newId();
    } catch (cause) {
      this.#fail("Cannot make an id", cause);
      return crypto.randomUUID();
    }
  }

  /** Counts the requests of this bundle from 1. */
  nextCompactionRequestId(): CompactionRequestId {
    return compactionRequestId(++this.#compactionRequests);
  }

  #write(pending: PendingEvent): boolean {
    const { event, requires, provides } = pending;
    if (!this.isRecording) return false;
    if (this.rules.unknownEvents.has(event.type)) return false;
    const what = `Cannot record "${event.type}"`;
    if (event.type === "recording_completed" && !this.#lossless) {
      this.#fail(what, new Error("evidence was lost"));
      return false;
    }
    if (this.#missing.hasAny(requires)) {
      this.#leaveOut(pending);
      this.#lossless = false;
      return false;
    }
    let payloads: readonly EventPayload[];
    let accepted: RawTraceEvent;
    try {
      payloads = payloadsOf(event);
      accepted = this.#accept(pending, payloads);
    } catch (cause) {
      if (isRepeated(cause)) return this.#refuseRepeated(pending, what, cause);
      this.#leaveOut(pending);
      // What the host failed to describe was reported, and cannot be named here.
      if (this.#lostUnnamed && isOfUnknown(cause)) this.#lossless = false;
      else this.#fail(what, cause);
      return false;
    }
    try {
      this.#append(accepted, payloads);
      this.#missing.remove(provides);
      return true;
    } catch (cause) {
      this.#missing.addUnwritten(provides);
      this.#fail(what, cause);
      return false;
    }
  }

  /** Marks what an event provides as missing. A response may have the id of one before. */
  #leaveOut({ event, provides }: PendingEvent): void {
    if (event.type === "inference_completed") this.#missing.add(provides);
    else this.#missing.addNew(provides);
  }

  /** Reads an event with its payloads, and returns it if readers take it. */
  #accept(
    pending: PendingEvent,
    payloads: readonly EventPayload[],
  ): RawTraceEvent {
    // After this, nothing of the host is read.
    for (const payload of payloads) {
      payload.draft = this.#unlessOptional(
        payload.pending,
        () => this.#draft(payload.pending),
      );
    }
    const made = this.#writer.makeEvent(
      pending.context,
      withReferences(pending.event, payloads, placeholder),
    );
    return this.#evidence === undefined
      ? made
      : this.#check(this.#evidence, made, pending, payloads);
  }

  /** Writes the payloads of an event, and after them the event. */
  #append(accepted: RawTraceEvent, payloads: readonly EventPayload[]): void {
    this.#writePayloads(payloads.filter(({ draft }) => draft !== null));
    const payload = withReferences(
      accepted.payload,
      payloads,
      ({ ref }) => ref,
    );
    this.#writer.appendEvent({ ...accepted, payload });
  }

  /** An event without required payloads is written without any when they cannot be written. */
  #writePayloads(payloads: readonly EventPayload[]): void {
    if (payloads.length === 0) return;
    try {
      const refs = this.#writer.writeDrafts(
        payloads.flatMap(({ draft }) => draft ?? []),
      );
      payloads.forEach((payload, i) => payload.ref = refs[i] ?? null);
    } catch (cause) {
      if (payloads.some(({ pending }) => pending.required)) throw cause;
      for (const { pending } of payloads) this.#loseOptional(pending, cause);
    }
  }

  #draft({ kind, content }: PendingPayload): PayloadDraft {
    const draft = this.#writer.draftPayload(kind, content());
    this.#evidence?.checkPayload(draft);
    return draft;
  }

  /** Asks whether readers take an event; if not, once more without its optional payloads. */
  #check(
    evidence: EvidenceCheck,
    made: RawTraceEvent,
    { provides, isOfCommand }: PendingEvent,
    payloads: readonly EventPayload[],
  ): RawTraceEvent {
    const line = evidence.decode(this.#writer.lineOf(made));
    try {
      evidence.accept(line, payloads, isOfCommand);
    } catch (cause) {
      // What could not be written before was accepted before.
      if (isRepeated(cause) && this.#missing.areUnwritten(provides)) {
        return line.event;
      }
      const optional = payloads.filter(({ pending, draft }) =>
        !pending.required && draft !== null
      );
      for (const payload of optional) payload.draft = null;
      const payload = withReferences(line.event.payload, payloads, placeholder);
      const without = { ...line, event: { ...line.event, payload } };
      const isAccepted = optional.length > 0 &&
        attempt(() => evidence.accept(without, payloads, isOfCommand));
      if (!isAccepted) throw cause;
      for (const { pending } of optional) this.#loseOptional(pending, cause);
    }
    return line.event;
  }

  #unlessOptional<T>(payload: PendingPayload, make: () => T): T | null {
    try {
      const made = make();
      this.#missing.remove(payload.provides);
      return made;
    } catch (cause) {
      if (payload.required) throw cause;
      this.#loseOptional(payload, cause);
      return null;
    }
  }

  #loseOptional({ kind, provides }: PendingPayload, cause: unknown): void {
    this.#missing.add(provides);
    this.#fail(`Cannot record payload "${kind}"`, cause);
  }

  /**
   * A recording that lost something is not marked as complete. Its files are closed either way;
   * an event that follows in spite of it opens them again.
   */
  #end(): void {
    if (this.#completesItself && this.#lossless) {
      this.#write(RECORDING_COMPLETED);
    }
    // The store has closed its files, and that was reported.
    if (this.#hasFailed) return;
    try {
      this.#writer.releaseHandles();
    } catch (cause) {
      this.#fail("Cannot close the recording", cause);
    }
  }

  /** Reports an event that the log has already, unless it only repeats the start of a turn. */
  #refuseRepeated(
    { event }: PendingEvent,
    what: string,
    cause: unknown,
  ): false {
    const isKnown = event.type === "codex_turn_started" &&
      this.#evidence?.hasTurn(event.codex_turn_id, event.thread_id);
    if (isKnown !== true) this.#fail(what, cause);
    return false;
  }

  #fail(what: string, cause: unknown): void {
    this.#lossless = false;
    // A callback that records, fails and is called again would never end.
    if (this.#isReporting) return;
    this.#isReporting = true;
    try {
      const answer: unknown = this.#onError(recordingError(what, cause));
      // A callback may be asynchronous.
      if (answer instanceof Promise) answer.catch(() => {});
    } catch {
      // The callback failed, not the host; recording is no reason to fail the host.
    } finally {
      this.#isReporting = false;
    }
  }
}

function placeholder({ draft }: EventPayload): RawPayloadRef | null {
  return draft && draft.placeholder;
}

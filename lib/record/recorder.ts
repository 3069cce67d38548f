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
  type ThreadId,
} from "../format/ids.ts";
import type { RawPayloadRef } from "../format/payload.ts";
import { NEWEST_SCHEMA } from "../schema/registry.ts";
import {
  MissingDependencies,
  type PendingEvent,
  type PendingEventBody,
  type PendingPayload,
  writePayloads,
} from "./pending_event.ts";
import { NO_CONTEXT, type TraceWriter } from "./trace_writer.ts";

/**
 * Detects the end of a recording: the rollout and all threads that started have ended. The end of the
 * root is not enough, since a child may outlive it.
 */
export class CompletionTracker {
  readonly #open = new Set<ThreadId>();
  #rolloutEnded = false;

  /**
   * Takes an event of the host, whether or not it could be written.
   *
   * @returns Whether the recording is over with this event.
   */
  observe(event: PendingEventBody): boolean {
    switch (event.type) {
      case "thread_started":
      case "thread_resumed":
        this.#open.add(event.thread_id);
        return false;
      case "thread_ended":
        this.#open.delete(event.thread_id);
        break;
      case "rollout_ended":
        this.#rolloutEnded = true;
        break;
      default:
        return false;
    }
    return this.#rolloutEnded && this.#open.size === 0;
  }
}

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
}

/** Records into a bundle. All threads of a rollout share one. */
export class BundleRecorder implements Recorder {
  readonly #writer: TraceWriter;
  readonly #onError: (error: Error) => void;
  readonly #completesItself: boolean;
  readonly #missing = new MissingDependencies();
  readonly #completion = new CompletionTracker();
  #compactionRequests = 0;
  #lossless = true;
  #isReporting = false;

  /** Takes over `writer`; no other code may append to it. */
  constructor(writer: TraceWriter, options: RecorderOptions = {}) {
    this.#writer = writer;
    this.#onError = options.onError ?? (() => {});
    this.#completesItself = options.completion !== "explicit";
  }

  /** Whether more can be recorded; not once the bundle has reached its limit. */
  get isRecording(): boolean {
    return !this.#writer.isStopped;
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
      this.#fail("Cannot record", cause);
    }
    if (made === undefined) return false;
    const written = this.#write(made);
    if (this.#completion.observe(made.event)) this.#end();
    return written;
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
    const { context, event, requires, provides } = pending;
    if (!this.isRecording) return false;
    if (this.rules.unknownEvents.has(event.type)) return false;
    if (event.type === "recording_completed" && !this.#lossless) {
      this.#fail(
        `Cannot record "${event.type}"`,
        new Error("evidence was lost"),
      );
      return false;
    }
    if (this.#missing.hasAny(requires)) {
      this.#missing.add(provides);
      this.#lossless = false;
      return false;
    }
    try {
      const written = writePayloads(event, (payload) => this.#payload(payload));
      this.#writer.append(context, written);
      this.#missing.remove(provides);
      return true;
    } catch (cause) {
      this.#missing.add(provides);
      this.#fail(`Cannot record "${event.type}"`, cause);
      return false;
    }
  }

  #payload(pending: PendingPayload): RawPayloadRef | null {
    try {
      const ref = this.#writer.writePayload(pending.kind, pending.content());
      this.#missing.remove(pending.provides);
      return ref;
    } catch (cause) {
      if (pending.required) throw cause;
      this.#missing.add(pending.provides);
      this.#fail(`Cannot record payload "${pending.kind}"`, cause);
      return null;
    }
  }

  /**
   * A recording that lost something is not marked as complete. Its files are closed either way;
   * an event that follows in spite of it opens them again.
   */
  #end(): void {
    if (this.#completesItself && this.#lossless) {
      this.#write(RECORDING_COMPLETED);
    }
    try {
      this.#writer.releaseHandles();
    } catch (cause) {
      this.#fail("Cannot close the recording", cause);
    }
  }

  #fail(what: string, cause: unknown): void {
    this.#lossless = false;
    // A callback that records, fails and is called again would never end.
    if (this.#isReporting) return;
    this.#isReporting = true;
    try {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#onError(new Error(`${what}: ${why}`, { cause }));
    } catch {
      // The callback failed, not the host; recording is no reason to fail the host.
    } finally {
      this.#isReporting = false;
    }
  }
}

/** The recording is complete: nothing follows. */
export const RECORDING_COMPLETED: PendingEvent = Object.freeze<PendingEvent>({
  context: NO_CONTEXT,
  event: { type: "recording_completed" },
  requires: [],
  provides: [],
});

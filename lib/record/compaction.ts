/**
 * Recording of compactions: the requests for a summary, and the new history when it is installed.
 *
 * @module
 */

import type {
  CodexTurnId,
  CompactionId,
  CompactionRequestId,
  ThreadId,
} from "../format/ids.ts";
import {
  dependencyKey,
  type PendingEventBody,
  requiredPayload,
} from "./pending_event.ts";
import { NOOP_RECORDER, type Recorder } from "./recorder.ts";

/** Which history is compacted, and by whom. */
export interface CompactionTarget {
  /** Thread whose history it is. */
  readonly threadId: ThreadId;
  /** Turn in which it happens. */
  readonly codexTurnId: CodexTurnId;
  /** Id of the compaction. */
  readonly compactionId: CompactionId;
  /** Model asked for the summary. */
  readonly model: string;
  /** Who serves it. */
  readonly providerName: string;
}

/** The histories before and after a compaction, as Responses items. */
export interface CompactionCheckpoint {
  /** What was compacted. */
  readonly input_history: readonly unknown[];
  /** What replaces it. */
  readonly replacement_history: readonly unknown[];
}

/** One compaction. */
export class CompactionTraceContext {
  readonly #recorder: Recorder;
  readonly #target: CompactionTarget;

  /**
   * Made by `ThreadTraceContext.compaction()`.
   *
   * @internal
   */
  constructor(recorder: Recorder, target: CompactionTarget) {
    this.#recorder = recorder;
    this.#target = target;
  }

  /** A context that records nothing. */
  static disabled(): CompactionTraceContext {
    return new CompactionTraceContext(NOOP_RECORDER, {
      threadId: "",
      codexTurnId: "",
      compactionId: "",
      model: "",
      providerName: "",
    });
  }

  /** Records a request for a summary as it is sent. */
  startAttempt(request: unknown): CompactionTraceAttempt {
    const recorder = this.#recorder;
    const target = this.#target;
    const id = recorder.nextCompactionRequestId();
    recorder.record(() => ({
      context: target,
      event: {
        type: "compaction_request_started",
        compaction_id: target.compactionId,
        compaction_request_id: id,
        thread_id: target.threadId,
        codex_turn_id: target.codexTurnId,
        model: target.model,
        provider_name: target.providerName,
        request_payload: requiredPayload("compaction_request", () => request),
      },
      requires: [
        dependencyKey.thread(target.threadId),
        dependencyKey.turn(target.codexTurnId),
      ],
      provides: [dependencyKey.compactionRequest(id)],
    }));
    return new CompactionTraceAttempt(recorder, target, id);
  }

  /** Records that the history was replaced. */
  recordInstalled(checkpoint: CompactionCheckpoint): void {
    const target = this.#target;
    this.#recorder.record(() => ({
      context: target,
      event: {
        type: "compaction_installed",
        compaction_id: target.compactionId,
        checkpoint_payload: requiredPayload("compaction_checkpoint", () => ({
          input_history: checkpoint.input_history,
          replacement_history: checkpoint.replacement_history,
        })),
      },
      requires: [
        dependencyKey.thread(target.threadId),
        dependencyKey.turn(target.codexTurnId),
      ],
      provides: [],
    }));
  }
}

/** One request for a summary. Only the first of its two ends counts. */
export class CompactionTraceAttempt {
  readonly #recorder: Recorder;
  readonly #target: CompactionTarget;
  readonly #id: CompactionRequestId;
  #ended = false;

  /**
   * Made by {@linkcode CompactionTraceContext.startAttempt}.
   *
   * @internal
   */
  constructor(
    recorder: Recorder,
    target: CompactionTarget,
    id: CompactionRequestId,
  ) {
    this.#recorder = recorder;
    this.#target = target;
    this.#id = id;
  }

  /** Records the summary. */
  recordCompleted(items: readonly unknown[]): void {
    this.#recordEnd(() => ({
      type: "compaction_request_completed",
      compaction_id: this.#target.compactionId,
      compaction_request_id: this.#id,
      response_payload: requiredPayload(
        "compaction_response",
        () => ({ output_items: items }),
      ),
    }));
  }

  /** Records that the request failed. */
  recordFailed(error: string): void {
    this.#recordEnd(() => ({
      type: "compaction_request_failed",
      compaction_id: this.#target.compactionId,
      compaction_request_id: this.#id,
      error,
    }));
  }

  #recordEnd(event: () => PendingEventBody): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#recorder.record(() => ({
      context: this.#target,
      event: event(),
      requires: [dependencyKey.compactionRequest(this.#id)],
      provides: [],
    }));
  }
}

/**
 * Recording of requests to a model and of its answers.
 *
 * @module
 */

import type { CodexTurnId, InferenceCallId, ThreadId } from "../format/ids.ts";
import {
  type DependencyKey,
  dependencyKey,
  optionalPayload,
  type PendingEventBody,
  requiredPayload,
} from "./pending_event.ts";
import { NOOP_RECORDER, type Recorder } from "./recorder.ts";
import {
  type RequestDetails,
  requestFields,
  sharingItems,
} from "./request_fields.ts";
import type { EventContext } from "./trace_writer.ts";

/** Name of the request header that carries the id of the call. */
export const INFERENCE_CALL_ID_HEADER = "x-codex-inference-call-id";

/** The sender and the recipient of a request. */
export interface InferenceTarget {
  /** Thread that asks. */
  readonly threadId: ThreadId;
  /** Turn that asks. */
  readonly codexTurnId: CodexTurnId;
  /** Model asked. */
  readonly model: string;
  /** Who serves it. */
  readonly providerName: string;
}

/** Tokens of one call, as the provider counts them: cached is part of input, reasoning of output. */
export interface TokenUsage {
  /** All input. */
  input_tokens: number;
  /** Input that was served from a cache. */
  cached_input_tokens: number;
  /** Input that was written to a cache; 0 when left out. */
  cache_write_input_tokens?: number;
  /** All output. */
  output_tokens: number;
  /** Output that was reasoning. */
  reasoning_output_tokens: number;
  /** Input and output. */
  total_tokens: number;
}

/** Requests of one turn to one model; every try gets its own {@linkcode InferenceTraceAttempt}. */
export class InferenceTraceContext {
  readonly #recorder: Recorder;
  readonly #target: InferenceTarget;

  /**
   * Made by `ThreadTraceContext.inference()`.
   *
   * @internal
   */
  constructor(recorder: Recorder, target: InferenceTarget) {
    this.#recorder = recorder;
    this.#target = target;
  }

  /** A context that records nothing. */
  static disabled(): InferenceTraceContext {
    const target = {
      threadId: "",
      codexTurnId: "",
      model: "",
      providerName: "",
    };
    return new InferenceTraceContext(NOOP_RECORDER, target);
  }

  /** Begins a try under a fresh id. Nothing is recorded before its `recordStarted()`. */
  startAttempt(): InferenceTraceAttempt {
    return new InferenceTraceAttempt(this.#recorder, this.#target);
  }
}

/**
 * One request and its answer.
 *
 * Only the first of `recordCompleted`, `recordFailed` and `recordCancelled` counts, also when it
 * could not be written; none counts before `recordStarted`.
 */
export class InferenceTraceAttempt {
  readonly #recorder: Recorder;
  readonly #target: InferenceTarget;
  readonly #context: EventContext;
  readonly #id: InferenceCallId;
  #state: "new" | "running" | "lost" | "ended" = "new";

  /**
   * Made by {@linkcode InferenceTraceContext.startAttempt}.
   *
   * @internal
   */
  constructor(recorder: Recorder, target: InferenceTarget) {
    this.#recorder = recorder;
    this.#target = target;
    this.#context = target;
    this.#id = recorder.newId();
  }

  /** Headers by which a provider's log can be matched with the trace; none when disabled. */
  requestHeaders(): Record<string, string> {
    return this.#recorder.isRecording
      ? { [INFERENCE_CALL_ID_HEADER]: this.#id }
      : {};
  }

  /**
   * Records the request as it is sent.
   *
   * A request that only adds to a response is withheld if the log lacks that response, together with
   * its own response: no reader could know its complete input. The next full request is recorded.
   */
  recordStarted(request: unknown, details: RequestDetails = {}): void {
    if (this.#state !== "new") return;
    // Without its start, no end is recorded: another call may have the same id.
    this.#state = "lost";
    const isRecorded = this.#recorder.record(() => {
      const { threadId, codexTurnId } = this.#target;
      const sent = sharingItems(request);
      return {
        context: this.#context,
        event: this.#startEvent(sent, details),
        requires: [
          dependencyKey.thread(threadId),
          dependencyKey.turn(codexTurnId),
          ...details.warmupContext ? [] : this.#answerAddedTo(sent),
        ],
        provides: [dependencyKey.inference(this.#id)],
      };
    });
    if (isRecorded) this.#state = "running";
  }

  /**
   * Records the complete response.
   *
   * @param responseId Id by which a later request may add to this response.
   * @param upstreamRequestId The provider's id of the request.
   * @param items The items of the response, including reasoning.
   */
  recordCompleted(
    responseId: string | null,
    upstreamRequestId: string | null,
    usage: TokenUsage | null,
    items: readonly unknown[],
  ): void {
    const { threadId } = this.#target;
    const provides = () =>
      responseId === null ? [] : [dependencyKey.response(threadId, responseId)];
    this.#recordEnd(provides, () => ({
      type: "inference_completed",
      inference_call_id: this.#id,
      response_id: responseId,
      upstream_request_id: upstreamRequestId,
      response_payload: requiredPayload(
        "inference_response",
        () => responseBody(responseId, upstreamRequestId, usage, items),
      ),
    }));
  }

  /** Records that the request failed, with the received part of the response. */
  recordFailed(
    error: string,
    upstreamRequestId: string | null,
    items: readonly unknown[],
  ): void {
    this.#recordEnd(() => [], () => ({
      type: "inference_failed",
      inference_call_id: this.#id,
      upstream_request_id: upstreamRequestId,
      error,
      partial_response_payload: partialResponse(upstreamRequestId, items),
    }));
  }

  /** Records that the request was cancelled, with the received part of the response. */
  recordCancelled(
    reason: string,
    upstreamRequestId: string | null,
    items: readonly unknown[],
  ): void {
    this.#recordEnd(() => [], () => ({
      type: "inference_cancelled",
      inference_call_id: this.#id,
      upstream_request_id: upstreamRequestId,
      reason,
      partial_response_payload: partialResponse(upstreamRequestId, items),
    }));
  }

  #startEvent(
    request: unknown,
    details: RequestDetails,
  ): PendingEventBody<"inference_started"> {
    const { threadId, codexTurnId, model, providerName } = this.#target;
    return {
      type: "inference_started",
      inference_call_id: this.#id,
      thread_id: threadId,
      codex_turn_id: codexTurnId,
      model,
      provider_name: providerName,
      ...requestFields(request, details, this.#recorder.rules),
    };
  }

  #recordEnd(
    provides: () => readonly DependencyKey[],
    event: () => PendingEventBody,
  ): void {
    const state = this.#state;
    if (state !== "running" && state !== "lost") return;
    this.#state = "ended";
    if (state === "lost") return this.#recorder.withhold(provides);
    this.#recorder.record(() => ({
      context: this.#context,
      event: event(),
      requires: [dependencyKey.inference(this.#id)],
      provides: provides(),
    }));
  }

  #answerAddedTo(request: unknown): DependencyKey[] {
    if (typeof request !== "object" || request === null) return [];
    const id = "previous_response_id" in request
      ? request.previous_response_id
      : undefined;
    return typeof id === "string"
      ? [dependencyKey.response(this.#target.threadId, id)]
      : [];
  }
}

function partialResponse(
  upstreamRequestId: string | null,
  items: readonly unknown[],
): PendingEventBody<"inference_failed">["partial_response_payload"] {
  if (items.length === 0) return null;
  return optionalPayload(
    "inference_response",
    () => responseBody(null, upstreamRequestId, null, items),
  );
}

function responseBody(
  response_id: string | null,
  upstream_request_id: string | null,
  usage: TokenUsage | null,
  output_items: readonly unknown[],
): object {
  const token_usage = usage && {
    input_tokens: usage.input_tokens,
    cached_input_tokens: usage.cached_input_tokens,
    cache_write_input_tokens: usage.cache_write_input_tokens ?? 0,
    output_tokens: usage.output_tokens,
    reasoning_output_tokens: usage.reasoning_output_tokens,
    total_tokens: usage.total_tokens,
  };
  return { response_id, upstream_request_id, token_usage, output_items };
}

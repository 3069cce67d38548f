import { assertEquals } from "@std/assert";
import { INFERENCE_CALL_ID_HEADER } from "../../lib/record/inference.ts";
import { ROOT_ID } from "../support/bundles/host/scripted_host.ts";
import {
  inOrder,
  logOf,
  startRecording,
  typesOf,
} from "../support/bundles/host/recording.ts";

const USAGE = {
  total_tokens: 6,
  reasoning_output_tokens: 5,
  output_tokens: 4,
  cached_input_tokens: 2,
  input_tokens: 1,
};

Deno.test("an inference attempt records its request and its answer", () => {
  const { thread, store } = startRecording();
  const attempt = thread.inference("turn", "model", "provider").startAttempt();
  const id = "00000000-0000-4000-8000-000000000002";
  assertEquals(attempt.requestHeaders(), { [INFERENCE_CALL_ID_HEADER]: id });
  const request = { stream: true, input: [{ b: 1, a: 2 }] };
  attempt.recordStarted(request);
  attempt.recordCompleted("resp", "req", USAGE, [{ type: "message" }]);
  const log = logOf(store);
  assertEquals(log.map((line) => [line.thread, line.turn]), [
    [ROOT_ID, "turn"],
    [ROOT_ID, "turn"],
  ]);
  assertEquals(
    log.map((line) => inOrder(line.event)),
    [
      inOrder({
        type: "inference_started",
        inference_call_id: id,
        thread_id: ROOT_ID,
        codex_turn_id: "turn",
        model: "model",
        provider_name: "provider",
        request_payload: {
          kind: { type: "inference_request" },
          body: request,
        },
        prepared_prompt_payload: {
          kind: { type: "prepared_prompt" },
          body: {
            input: request.input,
            tools: [],
            parallel_tool_calls: false,
            base_instructions: { text: "" },
            output_schema: null,
            output_schema_strict: true,
            prompt_cache_ttl: null,
            cyber_access_program: null,
          },
        },
      }),
      inOrder({
        type: "inference_completed",
        inference_call_id: id,
        response_id: "resp",
        upstream_request_id: "req",
        response_payload: {
          kind: { type: "inference_response" },
          body: {
            response_id: "resp",
            upstream_request_id: "req",
            token_usage: {
              input_tokens: 1,
              cached_input_tokens: 2,
              cache_write_input_tokens: 0,
              output_tokens: 4,
              reasoning_output_tokens: 5,
              total_tokens: 6,
            },
            output_items: [{ type: "message" }],
          },
        },
      }),
    ],
  );
});

Deno.test("an attempt that failed keeps what resulted from the answer, if anything", () => {
  const { thread, store } = startRecording();
  const context = thread.inference("turn", "model", "provider");
  const failed = context.startAttempt();
  failed.recordStarted({ input: [] });
  failed.recordFailed("stream broke", "req", [{ type: "reasoning" }]);
  const cancelled = context.startAttempt();
  cancelled.recordStarted({ input: [] });
  cancelled.recordCancelled("user", null, []);
  const ends = logOf(store).filter(({ type }) => type !== "inference_started");
  assertEquals(ends.map(({ event }) => inOrder(event)), [
    inOrder({
      type: "inference_failed",
      inference_call_id: "00000000-0000-4000-8000-000000000002",
      upstream_request_id: "req",
      error: "stream broke",
      partial_response_payload: {
        kind: { type: "inference_response" },
        body: {
          response_id: null,
          upstream_request_id: "req",
          token_usage: null,
          output_items: [{ type: "reasoning" }],
        },
      },
    }),
    inOrder({
      type: "inference_cancelled",
      inference_call_id: "00000000-0000-4000-8000-000000000003",
      upstream_request_id: null,
      reason: "user",
      partial_response_payload: null,
    }),
  ]);
});

Deno.test("only the first end of an attempt counts, and none before its start", () => {
  const { thread, store } = startRecording();
  const attempt = thread.inference("turn", "model", "provider").startAttempt();
  attempt.recordFailed("too early", null, []);
  attempt.recordStarted({ input: [] });
  attempt.recordStarted({ input: [] });
  attempt.recordCancelled("first", null, []);
  attempt.recordCompleted("late", null, null, []);
  attempt.recordFailed("late", null, []);
  assertEquals(typesOf(store), ["inference_started", "inference_cancelled"]);
});

Deno.test("an end that could not be written counts too", () => {
  const { thread, store, errors } = startRecording();
  const attempt = thread.inference("turn", "model", "provider").startAttempt();
  attempt.recordStarted({ input: [] });
  attempt.recordCompleted("resp", null, null, [1n]);
  attempt.recordFailed("later", null, []);
  assertEquals(typesOf(store), ["inference_started"]);
  assertEquals(errors.length, 1);
});

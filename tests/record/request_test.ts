/**
 * What is recorded about a request besides the request itself.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { RequestDetails } from "../../lib/record/request_fields.ts";
import { NEWEST_SCHEMA, SCHEMAS } from "../../lib/schema/registry.ts";
import { MemoryStore } from "../../lib/bundle/write/store.ts";
import { ThreadTraceContext } from "../../lib/record/thread.ts";
import { ROOT_METADATA } from "../support/bundles/host/scripted_host.ts";
import {
  inOrder,
  logOf,
  startRecording,
} from "../support/bundles/host/recording.ts";

/** Records one request, and returns its event with the payloads in it. */
function requestEvent(
  request: unknown,
  details?: RequestDetails,
  schema: number = NEWEST_SCHEMA.version,
): Readonly<Record<string, unknown>> {
  const { thread, store } = startRecording(schema);
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  attempt.recordStarted(request, details);
  return logOf(store)[0]?.event ?? {};
}

function bodyOf(payload: unknown): unknown {
  return Object(payload)["body"];
}

Deno.test("a prompt that the host prepared is written with all keys, in the order of the format", () => {
  const event = requestEvent({ input: [2] }, {
    preparedPrompt: {
      base_instructions: { text: "be brief" },
      input: [1, 2],
      tools: [{ name: "t" }],
      parallel_tool_calls: true,
    },
  });
  assertEquals(
    inOrder(event["prepared_prompt_payload"]),
    inOrder({
      kind: { type: "prepared_prompt" },
      body: {
        input: [1, 2],
        tools: [{ name: "t" }],
        parallel_tool_calls: true,
        base_instructions: { text: "be brief" },
        output_schema: null,
        output_schema_strict: true,
        prompt_cache_ttl: null,
        cyber_access_program: null,
      },
    }),
  );
});

Deno.test("without a prepared prompt it is what the request shows of it", () => {
  const schema = { type: "object" };
  const event = requestEvent({
    model: "m",
    instructions: "be brief",
    input: [1],
    tools: [{ name: "t" }],
    parallel_tool_calls: true,
    text: { format: { type: "json_schema", strict: false, schema } },
  });
  assertEquals(bodyOf(event["prepared_prompt_payload"]), {
    input: [1],
    tools: [{ name: "t" }],
    parallel_tool_calls: true,
    base_instructions: { text: "be brief" },
    output_schema: schema,
    output_schema_strict: false,
    prompt_cache_ttl: null,
    cyber_access_program: null,
  });
  for (const request of [null, "text", 7, [], {}, { input: "text" }]) {
    const { input = [] } = Object(request);
    const prompt = requestEvent(request)["prepared_prompt_payload"];
    assertEquals(Object(bodyOf(prompt))["input"], input);
  }
});

Deno.test("a warm-up context is written after the prompt, and is the input of a derived one", () => {
  const event = requestEvent(
    { previous_response_id: "warm", input: [3] },
    { warmupContext: { input: [1, 2, 3] }, strippedToolOutputIds: [[1, "x"]] },
  );
  assertEquals(Object.keys(event).slice(-4), [
    "request_payload",
    "prepared_prompt_payload",
    "warmup_context_payload",
    "stripped_tool_output_ids",
  ]);
  assertEquals(event["warmup_context_payload"], {
    kind: { type: "warmup_context" },
    body: { input: [1, 2, 3] },
  });
  assertEquals(event["stripped_tool_output_ids"], [[1, "x"]]);
  const prompt = Object(bodyOf(event["prepared_prompt_payload"]));
  assertEquals(prompt["input"], [1, 2, 3]);
});

Deno.test("schemas without prepared prompts record the request alone", () => {
  for (const { version, write } of SCHEMAS) {
    const event = requestEvent({ input: [1] }, {
      preparedPrompt: { input: [1] },
      warmupContext: { input: [1] },
      strippedToolOutputIds: [[0, "x"]],
    }, version);
    const after = Object.keys(event).slice(
      Object.keys(event).indexOf("request_payload") + 1,
    );
    assertEquals(after.length, write.preparesPrompts ? 3 : 0);
  }
});

Deno.test("a request after a warm-up needs no answer in the log", () => {
  const { thread, store } = startRecording();
  const ask = (details: RequestDetails) => {
    const attempt = thread.inference("turn", "m", "p").startAttempt();
    const request = { previous_response_id: "lost", input: [1] };
    attempt.recordStarted(request, details);
  };
  const lost = thread.inference("turn", "m", "p").startAttempt();
  lost.recordStarted({ input: [] });
  // An answer that has no JSON is lost.
  lost.recordCompleted("lost", null, null, [1n]);
  ask({});
  ask({ warmupContext: { input: [1] } });
  assertEquals(logOf(store).length, 2);
});

Deno.test("a request whose prompt has no JSON is lost", () => {
  const { thread, store, errors } = startRecording();
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  attempt.recordStarted({ input: [] }, { preparedPrompt: { input: [1n] } });
  attempt.recordCompleted("resp", null, null, []);
  assertEquals(logOf(store), []);
  assertEquals(errors.length, 1);
});

/** Counts the writes of files. */
class CountingStore extends MemoryStore {
  writes: string[] = [];

  override createFile(name: string, content: Uint8Array): void {
    this.writes.push(name);
    super.createFile(name, content);
  }

  override append(name: string, content: Uint8Array): void {
    this.writes.push(name);
    super.append(name, content);
  }
}

Deno.test("an event is one write of all its payloads, and one of its line", () => {
  for (const { version, write } of SCHEMAS) {
    const store = new CountingStore();
    const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
      schemaVersion: version,
      onError: (error) => {
        throw error;
      },
    });
    thread.recordCodexTurnStarted("turn");
    const writesOf = (call: () => void) => {
      store.writes = [];
      call();
      return store.writes.length;
    };
    const items = Array.from({ length: 100 }, (_, i) => ({
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: `${i} ${"text ".repeat(100)}` }],
    }));
    const inference = thread.inference("turn", "m", "p");
    const attempt = inference.startAttempt();
    const added = { input: items, tools: [{ name: "t".repeat(2000) }] };
    assertEquals(writesOf(() => attempt.recordStarted(added)), 2);
    const [item] = items;
    const next = inference.startAttempt();
    const longer = { ...added, input: [...items, item] };
    assertEquals(writesOf(() => next.recordStarted(longer)), 2);
    const end = () => next.recordCompleted("r", null, null, [item]);
    assertEquals(writesOf(end), 2);
    assertEquals(writesOf(() => thread.recordCodexTurnStarted("other")), 1);
    const shards = store.names().filter((name) => name.endsWith(".zst"));
    assertEquals(shards.length, write.marksCaptures ? 1 : 0);
  }
});

Deno.test("objects that a host changes are recorded as they were at each call", () => {
  for (const { version } of SCHEMAS) {
    const { thread, store } = startRecording(version);
    thread.recordCodexTurnStarted("turn");
    const text = "x".repeat(3000);
    const item = {
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: `${text}1${text}` }],
    };
    const tool = { name: "one", description: text };
    const [content] = item.content;
    const request = { input: [item], tools: [tool] };
    const inference = thread.inference("turn", "m", "p");
    inference.startAttempt().recordStarted(request);
    const first = structuredClone(request);
    Object.assign(content ?? {}, { text: `${text}2${text}` });
    tool.name = "two";
    inference.startAttempt().recordStarted(request);
    const second = structuredClone(request);
    Object.assign(content ?? {}, { text: "lost" });
    request.input.length = 0;
    const requests = logOf(store).filter(({ type }) =>
      type === "inference_started"
    );
    assertEquals(
      requests.map(({ event }) => bodyOf(event["request_payload"])),
      [first, second],
    );
    const prompts = requests.flatMap(({ event }) =>
      event["prepared_prompt_payload"] ?? []
    );
    assertEquals(
      prompts.map((prompt) => [
        Object(bodyOf(prompt)).input,
        Object(bodyOf(prompt)).tools,
      ]),
      prompts.length === 0
        ? []
        : [first, second].map(({ input, tools }) => [input, tools]),
    );
  }
});
